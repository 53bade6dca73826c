import Canon
import Experiment
import Laws
import LocalStore
import Run
import System

/// The law that a command line names: a file, or an experiment file and then the action that fitted it.
struct NamedLaw {
    let file: LawFile
    /// What of a command line comes before the values, for a message that shows one.
    let words: String
    /// The words that are left: values of inputs.
    let values: [String]

    /// Reads the law that stands in a file, or among the results of an experiment.
    ///
    /// - Throws: ``UsageError`` where there is none; what reading an experiment and a store throw.
    init(
        _ path: String, _ words: [String], setting: SettingOptions, common: StoreOptions
    ) throws {
        try common.enter()
        let bytes: [UInt8]
        if path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
            let graph = try setting.load(path)
            guard let name = words.first, !NamedLaw.isValue(name) else {
                throw NamedLaw.missing(in: graph, path)
            }
            self.words = "\(path) \(name)"
            values = Array(words.dropFirst())
            bytes = try NamedLaw.bytes(of: name, in: graph, common)
        } else {
            self.words = path
            values = words
            guard let found = try readWholeFile(ProjectFolder.absolute(path)) else {
                throw UsageError(
                    text:
                        "\(path): no such file\n  expected: a law.json, or FILE.yaml and the action "
                        + "that fits the law")
            }
            bytes = found
        }
        do {
            file = try LawFile(JSON(parsing: bytes))
        } catch {
            let found = error is JSONError ? "expected a law.json, found no JSON: " : ""
            throw UsageError(
                text:
                    "\(self.words): \(found)\(error)\n  fix: bitlaw predict FILE.yaml STAGE NAME=VALUE, "
                    + "where STAGE fits the law")
        }
    }

    /// Whether a word gives an input its value; one of `train[n=2]` stands within brackets.
    private static func isValue(_ word: String) -> Bool {
        word.prefix { $0 != "[" }.contains("=")
    }

    private static func bytes(
        of name: String, in graph: ActionGraph, _ common: StoreOptions
    ) throws -> [UInt8] {
        let actions = try Targets([name]).actions(in: graph)
        let fitted = actions.filter { isFit(graph.stage(of: graph.actions[$0])) }
        guard let index = fitted.first else { throw missing(in: graph, graph.file, found: name) }
        guard actions.count == 1 else {
            let first = actions.prefix(3).map { "'\(graph.actions[$0].name)'" }
            throw UsageError(
                text: "\(name) is \(counted(actions.count, "action"))\n"
                    + "  expected: one of them, such as \(first.joined(separator: ", "))")
        }
        let store = try common.open(project: graph.project, creating: false)
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let found = try plan.output(output, of: index, in: graph)
        guard let bytes = try store.bytes(of: found.digest) else {
            throw OperationalError.lost(found.digest, in: store)
        }
        return bytes
    }

    /// The output of a fit that is its law.
    private static let output = "law"

    private static func isFit(_ stage: ResolvedStage) -> Bool {
        stage.kind.outputs.contains { $0.name == output }
    }

    private static func missing(
        in graph: ActionGraph, _ path: String, found: String? = nil
    ) -> UsageError {
        let stages = graph.stages.filter(isFit).map { $0.name }
        let what = found.map { "\($0) fits no law" } ?? "expected the action that fits the law"
        let fix =
            stages.isEmpty
            ? "no stage of \(path) has an output `\(output)`"
            : "expected: \(stages.joined(separator: ", "))\n"
                + "  fix: bitlaw predict \(path) \(stages[0]) NAME=VALUE"
        return UsageError(text: "\(what)\n  \(fix)")
    }
}
