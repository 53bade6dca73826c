package import Canon
package import Experiment
package import LocalStore
package import Run
import System

/// Makes a sample of what came from elsewhere again, and compares the bits.
package struct SpotCheck {
    /// What can be judged of what was fetched: a download proves itself by its digest, and a measurement
    /// comes out otherwise each time.
    package let fetched: [(index: Int, remote: String)]
    /// The actions of the sample.
    package let chosen: [Int]
    private let plan: Plan
    private let graph: ActionGraph

    /// Chooses the sample: of each remote its `share`.
    package init(
        _ all: [(index: Int, remote: String)], plan: Plan, graph: ActionGraph,
        share: (String) -> Double
    ) {
        let fetched = all.filter {
            let kind = graph.stage(of: graph.actions[$0.index]).kind
            return !kind.isDownload && !kind.isMeasurement
                && graph.actions[$0.index].frozen == nil
        }
        var chosen: [Int] = []
        for remote in Set(fetched.map { $0.remote }).sorted() {
            let actions = fetched.filter { $0.remote == remote }.compactMap { item in
                plan.keys[item.index].map { (index: item.index, key: $0) }
            }
            chosen += SpotCheck.sample(
                actions, share: share(remote), salt: UInt64.random(in: 0 ... .max))
        }
        self.fetched = fetched
        self.chosen = chosen
        self.plan = plan
        self.graph = graph
    }

    /// Chooses a share of actions, at least one.
    ///
    /// By their keys and a `salt` that is drawn anew for each check, so that nobody who serves results
    /// can know which.
    package static func sample(
        _ actions: [(index: Int, key: Digest)], share: Double, salt: UInt64
    ) -> [Int] {
        guard share > 0, !actions.isEmpty else { return [] }
        let count = max(1, Int((Double(actions.count) * share).rounded(.up)))
        let ranked = actions.map { action in
            (
                rank: Digest(of: Array("\(salt) \(action.key.hex)".utf8).span),
                index: action.index
            )
        }.sorted { $0.rank < $1.rank }
        return ranked.prefix(count).map { $0.index }.sorted()
    }

    /// Makes the sample again in the folder `scratch`, each action from its recorded inputs.
    ///
    /// - Returns: the actions that came out otherwise, or could not be made again.
    /// - Throws: ``OperationalError`` of the store.
    package func run(
        store: Store, registry: KindRegistry, formats: any OutputFormats, options: RunOptions,
        scratch: String
    ) throws -> [AuditReport.Action] {
        try runAll(
            store: store, registry: registry, formats: formats, options: options, scratch: scratch
        ).filter { [.different, .failed, .planted].contains($0.verdict) }
    }

    /// The same, with what became of every action of the sample.
    package func runAll(
        store: Store, registry: KindRegistry, formats: any OutputFormats, options: RunOptions,
        scratch: String
    ) throws -> [AuditReport.Action] {
        if chosen.isEmpty { return [] }
        var options = options
        (options.transfer, options.selection) = ([], RunSelection())
        return try Audit(
            graph: graph, store: store, registry: registry, formats: formats,
            expected: ResultList(
                plan: plan, graph: graph, profile: try graph.profile(registry),
                origin: store.path),
            options: AuditOptions(
                selection: .named(Targets(chosen.map { graph.actions[$0].name })),
                isEachAlone: true,
                scratch: scratch, run: options), observe: { _ in }
        ).run(seconds: plan.seconds).actions
    }

    /// The remote that an action's result came from.
    package func remote(of action: AuditReport.Action) -> String {
        fetched.first { graph.actions[$0.index].name == action.name }?.remote ?? "a remote"
    }

    /// Keeps what `run` made in the store, beside the results that it contradicts.
    ///
    /// - Throws: ``OperationalError`` of the store.
    package func keep(_ actions: [AuditReport.Action], of scratch: String, in store: Store) throws {
        if actions.isEmpty || store.isReadOnly { return }
        let fresh = try Store.open("\(scratch)/store", creating: false)
        for action in actions {
            guard let key = action.foundKey,
                let result = try fresh.candidates(for: key, layer: 0).first(where: action.found)
            else { continue }
            for output in result.outputs {
                _ = try store.take(
                    output.digest, isTree: output.isTree, from: fresh, by: "\(scratch)/kept")
            }
            try store.publish(result, made: true)
        }
    }
}

extension AuditReport.Action {
    /// Whether a result is what the audit itself found.
    fileprivate func found(_ result: ActionResult) -> Bool {
        !result.outputs.isEmpty
            && result.outputs.allSatisfy { made in
                outputs.contains { $0.name == made.name && $0.found == made.digest }
            }
    }
}
