/// What is drawn in one colour: points with their intervals, lines with their band, marks at the edges.
public struct FigureSeries: Sendable {
    /// What the legend says; series of one name in several panels are one.
    public var name: String
    /// What the legend adds to the name, such as the formula of a law.
    public var note = ""
    /// Its place in an order of series, such as a budget; `nil` where there is none.
    public var value: Double?
    /// Points with markers.
    public var points: [(x: Double, y: Double)] = []
    /// The ends of each point's bar; empty for none.
    public var bars: [(low: Double, high: Double)] = []
    /// Lines.
    public var lines: [FigureLine] = []
    /// A shaded area.
    public var band: [(x: Double, low: Double, high: Double)] = []
    /// How many more points there are, which nothing has to show.
    package var leftOut = 0
    /// Columns from zero to each value, lying, at the places of the names of the vertical axis.
    public var columns: [(place: Double, value: Double)] = []
    /// Points over the line that they are compared with.
    public var ratios: [(x: Double, y: Double)] = []
    /// The ends of their bars.
    public var ratioBars: [(low: Double, high: Double)] = []
    /// Places on the horizontal axis, marked by a vertical line.
    public var marks: [Double] = []
    /// Values marked by a short line at the right end.
    public var levels: [Double] = []

    /// A series with nothing to draw yet.
    public init(name: String) {
        self.name = name
    }

    /// The values that the vertical axis has to show.
    var measured: [Double] {
        points.map { $0.y } + bars.flatMap { [$0.low, $0.high] } + levels
    }

    /// The values of its lines.
    var drawn: [Double] { lines.flatMap { $0.pieces.flatMap { $0.map { $0.y } } } }

    /// All its places on the horizontal axis.
    var places: [Double] {
        points.map { $0.x } + lines.flatMap { $0.pieces.flatMap { $0.map { $0.x } } } + marks
    }

    /// The name of a series that a number tells from others: what the number is of, and the number.
    package static func name(_ number: String, of family: String) -> String {
        family.isEmpty ? number : "\(family) = \(number)"
    }

    /// Name and note.
    var label: String { note.isEmpty ? name : name.isEmpty ? note : "\(name): \(note)" }

    /// Whether anything shows it in a legend.
    var isShown: Bool { !points.isEmpty || !lines.isEmpty || !columns.isEmpty || !band.isEmpty }
}

/// A line of one kind, in one or more pieces.
public struct FigureLine: Sendable {
    /// Its place among ``Figure/lineKinds``.
    public let kind: Int
    /// Places that are joined.
    public let pieces: [[(x: Double, y: Double)]]

    /// A line in one piece.
    public init(kind: Int = 0, _ values: [(x: Double, y: Double)]) {
        self.kind = kind
        pieces = [values]
    }

    /// A line in pieces, such as a contour.
    public init(kind: Int = 0, pieces: [[(x: Double, y: Double)]]) {
        self.kind = kind
        self.pieces = pieces
    }
}
