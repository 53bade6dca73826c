import Canon
package import Experiment
import Numerics
import Workbench

/// Several laws one after the other, such as loss → accuracy, with one uncertainty.
package enum LawChainStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.chain", version: 6,
        summary: """
            Fits laws one after the other, each an input of the next, and predicts held-out rows; \
            uncertainty goes through.
            """,
        source: "Bhagia et al., arXiv 2412.04403: two steps from size and data to accuracy",
        parameters: [
            Parameter(
                "steps", .list(.any, count: 1...8),
                """
                The laws in order, each as law.fit takes it: {form, y, where, …}, and name, as (what its \
                value is called for later steps), input (points or then), actual.
                """),
            Parameter(
                "targets", .text,
                """
                An expression over the columns: the rows of `points` to predict. No step is fitted to a \
                row for which it holds.
                """),
            Parameter(
                "label", .optional(.text), default: .null, "The column that names a target."),
            Parameter(
                "bootstrap", .integer(0...100_000), default: 400,
                "Samples of the groups, each of which refits every step."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        inputs: [
            InputPort(
                "points", "the points of the first step, and the targets", isCollection: true,
                takesSeveralStages: true),
            InputPort(
                "then", "the points of steps that say `input: then`", isOptional: true,
                isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            OutputPort(
                "chain", fileName: "chain.json", role: .law,
                "The law of each step, the predictions with intervals, warnings."),
            OutputPort(
                "predictions", fileName: "predictions.csv",
                "A row for each target: every step's value, interval, what was measured."),
            OutputPort("plot", fileName: "plot.json", "To draw: the last law with its targets."),
        ],
        isRandom: true)

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("targets")
    }

    /// Fits, resamples, predicts.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let texts = try (parameters.value("steps").elements ?? []).enumerated().map {
            try ChainStepText($0.element, place: $0.offset)
        }
        for (place, text) in texts.enumerated()
        where texts[..<place].contains(where: { $0.name == text.name }) {
            throw FormatError("steps: two are named \(text.name); give each its own `name`")
        }
        let filter: Expression
        do { filter = try Expression.parse(parameters.text("targets")) } catch {
            throw FormatError("targets: \(error)")
        }
        var tables = ["points": try context.points(of: "points")]
        if !context.inputs("then").isEmpty { tables["then"] = try context.points(of: "then") }
        var chain = try LawChain(texts, tables, targets: filter)
        let count = parameters.integer("bootstrap")
        chain.resample(count, seed: context.seed) {
            context.progress($0, of: count, note: "bootstrap")
        }
        let document = try ChainDocument(
            chain, level: parameters.number("confidence"),
            label: parameters.isNull("label") ? nil : parameters.text("label"))
        try context.write("chain", document.json().pretty())
        try context.write("predictions", document.table().csv())
        try context.write("plot", ChainPlot(document: document).data().text())
    }
}
