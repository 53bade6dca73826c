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
        let need = try need()
        let duty = PilotDuty(
            name: RunCommand.pilotName(.person), node: RunCommand.node(.person), need: need,
            idle: run.idle, end: RunCommand.end(after: run.seconds(of: need) - run.lead, .person))
        var options = options
        options.cluster = ClusterPart(
            folder: run.folder, usualSeconds: run.usualSeconds, duty: duty)
        let display = PilotDisplay(
            PlainDisplay(graph: graph, isVerbose: true, store: store), graph: graph, duty: duty,
            need: need, tell: PilotDisplay.adding(to: run.folder, duty))
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
        let need = try need()
        let staging = try StagingRemote(cluster.stageThrough ?? "", graph, store)
        let pilot = RunCommand.pilotName(.person)
        let post = PilotPost(staging, pilot, of: name, in: store)
        var options = options
        options.selection = RunSelection(.targets(Targets(cluster.action)))
        // It executes what it was given, until it is told to end.
        let duty = PilotDuty(
            name: pilot, node: RunCommand.node(.person), need: nil, idle: 60, end: nil)
        options.cluster = ClusterPart(run: name, duty: duty)
        let display = PilotDisplay(
            PlainDisplay(graph: graph, isVerbose: true, store: store), graph: graph, duty: duty,
            need: need, tell: post.add)
        defer { display.end() }
        let given = Set(cluster.action)
        var made: [Int] = []
        var failed: Set<Int> = []
        let engine = try Engine(
            graph: graph, store: store, registry: allKinds, options: options
        ) { event in
            display.show(event)
            switch event {
            case .finished(let index, _): made.append(index)
            case .failed(let index, let reason, let log)
            where given.contains(graph.actions[index].name):
                failed.insert(index)
                guard let key = staging.key(index) else { break }
                post.add(lost: key, ClusterFolder.Failure(reason: reason, log: log))
            // Between events, as the engine waits: its result is published by then.
            case .tick:
                staging.offer(&made)
                post.send()
            default: break
            }
        }
        staging.key = { engine.key(of: $0) }
        defer { staging.key = { _ in nil } }
        do {
            let summary = try engine.run()
            for action in graph.actions
            where given.contains(action.name) && !failed.contains(action.index) {
                guard let key = summary.keys[action.index] else { continue }
                post.add(unmade: key, engine.state(of: action.index))
            }
            try staging.push(
                graph.actions.indices.filter(engine.isWanted).compactMap { summary.keys[$0] })
            display.leave(summary.isInterrupted ? "told" : engine.leaving ?? "done")
            post.send(atOnce: true)
        } catch {
            display.leave("error")
            post.send(last: "error: \(error)\n")
            throw error
        }
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
        after seconds: Int, _ person: EnvironmentVariables
    ) -> ContinuousClock.Instant? {
        guard person.has("SLURM_JOB_ID") else { return nil }
        return ContinuousClock.now + .seconds(seconds)
    }

    /// What the actions need that this pilot executes.
    private func need() throws -> NeedClass {
        guard let need = cluster.need.flatMap({ NeedClass(text: $0) }) else {
            throw UsageError(
                text: "--need: expected four numbers, CPUS-GPUS-BYTES-SECONDS, found "
                    + (cluster.need ?? "nothing"))
        }
        return need
    }
}
