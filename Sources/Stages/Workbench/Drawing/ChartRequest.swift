import Canon
import Experiment
import Numerics
import System

/// What an experiment file asks of a chart.
struct ChartRequest {
    /// How rows are drawn.
    enum Marks: String {
        case points, lines, both = "points and lines", bars, heat
    }

    let x: String
    let y: [String]
    let series, facet, over, low, high, value, ratioTo: String?
    /// How rows are drawn; `nil` where the data decide.
    let marks: Marks?
    let isMean: Bool
    let spread: ChartSpread
    let references: [FigureReference]
    private let names: [String: String]
    private let parameters: Parameters

    /// Reads the parameters.
    ///
    /// - Throws: ``FormatError`` where they do not fit each other.
    init(_ parameters: Parameters) throws {
        self.parameters = parameters
        func optional(_ name: String) -> String? {
            parameters.isNull(name) ? nil : parameters.text(name)
        }
        x = parameters.text("x")
        y = try ChartRequest.columns(parameters.value("y"))
        (series, facet, over) = (optional("series"), optional("facet"), optional("over"))
        (low, high, value) = (optional("low"), optional("high"), optional("value"))
        ratioTo = optional("ratio_to")
        marks = optional("marks").flatMap(Marks.init)
        isMean = parameters.text("statistic") == "mean"
        spread = ChartSpread(rawValue: parameters.text("bars")) ?? .range
        references = try (parameters.value("references").elements ?? []).enumerated().map {
            try ChartRequest.reference($1, place: $0)
        }
        names = try ChartRequest.names(parameters.value("names"))
        guard (low == nil) == (high == nil) else {
            throw FormatError(
                "low, high: expected both columns or neither, found one; name the other")
        }
        guard low == nil || y.count == 1 else {
            throw FormatError(
                "low, high: expected one column `y`, found \(y.count); draw one at a time")
        }
        guard low == nil || over == nil else {
            throw FormatError(
                "low, high: expected no `over`, whose bars they replace; leave one out")
        }
        guard marks != .heat || value != nil && y.count == 1 else {
            throw FormatError(
                "marks: heat needs one column `y` and the column `value` that shades its cells")
        }
        guard value == nil || marks == .heat else {
            throw FormatError("value: only a heat map has shades; set marks: heat, or leave it out")
        }
    }

    private static func columns(_ value: JSON) throws -> [String] {
        if let name = value.text { return [name] }
        let names = (value.elements ?? []).compactMap { $0.text }
        guard !names.isEmpty, names.count == value.elements?.count, Set(names).count == names.count
        else {
            throw FormatError(
                "y: expected a column or a list of different columns, found \(value.shown)")
        }
        return names
    }

    /// Words by what they stand for.
    ///
    /// - Throws: ``FormatError`` where the value is no mapping of texts.
    static func names(_ value: JSON) throws -> [String: String] {
        let words = (value.members ?? [:]).mapValues { $0.text ?? "" }
        guard value.members != nil, !words.values.contains("") else {
            throw FormatError(
                "names: expected {COLUMN OR VALUE: WORDS}, found \(value.shown)")
        }
        return words
    }

    private static func reference(_ value: JSON, place: Int) throws -> FigureReference {
        guard let name = value["name"]?.text, value.members?.count == 2,
            let number = (value["value"] ?? value["x"])?.double
        else {
            throw FormatError(
                "references: entry \(place + 1): expected {value: NUMBER, name: TEXT} or "
                    + "{x: NUMBER, name: TEXT}, found \(value.shown)")
        }
        return FigureReference(
            value: number, name: name, isReached: true, isUpright: value["x"] != nil)
    }

    /// The values of the references that stand, or of those that lie.
    func references(isUpright: Bool) -> [Double] {
        references.filter { $0.isUpright == isUpright }.map { $0.value }
    }

    /// A text parameter.
    func text(_ name: String) -> String { parameters.text(name) }

    /// What stands beside an axis: as asked for, or the column's name in words.
    func label(_ parameter: String, _ column: String) -> String {
        let text = text(parameter)
        return text.isEmpty ? FigureAxis.spelled(column) : text
    }

    /// What a value is called: as asked for, or as it stands in the table.
    func name(of value: JSON) -> String {
        names[value.text ?? value.canonicalText] ?? ChartData.label(value)
    }

    /// What a column is called where it is a series.
    func name(ofColumn column: String) -> String {
        names[column] ?? FigureAxis.spelled(column)
    }

    /// Whether the experiment file has words for a value.
    func isNamed(_ value: JSON) -> Bool { names[value.text ?? value.canonicalText] != nil }

    /// The scale of an axis over values.
    func scale(_ parameter: String, _ values: [Double]) throws -> FigureScale {
        let isPositive = values.allSatisfy { $0 > 0 }
        switch text(parameter) {
        case "linear": return .linear
        case "log":
            guard isPositive else {
                let found = values.first { !($0 > 0) } ?? 0
                throw FormatError(
                    "\(parameter): a logarithmic axis takes positive values, found "
                        + "\(JSON.number(found).canonicalText); set it to linear")
            }
            return .logarithmic
        default:
            let ratio = (values.max() ?? 1) / (values.min() ?? 1)
            return isPositive && ratio >= 10 ? .logarithmic : .linear
        }
    }
}

extension JSON {
    /// The value as messages show it.
    var shown: String { String(canonicalText.prefix(80)) }
}
