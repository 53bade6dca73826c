import Canon
package import Experiment
import System

/// Draws the results of other stages: a figure, and what it shows for pages and papers.
///
/// Titles, labels and marks are parameters of the drawing alone, so that a changed word fits nothing again.
package enum ChartStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "chart", version: 6,
        summary: """
            Draws columns of results: points with intervals, lines, lying columns, heat maps, small \
            multiples; with fitted laws over them.
            """,
        source: "our own; contrast as in WCAG 2.2",
        parameters: columns + looks,
        inputs: [
            InputPort(
                "data", "Tables or JSON objects of numbers; axes are columns.", isCollection: true,
                takesSeveralStages: true),
            InputPort(
                "laws", "law.json of law.fit, drawn over the points with its interval.",
                isOptional: true,
                isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            OutputPort("figure", fileName: "figure.svg", "The picture."),
            OutputPort(
                "shown", fileName: "figure.json",
                "What it shows: series, numbers, laws, caption; format bitlaw/figure/1."),
        ])

    private static let columns = [
        Parameter(
            "x", .text, "The column of the horizontal axis: an axis, or a path such as config.lr."),
        Parameter("y", .any, "The column to draw, or a list of columns, each a series of its own."),
        Parameter(
            "series", .optional(.text), default: .null,
            "The column whose values are series of their own."),
        Parameter(
            "facet", .optional(.text), default: .null,
            "The column whose values are panels of their own."),
        Parameter(
            "over", .optional(.text), default: .null,
            "The column of repetitions, such as replicate: rows that differ in it alone are one point."
        ),
        Parameter(
            "statistic", .choice(["median", "mean"]), default: "median",
            "What stands for repetitions."),
        Parameter(
            "bars", .choice(ChartSpread.allCases.map { $0.rawValue }), default: "range",
            "What bars show of repetitions: least to largest, standard deviation, standard error, nothing."
        ),
        Parameter(
            "where", .text, default: "",
            "An expression over the columns, such as n >= 1000: only rows for which it holds are drawn."
        ),
        Parameter("low", .optional(.text), default: .null, "The column of the lower ends of bars."),
        Parameter(
            "high", .optional(.text), default: .null, "The column of the upper ends of bars."),
        Parameter(
            "value", .optional(.text), default: .null,
            "For a heat map: the column that shades its cells."),
    ]

    private static let looks = [
        Parameter(
            "marks", .optional(.choice(["points", "lines", "points and lines", "bars", "heat"])),
            default: .null,
            "How rows are drawn; bars where x is text, points under laws, points and lines else."),
        Parameter(
            "x_scale", .choice(["auto", "log", "linear"]), default: "auto",
            "Of the horizontal axis."),
        Parameter(
            "y_scale", .choice(["auto", "log", "linear"]), default: "auto",
            "Of the vertical axis; auto is logarithmic for positive values over a factor of 10."),
        Parameter(
            "x_label", .text, default: "", "Name and unit in words; the column's name where empty."),
        Parameter(
            "y_label", .text, default: "", "Name and unit in words; the column's name where empty."),
        Parameter(
            "value_label", .text, default: "",
            "Name and unit of shades; the column's name where empty."),
        Parameter("series_label", .text, default: "", "What the series differ in, in words."),
        Parameter(
            "names", .any, default: .object([:]),
            "Words for columns and values that are series, panels or bars, such as "
                + "{spd_ols: least squares}."),
        Parameter(
            "references", .list(.any, count: 0...20), default: [],
            "Dotted lines with their names in the legend: {value, name} lies across the figure, "
                + "{x, name} stands in it."),
        Parameter(
            "ratio_to", .optional(.text), default: .null,
            "A series that all are divided by in a panel below, or `law` for the law of each."),
        Parameter("title", .text, default: "", "What stands above."),
        Parameter(
            "caption", .text, default: "", "A sentence below; made from the columns where empty."),
    ]

    /// Draws.
    package static func run(_ context: StageContext) throws {
        let request = try ChartRequest(context.parameters)
        var table = try context.points(of: "data")
        var remarks: [String] = []
        if !request.text("where").isEmpty {
            (table, remarks) = try table.filtered(where: request.text("where"))
        }
        let data = try ChartData(table, request)
        for remark in remarks + data.remarks { context.log("left out: \(remark)") }
        let laws = try context.inputs("laws").map { try ChartLaw($0, context, request) }
        let figure = try ChartFigure(request, data, laws)
        let scene = figure.figure.scene()
        try context.write("figure", scene.svg())
        try context.write("shown", figure.shown(scene).pretty())
    }
}

/// What the bars of repetitions show.
enum ChartSpread: String, CaseIterable {
    case range, deviation = "sd", error = "se", none

    /// What it is, in words.
    var text: String {
        switch self {
        case .range: "from the least to the largest"
        case .deviation: "one standard deviation to either side"
        case .error: "one standard error to either side"
        case .none: ""
        }
    }

    /// The ends of the bar of some values around their centre; `nil` where there is none.
    func ends(_ values: [Double], around centre: Double) -> (low: Double, high: Double)? {
        guard values.count > 1, let least = values.min(), let most = values.max() else {
            return nil
        }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        switch self {
        case .range: return (least, most)
        case .deviation: return (centre - variance.squareRoot(), centre + variance.squareRoot())
        case .error:
            let error = (variance / n).squareRoot()
            return (centre - error, centre + error)
        case .none: return nil
        }
    }
}
