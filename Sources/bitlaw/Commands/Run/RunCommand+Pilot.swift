import ArgumentParser
import Experiment
import Glibc
import LocalStore
import Run
import System

/// A run as the pilot of one on a cluster.
extension RunCommand {
    /// Executes what a pilot is there for, until nothing is left for it; failures are told by their notes.
    func runAsPilot(
        _ name: String, _ graph: ActionGraph, _ store: Store, _ options: RunOptions
    ) throws {
        guard let run = ClusterRun(named: name, in: store) else {
            throw UsageError(
                text:
                    "--pilot \(name): expected a run of yours in \(store.path)/cluster, found none")
        }
        guard let need = cluster.need.flatMap({ NeedClass(text: $0) }) else {
            throw UsageError(
                text: "--need: expected four numbers, CPUS-GPUS-BYTES-SECONDS, found "
                    + (cluster.need ?? "nothing"))
        }
        let duty = PilotDuty(
            name: RunCommand.pilotName(.person), node: RunCommand.node(.person), need: need,
            idle: run.idle, end: RunCommand.end(of: run, need, .person))
        var options = options
        options.cluster = ClusterPart(
            folder: run.folder, usualSeconds: run.usualSeconds, duty: duty)
        let display = PilotDisplay(
            PlainDisplay(graph: graph, isVerbose: true, store: store), graph: graph, duty: duty,
            folder: run.folder)
        defer { display.end() }
        do {
            let engine = try Engine(
                graph: graph, store: store, registry: allKinds, options: options
            ) { display.show($0) }
            let summary = try engine.run()
            display.leave(summary.isInterrupted ? "told" : engine.leaving ?? "done")
            if summary.count(.cached) + summary.count(.ran) == summary.states.count {
                ClusterRun.noteDone(run.folder)
                RunCommand.cancelWaiting(run, graph)
            }
        } catch {
            display.leave("error")
            throw error
        }
    }

    /// Cancels pilots of a run that is done and that nobody watches, as far as they have not begun.
    private static func cancelWaiting(_ run: ClusterRun, _ graph: ActionGraph) {
        // Without the scheduler's clients on this machine they begin, find nothing, and leave.
        guard let executor = try? ClusterFront.executor(run.executor, project: graph.project) else {
            return
        }
        try? executor.opened(for: .person, folder: run.place)
            .cancel(run.pilots, of: run.folder, .waiting)
    }

    /// Executes the actions that this process was given in a store of its own: what they read comes from the
    /// remote, and what they give goes there as soon as it is made.
    func runStaged(
        _ name: String, _ graph: ActionGraph, _ store: Store, _ options: RunOptions
    ) throws {
        let staging = try StagingRemote(cluster.stageThrough ?? "", graph, store)
        var options = options
        options.selection = RunSelection(.targets(Targets(cluster.action)))
        let display = PlainDisplay(graph: graph, isVerbose: true, store: store)
        defer { display.end() }
        var made: [Int] = []
        var failed: [Int: ClusterFolder.Failure] = [:]
        let engine = try Engine(
            graph: graph, store: store, registry: allKinds, options: options
        ) { event in
            display.show(event)
            switch event {
            case .finished(let index, _): made.append(index)
            case .failed(let index, let reason, let log):
                failed[index] = ClusterFolder.Failure(reason: reason, log: log)
            default: break
            }
            // Between events, as the engine waits: its result is published by then.
            if case .tick = event { staging.offer(&made) }
        }
        staging.key = { engine.key(of: $0) }
        let summary = try engine.run()
        staging.key = { _ in nil }
        let given = Set(cluster.action)
        let lost = graph.actions.filter {
            given.contains($0.name) && [.failed, .skipped].contains(engine.state(of: $0.index))
        }
        try staging.push(
            graph.actions.indices.filter(engine.isWanted).compactMap { summary.keys[$0] })
        try staging.tell(
            lost.compactMap { action in
                let unmade = ClusterFolder.Failure(
                    reason: "what it reads could not be made there", log: "")
                return summary.keys[action.index].map { ($0, failed[action.index] ?? unmade) }
            }, by: RunCommand.pilotName(.person), of: name)
    }

    /// The name by which the launcher knows this pilot.
    private static func pilotName(_ person: EnvironmentVariables) -> String {
        if let job = person["SLURM_ARRAY_JOB_ID"], let task = person["SLURM_ARRAY_TASK_ID"] {
            return "\(job)_\(task)"
        }
        return "\(person["BITLAW_PILOT_HOST"] ?? node(person)):\(getpid())"
    }

    private static func node(_ person: EnvironmentVariables) -> String {
        if let node = person["SLURMD_NODENAME"] { return node }
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// When this pilot is told to end; only schedulers give a time.
    private static func end(
        of run: ClusterRun, _ need: NeedClass, _ person: EnvironmentVariables
    ) -> ContinuousClock.Instant? {
        guard person.has("SLURM_JOB_ID") else { return nil }
        return ContinuousClock.now + .seconds(run.seconds(of: need) - run.lead)
    }
}
