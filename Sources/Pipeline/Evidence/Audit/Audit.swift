import Canon
package import Experiment
package import LocalStore
package import Run
import System
import Trust

/// Makes results again in a fresh store that never reads the results under audit, and compares.
package struct Audit {
    let graph: ActionGraph
    let store: Store
    let registry: KindRegistry
    let formats: any OutputFormats
    let expected: ResultList
    private(set) var options: AuditOptions
    /// Actions without a result that partial inputs left out.
    private let leftOut: Set<Int>
    /// Actions that the lock file stands for.
    private let frozen: Set<Int>
    private let observe: (RunEvent) -> Void

    /// Prepares an audit of the results that `expected` names; `store` has their bytes.
    package init(
        graph: ActionGraph, store: Store, registry: KindRegistry, formats: any OutputFormats,
        expected: ResultList, options: AuditOptions, observe: @escaping (RunEvent) -> Void
    ) {
        func isMissing(_ index: Int) -> Bool { expected[graph.actions[index].name] == nil }
        // A collector is made again from what it was made from.
        self.graph = graph.leavingOut(isMissing)
        leftOut = graph.leftOut(isMissing)
        frozen = Set(graph.actions.filter { $0.frozen != nil }.map { $0.index })
        self.store = store
        self.registry = registry
        self.formats = formats
        self.expected = expected
        var options = options
        // What the fresh store holds has to prove that this audit made it, if only to this process.
        options.run.account = options.run.account ?? AccountSecret()
        // The audit is the second execution.
        options.run.doubleCheck = .never
        self.options = options
        self.observe = observe
    }

    /// The actions that the audit would execute, as far as can be told before.
    ///
    /// - Throws: ``TargetError``.
    package func executed(seconds: [Double]) throws -> [Int] {
        let chosen = try options.selection.choose(
            graph: graph, seconds: seconds, excluding: leftOut.union(frozen)
        ).actions
        var isExecuted = Set(chosen)
        for action in graph.actions.reversed() where !options.isEachAlone {
            guard isExecuted.contains(action.index) else { continue }
            for case .action(let producer, _) in action.inputs.flatMap({ $0.sources }) {
                isExecuted.insert(producer)
            }
        }
        // Frozen actions and downloads that are there are placed, and measurements are as well.
        return isExecuted.sorted().filter { index in
            !frozen.contains(index) && !isMeasurement(index)
                && !(graph.pinnedSource(of: index).map(store.contains) ?? false)
        }
    }

    /// The stages whose programs the audit would start, as far as can be told before.
    ///
    /// - Throws: ``TargetError``.
    package func startedPrograms(seconds: [Double]) throws -> [String] {
        var names: [String] = []
        for index in try executed(seconds: seconds) {
            let stage = graph.stage(of: graph.actions[index])
            if stage.kind.runsForeignProgram && names.last != stage.name {
                names.append(stage.name)
            }
        }
        return names
    }

    /// How the programs were started that the audit executed; `nil` where it started none.
    private func programs(_ seconds: [Double]) throws -> ProgramConfinement? {
        try startedPrograms(seconds: seconds).isEmpty ? nil : options.run.consent.programs
    }

    /// The same audit, where the reader of the project lets it do more.
    package func allowing(_ consent: RunConsent) -> Audit {
        var audit = self
        audit.options.run.consent = consent
        return audit
    }

    /// Runs the audit.
    ///
    /// From the sources, everything that the chosen actions need is made again too, and compared
    /// where it is recorded. `seconds` is what each action cost, for the sample.
    ///
    /// - Throws: ``OperationalError``, ``TargetError``; a difference is a result, not an error.
    package func run(seconds: [Double]) throws -> AuditReport {
        let startedAt = Store.isoTime()
        let (chosen, text) = try options.selection.choose(
            graph: graph, seconds: seconds, excluding: leftOut.union(frozen))
        let audited = chosen.filter { expected[graph.actions[$0].name] != nil }
        let place = try FreshResults.path(
            in: options.scratch, isAnew: options.isScratchKept && runsPrograms)
        if place != "\(options.scratch)/store" {
            observe(
                .warning(
                    "this experiment starts programs, which could have written into \(options.scratch): "
                        + "nothing that lies there is used, everything is executed in \(place)"))
        }
        let fresh = try Store.open(place, isDurable: options.isScratchKept)
        var actions: [Int: AuditReport.Action] = [:]
        for index in chosen where expected[graph.actions[index].name] == nil {
            actions[index] = missing(index, "\(origin) has no result of it")
        }
        let isAll =
            audited.count == chosen.count && options.selection == .all && leftOut.isEmpty
        let again =
            options.isEachAlone
            ? try makeAlone(audited, fresh, &actions)
            : audited.isEmpty
                ? nil
                : try makeAll(
                    Targets(isAll ? [] : audited.map { graph.actions[$0].name }), fresh, &actions)
        let isInterrupted = again?.isInterrupted ?? false
        if options.isTwice && !isInterrupted { try makeTwice(&actions) }
        for index in Set(actions.keys).subtracting(chosen) { actions[index]?.isChosen = false }
        let recorded = try compareWithRuns(&actions)
        let strange = try again.map { try planted($0, fresh, &actions) } ?? []
        return AuditReport(
            experiment: graph.experiment, fileDigest: graph.fileDigest, selection: text,
            isSample: options.selection.isSample, isEachAlone: options.isEachAlone,
            against: origin,
            actions: actions.sorted { $0.key < $1.key }.map { $0.value } + unknown() + strange,
            leftOut: leftOut.sorted().map { graph.actions[$0].name },
            frozen: frozen.sorted().map { graph.actions[$0].name },
            environment: options.run.environment(of: graph),
            programs: try programs(seconds),
            recorded: recorded, startedAt: startedAt,
            endedAt: Store.isoTime(), isInterrupted: isInterrupted)
    }

    // MARK: Making it again

    /// What was executed again.
    struct Rerun {
        let engine: Engine
        /// The actions of the whole graph that its own stand for.
        let places: [Int]
        let keys: [Digest?]
        let failures: [Int: String]
        let isInterrupted: Bool
    }

    /// Makes each action by itself, from its recorded inputs.
    private func makeAlone(
        _ audited: [Int], _ fresh: Store, _ actions: inout [Int: AuditReport.Action]
    ) throws -> Rerun {
        let (apart, places) = try BlobGraph.make(
            audited, graph: graph, expected: expected, store: store, in: options.scratch)
        let again = try execute(apart, fresh, targets: [], places: places)
        for (place, index) in places.enumerated() {
            actions[index] = verdict(index, again, place, fresh, entered: { _ in [] })
        }
        for index in audited where actions[index] == nil {
            actions[index] = missing(index, "an input of it has no good copy in the store")
        }
        return again
    }

    /// Makes the targets and all that they need, from the sources.
    private func makeAll(
        _ targets: Targets, _ fresh: Store, _ actions: inout [Int: AuditReport.Action]
    ) throws -> Rerun {
        try placeSources(in: fresh)
        let given = try placeMeasurements(in: fresh)
        try placeFrozen(in: fresh)
        let again = try execute(
            graph, fresh, targets: targets, places: Array(graph.actions.indices), given: given)
        var entered: [Int: [Int]] = [:]
        var allowed: Set<Int> = []
        for index in graph.actions.indices where again.engine.isWanted(index) {
            guard expected[graph.actions[index].name] != nil,
                !graph.stage(of: graph.actions[index]).kind.isDownload,
                !isMeasurement(index), !frozen.contains(index)
            else { continue }
            let action = verdict(index, again, index, fresh, allowed: allowed) {
                origins($0, again, &entered)
            }
            if isAllowed(action, index) { allowed.insert(index) }
            actions[index] = action
        }
        return again
    }

    /// Executes a graph; nothing counts but what is executed now and what is `given`.
    ///
    /// An audit without programs also goes on with what an interrupted one left in its folder.
    private func execute(
        _ graph: ActionGraph, _ fresh: Store, targets: Targets, places: [Int],
        given: [Digest: ActionResult] = [:]
    ) throws -> Rerun {
        var failures: [Int: String] = [:]
        var run = options.run
        run.believed = options.isScratchKept && !runsPrograms ? nil : given
        run.selection = RunSelection(.targets(targets))
        let observe = observe
        let engine = try Engine(graph: graph, store: fresh, registry: registry, options: run) {
            switch $0 {
            case .failed(let index, let reason, let log):
                let lines = log.split(separator: "\n").map { "\n    | \($0)" }
                failures[index] = reason + lines.joined()
            case .skipped(let index, let because):
                failures[index] = "not made: \(graph.actions[because].name) failed"
            default: break
            }
            observe($0.renumbered { places[$0] })
        }
        let summary = try engine.run()
        for (index, breach) in engine.breaches { failures[index] = breach }
        return Rerun(
            engine: engine, places: places, keys: summary.keys, failures: failures,
            isInterrupted: summary.isInterrupted)
    }

    /// Copies downloads, whose digests the experiment pins, so that the network is not needed.
    private func placeSources(in fresh: Store) throws {
        for index in graph.actions.indices {
            guard let digest = graph.pinnedSource(of: index),
                !fresh.contains(digest), store.contains(digest)
            else { continue }
            let path = "\(options.scratch)/source"
            if try store.restore(digest, to: path) { try fresh.put(fileAt: path) }
        }
    }

    /// Copies what frozen actions give: to an audit these are inputs, and nothing that it verifies.
    private func placeFrozen(in fresh: Store) throws {
        for index in frozen.sorted() {
            let kind = graph.stage(of: graph.actions[index]).kind
            for output in graph.actions[index].frozen?.outputs ?? [] {
                _ = try fresh.take(
                    output.digest, isTree: kind.output(output.name)?.isTree ?? false, from: store,
                    by: "\(options.scratch)/frozen")
            }
        }
    }

    /// Executes the actions at which differences enter once more, in another fresh store.
    private func makeTwice(_ actions: inout [Int: AuditReport.Action]) throws {
        let entries = actions.filter { $0.value.entered == [$0.value.name] }.keys.sorted()
        if entries.isEmpty { return }
        let (apart, places) = try BlobGraph.make(
            entries, graph: graph, expected: expected, store: store, in: options.scratch)
        let again = try execute(
            apart, try Store.open("\(options.scratch)/second", isDurable: false), targets: [],
            places: places)
        for (place, index) in places.enumerated() {
            let made = again.engine.outputs(of: place)
            let outputs = actions[index]?.outputs ?? []
            actions[index]?.agreesWithItself = outputs.allSatisfy { output in
                made.first { $0.name == output.name }?.digest == output.found
            }
        }
    }

    // MARK: Comparing

    /// What the results are compared with, as it may be handed on: no folder of this machine.
    private var origin: String {
        if expected.origin == store.path { return "the store" }
        return expected.origin.hasPrefix("/")
            ? expected.origin.split(separator: "/").last.map(String.init) ?? "" : expected.origin
    }

    /// What the record has and the experiment has not: nothing can make it again.
    private func unknown() -> [AuditReport.Action] {
        guard options.selection == .all else { return [] }
        let names = Set(graph.actions.map { $0.name })
        return expected.entries.filter { !names.contains($0.name) }.map { entry in
            AuditReport.Action(
                name: entry.name, kind: entry.kind ?? "unknown kind", key: entry.key, foundKey: nil,
                verdict: .failed, outputs: [],
                reason: "\(origin) has it, the experiment has no such action", fields: [],
                entered: [], seconds: 0)
        }
    }

    func missing(_ index: Int, _ reason: String) -> AuditReport.Action {
        let kind = graph.stage(of: graph.actions[index]).kind
        return AuditReport.Action(
            name: graph.actions[index].name, kind: kind.versionedName, key: nil,
            foundKey: nil, verdict: .missing, outputs: [], reason: reason, fields: [],
            entered: [], seconds: 0)
    }
}
