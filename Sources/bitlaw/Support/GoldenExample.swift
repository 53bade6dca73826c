import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System
import Trust

/// The example of a kind that a file of the project describes, run anew, and the bits that are pinned beside
/// it: `kinds/NAME.yaml.lock`.
struct GoldenExample {
    /// What came of it, by the exit code.
    enum Verdict: Int32 {
        case asPinned = 0
        /// Nothing is pinned, or an action failed.
        case missing = 1
        /// Bits are others than those that are pinned.
        case moved = 4
    }

    private let graph: ActionGraph
    /// The path of the kind's file below the project.
    private let path: String
    private let lock: String

    /// Compares what the example of a kind gives, or with `isRecording` pins it.
    ///
    /// - Throws: ``ExperimentError`` for an example with a mistake.
    static func check(_ file: KindFile, in project: String, isRecording: Bool) throws -> Verdict {
        if file.example != nil {
            return try GoldenExample(file.kind.name, in: project).check(isRecording: isRecording)
        }
        Output.line(
            "\(KindFile.path(of: file.kind.name)): it has no `example`, so it has no bits to pin")
        Output.line("  fix: add `example:` with stages as an experiment has them")
        return .missing
    }

    private init(_ name: String, in project: String) throws {
        path = KindFile.path(of: name)
        // As a person in the project's folder names it, so that mistakes have one path.
        let isHere = project == ProjectFolder.folder(of: ProjectFolder.absolute("x"))
        let file = isHere ? path : "\(project)/\(path)"
        graph = try Consent.load(file)
        lock = LockFile.path(of: file)
    }

    private func check(isRecording: Bool) throws -> Verdict {
        guard let found = try results() else { return .missing }
        guard let pinned = try LockFile.readIfAny(lock) else {
            if isRecording { return try record(found) }
            Output.line("\(path): no bits are pinned")
            Output.line("  fix: bitlaw kinds --golden --record, and git add \(lockName)")
            return .missing
        }
        let moved = ResultDifference.list(pinned, found).filter(isMoved)
        if isRecording {
            // One key with two results is what a recording must not hide.
            let broken = moved.filter { $0.change == .bits }
            if broken.isEmpty { return try record(found) }
            show(broken)
            return .moved
        }
        show(moved)
        if !moved.isEmpty { return .moved }
        let outputs = found.entries.reduce(0) { $0 + $1.outputs.count }
        let isNew = pinned.lockText != found.lockText
        Output.line(
            "\(path): \(counted(outputs, "output")) of \(counted(found.entries.count, "action")) "
                + "as pinned" + (isNew ? ", under other keys" : ""))
        return .asPinned
    }

    private var lockName: String { LockFile.path(of: path) }

    /// Whether bits are others, which no stage of the example lets differ.
    private func isMoved(_ difference: ResultDifference) -> Bool {
        if case .onlyFirst = difference.change { return true }
        if case .onlySecond = difference.change { return true }
        guard let action = graph.actions.first(where: { $0.name == difference.action }) else {
            return true
        }
        let promise = graph.stage(of: action).rules.promise
        return difference.outputs.contains { !promise.mayDiffer($0.name) }
    }

    private func show(_ moved: [ResultDifference]) {
        for difference in moved {
            for (number, line) in difference.lines.enumerated() {
                Output.line(number == 0 ? "\(path): \(line)" : line)
            }
            Output.line(
                difference.change == .bits
                    ? "  fix: restore what made them, or raise `version` in \(path): one key has one result"
                    : "  fix: restore the bits; or pin the new ones: bitlaw kinds --golden --record"
            )
        }
    }

    private func record(_ found: ResultList) throws -> Verdict {
        try writeWholeFile(Array(found.lockText.utf8), to: lock, .durable)
        Output.line("\(path): pinned in \(lockName)")
        return .asPinned
    }

    /// What the example gives in a store of its own; `nil` where an action failed, which is told.
    private func results() throws -> ResultList? {
        let consent = try Consent.require(for: graph) { Array(graph.actions.indices) }
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let store = try Store.open("\(scratch.path)/store", isDurable: false)
        OpenStores.add(store)
        var options = RunOptions(
            jobs: Processors.count, worker: try WorkerStart.words(), person: .person,
            consent: consent, environment: Environment.record(rememberedBy: store))
        options.account = AccountSecret()
        let engine = try Engine(graph: graph, store: store, registry: allKinds, options: options) {
            guard case .failed(let index, let reason, let log) = $0 else { return }
            let lines = log.split(separator: "\n").map { "    | \($0)\n" }.joined()
            Output.error(
                "\(path): failed: \(graph.actions[index].name): \(reason)\n\(lines)"
                    + "  look deeper: bitlaw run \(path)\n")
        }
        let summary = try engine.run()
        if summary.isInterrupted { throw ExitCode(Code.interrupted) }
        return summary.count(.failed) + summary.count(.skipped) > 0 ? nil : try engine.results()
    }
}
