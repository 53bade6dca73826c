import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run

/// Counts what is there for each stage.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Count, for each stage, what is cached and what is missing; list the last runs.",
        discussion: """
            EXAMPLE
              bitlaw status pipelines/spiral.yaml
              bitlaw status pipelines/spiral.yaml 'train[features=polar]'
              bitlaw status pipelines/spiral.yaml --watch         # until nothing is missing
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Flag(help: "Print it again whenever it changes, until nothing is missing or no run goes on.")
    var watch = false

    func run() throws {
        guard watch else {
            return try options.look { graph, store in
                let plan = try StatusCommand.plan(graph, store)
                try show(graph, store, try count(graph, plan))
                return plan
            }
        }
        let (graph, store) = try options.open()
        var shown: [StageCount] = []
        while true {
            let stages = try count(graph, try StatusCommand.plan(graph, store))
            if stages != shown { try show(graph, store, stages) }
            shown = stages
            let isDone = stages.allSatisfy { $0.cached == $0.total }
            let isLocal = try store.unfinishedRuns(of: graph.experiment).contains { $0.isRunning }
            if isDone || !isLocal && openRuns(graph, store).isEmpty { return }
            sleep(2)
        }
    }

    /// The runs of this account on a cluster that go on.
    private func openRuns(_ graph: ActionGraph, _ store: Store) -> [ClusterRun] {
        ClusterRun.all(in: store).filter {
            $0.experiment == graph.experiment && $0.endedAt == nil
        }
    }

    private func show(_ graph: ActionGraph, _ store: Store, _ stages: [StageCount]) throws {
        let runs = try StatusCommand.lastRuns(graph, store)
        if options.common.json {
            return Output.document(
                [
                    "experiment": .string(graph.experiment),
                    "stages": .array(stages.map { $0.json }), "runs": .array(runs),
                ], .status)
        }
        let width = stages.map { $0.name.count }.max() ?? 0
        for stage in stages { Output.line(stage.line(width: width)) }
        for run in runs { Output.line(StatusCommand.line(of: run)) }
        for run in openRuns(graph, store) {
            Output.line(
                "run \(run.folder.name) on \(run.executor) since \(run.begunAt): "
                    + "\(counted(run.pilots.count, "pilot")) started")
        }
    }

    /// A run for people.
    private static func line(of run: JSON) -> String {
        let outcome = run["outcome"]?.text ?? "no outcome"
        let name = "run \(run["run"]?.text ?? "")  \(outcome)"
        guard let actions = run["actions"]?.integer else {
            let proof = run["madeHere"] == true ? "" : "  not proved to be made here"
            return "\(name)  \(Duration.text(run["seconds"]?.double ?? 0))\(proof)"
        }
        let counts = "\(counted(actions, "action")) begun or found"
        return outcome == "running"
            ? "\(name)  \(counts)"
            : "\(name): it was killed, or could not write its record; \(counts); bitlaw run goes on"
    }

    /// A stage and how many of its actions have results.
    private struct StageCount: Equatable {
        let name: String
        let kind: String
        let isFrozen: Bool
        /// How many of its results were made without something that gave none.
        var partial = 0
        var total = 0
        var cached = 0

        /// For programs.
        var json: JSON {
            [
                "stage": .string(name), "kind": .string(kind), "actions": .number(Double(total)),
                "cached": .number(Double(cached)), "frozen": .bool(isFrozen),
                "partial": .number(Double(partial)),
            ]
        }

        /// For people, with the name in a column of a width.
        func line(width: Int) -> String {
            let padded = name + String(repeating: " ", count: width - name.count)
            let missing = cached == total ? "" : "  \(total - cached) missing"
            let frozen = isFrozen ? "  frozen" : ""
            let some = partial > 0 ? "  \(partial) partial" : ""
            return "\(padded)  \(cached)/\(total) cached\(missing)\(frozen)\(some)"
        }
    }

    private static func plan(_ graph: ActionGraph, _ store: Store) throws -> Plan {
        try Plan.make(
            graph: graph, store: store, registry: allKinds, check: .headers, keepsResults: false)
    }

    private func count(_ graph: ActionGraph, _ plan: Plan) throws -> [StageCount] {
        var stages = graph.stages.map {
            StageCount(name: $0.name, kind: $0.kind.name, isFrozen: $0.freeze != nil)
        }
        for index in try chosen.selection.actions(in: graph) {
            let action = graph.actions[index]
            stages[action.stage].total += 1
            if case .cached = plan.states[action.index] { stages[action.stage].cached += 1 }
            if plan.lacking[action.index] != nil { stages[action.stage].partial += 1 }
        }
        return chosen.selection.isAll ? stages : stages.filter { $0.total > 0 }
    }

    /// The last five runs of the experiment among the last fifty of the store, and those without a record.
    private static func lastRuns(_ graph: ActionGraph, _ store: Store) throws -> [JSON] {
        let account = try Account.known()
        var runs: [JSON] = try store.unfinishedRuns(of: graph.experiment).prefix(5).map {
            [
                "run": .string($0.name), "outcome": $0.isRunning ? "running" : "unfinished",
                "seconds": .null, "actions": .number(Double($0.actions)),
            ]
        }
        let unfinished = runs.count
        for name in try store.runNames().prefix(50) {
            guard runs.count < 5 + unfinished, let record = try store.run(name)?.head,
                record["experiment"]?.text == graph.experiment
            else { continue }
            runs.append([
                "run": .string(name), "outcome": record["outcome"] ?? .null,
                "seconds": record["seconds"] ?? .null,
                "madeHere": .bool(try store.isRun(name, madeBy: account)),
            ])
        }
        runs.sort { Store.isNewer($0["run"]?.text ?? "", $1["run"]?.text ?? "") }
        return Array(runs.prefix(5))
    }
}
