import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System

/// Prints what an action printed.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Print the log of an action: one that ended, failed, or runs at this moment.",
        discussion: """
            An action that failed or was interrupted shows the log of its last attempt. A long log keeps its \
            beginning and its end (`limits: {log: 64MiB}` of its stage).

            EXAMPLE
              bitlaw log pipelines/spiral.yaml 'train[samples=1000]'
              bitlaw log pipelines/spiral.yaml 'train[samples=1000]' -f
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Flag(name: .shortAndLong, help: "Go on printing until the action ends.")
    var follow = false

    @Flag(help: "Print what the pilots of the newest run on a cluster printed.")
    var pilots = false

    func validate() throws {
        if follow && options.common.json {
            throw ValidationError(
                "--follow prints while the action goes on, and --json what there is now; found both"
            )
        }
    }

    func run() throws {
        if pilots { return try printPilots() }
        let targets = try chosen.required("log")
        let (graph, store) = try options.open()
        let actions = try targets.actions(in: graph)
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        guard let index = actions.first, actions.count == 1 else {
            throw UsageError(
                text: "expected one action, found \(counted(actions.count, "action")), such as "
                    + firstFew(actions.map { graph.actions[$0].name })
                    + "\n  fix: name one: bitlaw log \(graph.file) '\(graph.actions[actions[0]].name)'"
            )
        }
        let name = graph.actions[index].name
        // What reads partial inputs, or what failed, has the key that the newest run found.
        let last = try LastAttempt(of: name, in: graph, store)
        guard let key = plan.keys[index] ?? last.key else {
            throw UsageError(
                text: "\(name) has no log: what it reads has not run\n"
                    + "  fix: bitlaw run \(graph.file) '\(name)'")
        }
        let printer = ActionLogPrinter(
            name: name, file: graph.file, key: key, store: store, hasFailed: last.hasFailed)
        if options.common.json { return Output.document(try printer.json(), .log) }
        try printer.print(follow)
    }
}

extension LogCommand {
    private func printPilots() throws {
        let (graph, store) = try options.open()
        let runs = ClusterRun.all(in: store)
        guard let run = runs.first(where: { $0.experiment == graph.experiment }) else {
            throw UsageError(
                text: "no run of \(graph.experiment) on a cluster is known in \(store.path)\n"
                    + "  fix: bitlaw run \(graph.file) --on EXECUTOR")
        }
        for name in try namesInFolder(run.folder.logs) {
            let bytes = try readWholeFile("\(run.folder.logs)/\(name)") ?? []
            let text = String(decoding: bytes, as: UTF8.self)
            if options.common.json {
                Output.document(
                    [
                        "run": .string(run.folder.name), "file": .string(name),
                        "text": .string(text),
                    ], .logPilots)
            } else {
                Output.line("\(run.folder.name): \(name)")
                Output.write(text)
            }
        }
    }
}

/// What the newest run of an experiment says of an action.
private struct LastAttempt {
    /// The key that it had there.
    private(set) var key: Digest?
    /// Whether it failed there.
    private(set) var hasFailed = false

    init(of name: String, in graph: ActionGraph, _ store: Store) throws {
        let newest = try RunHistory.newest(in: store, experiment: graph.experiment)
        newest?.record.forEachAction { action in
            guard action["name"]?.text == name else { return }
            key = action["key"]?.text.flatMap { try? Digest(hex: $0) }
            hasFailed = action["state"]?.text == ActionState.failed.rawValue
        }
    }
}

/// Prints the log of an action, wherever it stands now.
private struct ActionLogPrinter {
    let name: String
    let file: String
    let key: Digest
    let store: Store
    /// Whether it failed in the newest run.
    let hasFailed: Bool

    func print(_ isFollowing: Bool) throws {
        var printed = 0
        while let folder = store.attempt(at: key) {
            if LogParts.size(folder) < printed {
                Output.error("\(name): another attempt begins\n")
                printed = 0
            }
            printed = try LogParts.read(folder, from: printed, write)
            if !isFollowing {
                return Output.error("\(name) runs at this moment; -f goes on printing\n")
            }
            usleep(100_000)
        }
        let log = try kept().bytes
        if log.isEmpty { Output.error("\(name) ended well and printed nothing\n") }
        write(LogParts.rest(of: log, after: printed))
    }

    /// What there is of the log now, for programs.
    func json() throws -> JSON {
        var (bytes, state): ([UInt8], String) = ([], "running")
        if let folder = store.attempt(at: key) {
            _ = try LogParts.read(folder, from: 0) { bytes += $0 }
        } else {
            let end = try kept()
            (bytes, state) = (end.bytes, end.isDone ? "done" : "failed")
        }
        return [
            "action": .string(name), "key": .string(key.hex), "state": .string(state),
            "text": .string(String(decoding: bytes, as: UTF8.self)),
        ]
    }

    /// The whole log of the action's result, or of the last attempt that gave none.
    private func kept() throws -> (bytes: [UInt8], isDone: Bool) {
        if let result = try store.result(for: key)?.result {
            guard let log = result.log else { return ([], true) }
            guard let bytes = try store.bytes(of: log) else {
                throw OperationalError.lost(log, in: store)
            }
            return (bytes, true)
        }
        if let log = try store.keptLog(of: key) { return (log, false) }
        let why =
            hasFailed
            ? "it failed in the newest run, and printed nothing before"
            : "no run that the store remembers executed it"
        throw UsageError(
            text: "\(name) has no log: \(why)\n  fix: bitlaw run \(file) '\(name)'"
                + (hasFailed ? " says again why it fails" : ""))
    }

    private func write(_ bytes: [UInt8]) {
        if isatty(1) == 1 { return Output.write(String(decoding: bytes, as: UTF8.self)) }
        unsafe bytes.withUnsafeBytes { unsafe Output.write($0) }
    }
}
