/// A picture of data: axes in words, panels that share them, and what their marks mean.
///
/// One renderer draws every figure. Its texts never overlap, its colours are seen in light and dark, and
/// series in an order have the colours of an order.
package struct Figure: Sendable {
    /// What stands above.
    package var title: String
    /// The axes that all panels share.
    package var x, y: FigureAxis
    /// Small multiples; most figures have one.
    package var panels: [FigurePanel]
    /// The kinds of lines by name; the first is solid.
    package var lineKinds: [String] = []
    /// What stands beside the axis of ratios.
    package var ratioLabel = "ratio"
    /// Values across the panels, such as a floor.
    package var references: [FigureReference] = []
    /// From here on points were held out of the fit.
    package var heldOutFrom: Double?
    /// What the bars of points and the bands of lines are; the legend says it.
    package var barsAre = "from low to high", bandsAre = "interval of the line"
    /// What vertical marks and short lines at the right edge are.
    package var marksAre = "", levelsAre = ""
    /// What orders the series, such as "samples"; empty where their names say it or they have no order.
    package var family = ""
    /// What the shades of cells are, and their scale.
    package var shade = FigureAxis("")
    /// Whether series without numbers in their names are in an order too.
    package var isOrdered = false

    /// A figure of panels.
    package init(title: String, x: FigureAxis, y: FigureAxis, panels: [FigurePanel] = []) {
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
    package func svg() -> String { scene().svg() }

    /// All series by name, in the order of their first panel.
    var names: [String] {
        var seen: Set<String> = []
        return panels.flatMap { $0.series.map { $0.name } }.filter { seen.insert($0).inserted }
    }

    /// All series of all panels.
    var series: [FigureSeries] { panels.flatMap { $0.series } }
}

/// One of several panels that share axes.
package struct FigurePanel: Sendable {
    /// What stands above it; empty where there is only one.
    package var name: String
    /// What is drawn, later above earlier.
    package var series: [FigureSeries]
    /// Cells shaded by their value; their places are those of the names of the axes.
    package var cells: [FigureCell] = []

    /// A panel with its series.
    package init(name: String = "", series: [FigureSeries] = []) {
        self.name = name
        self.series = series
    }
}

/// A value across a panel.
package struct FigureReference: Sendable {
    /// The value on the vertical axis, or on the horizontal one where it is upright.
    package let value: Double
    /// What it is; the legend says it, where it is not empty.
    package let name: String
    /// Whether the axis reaches it, wherever it is.
    package let isReached: Bool
    /// Whether it marks a place on the horizontal axis.
    package let isUpright: Bool

    /// A value to mark.
    package init(value: Double, name: String, isReached: Bool = false, isUpright: Bool = false) {
        self.value = value
        self.name = name
        self.isReached = isReached
        self.isUpright = isUpright
    }
}

/// A shaded cell of a heat map.
package struct FigureCell: Sendable {
    /// The places of its column and row.
    package let column, row: Int
    /// What its shade shows.
    package let value: Double

    /// A cell.
    package init(column: Int, row: Int, value: Double) {
        self.column = column
        self.row = row
        self.value = value
    }
}
