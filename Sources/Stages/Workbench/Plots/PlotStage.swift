import Canon
package import Experiment

/// Draws the data of a plot, such as those that fits write, into a file.
package enum PlotStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "plot", version: 2,
        summary: """
            Draws the data of a plot, such as law/plot, into a file; pages draw them without it. A word that \
            changes here fits nothing again.
            """,
        source: "our own; format bitlaw/plot/1 in docs/your-own-page.md",
        parameters: [
            Parameter(
                "title", .text, default: "", "What stands above; the data's own where empty."),
            Parameter(
                "x_label", .text, default: "",
                "Name and unit in words, such as tokens; the data's own where empty."),
            Parameter(
                "y_label", .text, default: "",
                "Name and unit in words, such as nats per token; the data's own where empty."),
            Parameter(
                "names", .any, default: .object([:]),
                "Words for the data's own, such as {error: test error}: of series, lines, marks."),
        ],
        inputs: [InputPort("data", "The data of one plot: JSON of format bitlaw/plot/1.")],
        outputs: [OutputPort("figure", fileName: "figure.svg", "The picture.")])

    /// Draws.
    package static func run(_ context: StageContext) throws {
        let input = context.input("data")
        var looks = PlotLooks()
        looks.title = context.parameters.text("title")
        looks.xLabel = context.parameters.text("x_label")
        looks.yLabel = context.parameters.text("y_label")
        looks.names = try ChartRequest.names(context.parameters.value("names"))
        let own = PlotLooks.words(in: try input.bytes())
        for name in looks.names.keys.sorted() where !own.contains(name) {
            throw FormatError(
                (["names: nothing there is called `\(visible(name))`"]
                    + notes(forUnknown: name, allowed: own)).joined(separator: "; "))
        }
        let figure: Figure
        do { figure = try PlotDocument(parsing: input.bytes()).figure } catch let error
            as FormatError
        {
            throw FormatError("\(input.producer): \(error.description)")
        }
        try context.write("figure", looks.applied(to: figure).svg())
    }
}
