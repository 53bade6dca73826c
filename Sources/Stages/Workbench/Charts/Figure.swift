/// A picture of data: axes in words, panels that share them, and what their marks mean.
///
/// One renderer draws every figure. Its texts never overlap, its colours are seen in light and dark, and
/// series in an order have the colours of an order.
///
/// ```swift
/// var walks = FigureSeries(name: "walks")
/// walks.points = [(x: 0, y: 0), (x: 1, y: 2)]
/// walks.lines = [FigureLine([(x: 0, y: 0), (x: 1, y: 2)])]
/// var figure = Figure(
///     title: "Two steps", x: FigureAxis("x", unit: "m", scale: .linear),
///     y: FigureAxis("y", unit: "m", scale: .linear), panels: [FigurePanel(series: [walks])])
/// figure.references = [FigureReference(value: 1, name: "half way")]
/// try context.write("figure", figure.svg())
/// ```
public struct Figure: Sendable {
    /// What stands above.
    public var title: String
    /// The axes that all panels share.
    public var x, y: FigureAxis
    /// Small multiples; most figures have one.
    public var panels: [FigurePanel]
    /// The kinds of lines by name; the first is solid.
    public var lineKinds: [String] = []
    /// What stands beside the axis of ratios.
    public var ratioLabel = "ratio"
    /// Values across the panels, such as a floor.
    public var references: [FigureReference] = []
    /// From here on points were held out of the fit.
    public var heldOutFrom: Double?
    /// What the bars of points and the bands of lines are; the legend says it.
    public var barsAre = "from low to high", bandsAre = "interval of the line"
    /// What vertical marks and short lines at the right edge are.
    public var marksAre = "", levelsAre = ""
    /// What orders the series, such as "samples"; empty where their names say it or they have no order.
    public var family = ""
    /// What the shades of cells are, and their scale.
    public var shade = FigureAxis("")
    /// Whether series without numbers in their names are in an order too.
    public var isOrdered = false

    /// A figure of panels.
    public init(title: String, x: FigureAxis, y: FigureAxis, panels: [FigurePanel] = []) {
        self.title = title
        self.x = x
        self.y = y
        self.panels = panels
    }

    /// The drawn figure.
    package func scene() -> Scene {
        var drawing = FigureDrawing(self)
        return drawing.scene()
    }

    /// The figure as one SVG element.
    public func svg() -> String { scene().svg() }

    /// All series by name, in the order of their first panel.
    var names: [String] {
        var seen: Set<String> = []
        return panels.flatMap { $0.series.map { $0.name } }.filter { seen.insert($0).inserted }
    }

    /// Whether it shows nothing at all.
    var isEmpty: Bool {
        panels.allSatisfy { $0.cells.isEmpty && $0.series.allSatisfy { !$0.isShown } }
    }

    /// All series of all panels.
    var series: [FigureSeries] { panels.flatMap { $0.series } }
}

/// One of several panels that share axes.
public struct FigurePanel: Sendable {
    /// What stands above it; empty where there is only one.
    public var name: String
    /// What is drawn, later above earlier.
    public var series: [FigureSeries]
    /// Cells shaded by their value; their places are those of the names of the axes.
    public var cells: [FigureCell] = []

    /// A panel with its series.
    public init(name: String = "", series: [FigureSeries] = []) {
        self.name = name
        self.series = series
    }
}

/// A value across a panel.
public struct FigureReference: Sendable {
    /// The value on the vertical axis, or on the horizontal one where it is upright.
    public let value: Double
    /// What it is; the legend says it, where it is not empty.
    public let name: String
    /// Whether the axis reaches it, wherever it is.
    public let isReached: Bool
    /// Whether it marks a place on the horizontal axis.
    public let isUpright: Bool

    /// A value to mark.
    public init(value: Double, name: String, isReached: Bool = false, isUpright: Bool = false) {
        self.value = value
        self.name = name
        self.isReached = isReached
        self.isUpright = isUpright
    }
}

/// A shaded cell of a heat map.
public struct FigureCell: Sendable {
    /// The places of its column and row.
    public let column, row: Int
    /// What its shade shows.
    public let value: Double

    /// A cell.
    public init(column: Int, row: Int, value: Double) {
        self.column = column
        self.row = row
        self.value = value
    }
}
