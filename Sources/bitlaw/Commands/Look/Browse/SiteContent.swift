import Canon
import Experiment
import LocalStore
import Run

/// What the pages over a store tell: its newest runs, and every action that these name.
struct SiteContent {
    /// What is known of an action, by its key.
    struct Known {
        let key: Digest
        let name: String
        let experiment: String
        let stage: String
        let result: ActionResult?
        let document: JSON?
    }

    let store: Store
    /// The runs that are shown, newest first.
    private(set) var runs: [ShownRun] = []
    /// How many runs the store has beside them.
    private(set) var olderRuns = 0
    /// The actions in the order of the newest run that has each.
    private(set) var actions: [Known] = []
    private(set) var places: [Digest: Int] = [:]
    /// Further names of a key: what the axes name apart may have the same parameters and inputs.
    private(set) var otherNames: [Digest: Set<String>] = [:]
    /// The actions that gave an output of these bytes.
    private(set) var producers: [Digest: [Int]] = [:]
    /// The actions that read an output of an action, by the latter's place.
    private(set) var users: [Int: [Int]] = [:]
    /// The coordinates of actions whose experiment file is at hand, by experiment and name.
    private let graphs: [String: [String: Action]]

    /// Reads the newest runs, of some experiments alone where graphs are given.
    init(_ store: Store, _ graphs: [ActionGraph], mostRuns: Int) throws {
        self.store = store
        let wanted = Set(graphs.map { $0.experiment })
        self.graphs = Dictionary(
            graphs.map { graph in
                (
                    graph.experiment,
                    Dictionary(graph.actions.map { ($0.name, $0) }) { first, _ in first }
                )
            }
        ) { first, _ in first }
        var named = try SiteContent.plannedNames(graphs, store)
        let unfinished = try store.unfinishedRuns().filter {
            wanted.isEmpty || wanted.contains($0.experiment)
        }
        var recorded: [ShownRun] = []
        for name in try store.runNames() {
            if recorded.count >= mostRuns, wanted.isEmpty {
                olderRuns += 1
                continue
            }
            guard let record = try store.run(name),
                wanted.isEmpty || wanted.contains(record.head["experiment"]?.text ?? "")
            else { continue }
            if recorded.count >= mostRuns {
                olderRuns += 1
                continue
            }
            recorded.append(ShownRun(name: name, record: record))
        }
        for run in recorded {
            for step in run.steps {
                if let key = step.key, named[key] == nil { named[key] = (step.name, step.stage) }
            }
        }
        runs = unfinished.map { ShownRun($0, named: named, store: store) } + recorded
        runs.sort { Store.isNewer($0.name, $1.name) }
        try collect()
    }

    /// The names of the keys that the files at hand give now, as far as they are known.
    private static func plannedNames(_ graphs: [ActionGraph], _ store: Store) throws
        -> [Digest: (name: String, stage: String)]
    {
        var named: [Digest: (name: String, stage: String)] = [:]
        for graph in graphs {
            let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
            for action in graph.actions {
                guard let key = plan.keys[action.index] else { continue }
                named[key] = (action.name, graph.stage(of: action).name)
            }
        }
        return named
    }

    private mutating func collect() throws {
        for run in runs {
            for step in run.steps {
                guard let key = step.key else { continue }
                if let place = places[key] {
                    if actions[place].name != step.name {
                        otherNames[key, default: []].insert(step.name)
                    }
                    continue
                }
                places[key] = actions.count
                actions.append(
                    Known(
                        key: key, name: step.name, experiment: run.experiment, stage: step.stage,
                        result: try store.result(for: key)?.result,
                        document: store.keyDocument(key)))
            }
        }
        for (place, action) in actions.enumerated() {
            for output in action.result?.outputs ?? [] {
                producers[output.digest, default: []].append(place)
            }
        }
        for (place, action) in actions.enumerated() {
            var seen: Set<Int> = []
            for read in SiteContent.inputs(of: action) {
                for producer in (producers[read.digest] ?? []).prefix(SiteContent.mostAlike)
                where producer != place && seen.insert(producer).inserted {
                    users[producer, default: []].append(place)
                }
            }
        }
    }

    /// The coordinates of an action, from its experiment file where that is at hand, else from its name.
    func coordinates(_ name: String, of experiment: String) -> [Coordinate] {
        graphs[experiment]?[name]?.coordinates ?? ActionName.coordinates(name)
    }

    /// What the key of an action names as read.
    struct Read {
        /// The input of the action.
        let port: String
        /// The output of the producer; empty for a file.
        let output: String
        let digest: Digest
        /// What a file is called, as far as the key says it.
        let file: String?
    }

    /// What the key of an action names as read.
    static func inputs(of action: Known) -> [Read] {
        let ports = action.document?["inputs"]?.members ?? [:]
        return JSON.sorted(ports.keys).flatMap { port in
            (ports[port]?.elements ?? []).compactMap { input in
                guard let digest = input["digest"]?.text.flatMap({ try? Digest(hex: $0) }) else {
                    return nil
                }
                let output = input["output"]?.text ?? ""
                return Read(
                    port: port, output: output, digest: digest,
                    file: output.isEmpty ? input["name"]?.text ?? "a file" : nil)
            }
        }
    }

    /// Of actions that gave the same bytes so many are told as used: thousands may be alike.
    private static let mostAlike = 50

    /// The experiments, in the order of their newest runs.
    var experiments: [String] {
        var seen: Set<String> = []
        return runs.map { $0.experiment }.filter { seen.insert($0).inserted }
    }
}
