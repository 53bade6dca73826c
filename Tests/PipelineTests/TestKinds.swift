import Canon
import Experiment

/// A kind with a parameter of each type, for the tests of experiment files.
enum TestNumbers: Stage {
    static let kind = Kind(
        name: "test.numbers", version: 1, summary: "Numbers.", source: "tests",
        parameters: [
            Parameter("count", .integer(1...100), default: 1, "A count."),
            Parameter("rate", .number(from: 0, to: 1, openLow: true), default: 0.5, "A rate."),
            Parameter("mode", .choice(["fast", "exact"]), default: "exact", "A mode."),
            Parameter("widths", .list(.integer(1...9), count: 1...3), default: [1], "Widths."),
            Parameter("note", .optional(.text), default: .null, "A note."),
        ],
        outputs: [
            OutputPort("numbers", fileName: "numbers.json", "The numbers."),
            OutputPort("more", fileName: "more.json", "More."),
        ], isRandom: true)

    static func run(_ context: StageContext) throws {
        try context.write("numbers", "{}")
        try context.write("more", "{}")
    }
}

/// A kind that reads one action, a collection, and one that has to be given.
enum TestReader: Stage {
    static let kind = Kind(
        name: "test.reader", version: 2, summary: "Reads.", source: "tests",
        parameters: [Parameter("name", .text, "A name.")],
        inputs: [
            InputPort("one", "one action", isOptional: true),
            InputPort(
                "all", "a collection", isOptional: true, isCollection: true,
                takesSeveralStages: true),
        ],
        outputs: [OutputPort("out", fileName: "out.txt", "What was read.")])

    static func run(_ context: StageContext) throws {
        try context.write("out", context.parameters.text("name"))
    }
}

let testKinds = KindRegistry([TestNumbers.self, TestReader.self], profile: { "none" })

func load(_ text: String, project: String = "/nowhere") throws -> ActionGraph {
    try ExperimentLoader.load(
        bytes: Array(text.utf8), path: "x.yaml", project: project, registry: testKinds)
}

/// The text of the mistakes in a file; empty where there are none.
func mistakes(_ text: String) -> String {
    do {
        _ = try load(text)
        return ""
    } catch {
        return "\(error)"
    }
}
