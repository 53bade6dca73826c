package import Canon
package import Experiment
package import LocalStore
import System

/// What is known of the actions of a graph: keys and output digests, as they become known.
package struct Resolution {
    let graph: ActionGraph
    let store: Store
    private let profile: () throws -> String
    private let machine: () -> String
    private var profileText: String?
    /// The files and folders that actions read.
    var files: [InputSource: SourceLook] = [:]
    private(set) var keys: [Digest?]
    private(set) var outputs: [[ActionResult.Output]]
    private(set) var results: [ActionResult?]
    /// The only results that count, where those of the store do not.
    private(set) var believed: [Digest: ActionResult]?
    /// Collectors that run without some of what they could read.
    private var reduced: [Int: Action] = [:]
    /// The tools of the programs whose keys are known.
    private(set) var tools: [Int: ProgramTools] = [:]
    private var shelf: ToolShelf
    private let finals: FinalOutputs
    private let check: OutputCheck
    private var ahead = ResultsAhead()

    /// Begins with what actions are known to have given, in the graph's order; with nothing by default.
    ///
    /// `wanted` tells which actions take part, all where it is `nil`: what none of them reads is looked at
    /// more closely. Without `keepsResults` only keys and outputs are kept: a third of the memory.
    package init(
        graph: ActionGraph, store: Store, registry: KindRegistry,
        outputs: [[ActionResult.Output]]? = nil, wanted: [Bool]? = nil,
        check: OutputCheck = .presence, believed: [Digest: ActionResult]? = nil,
        keepsResults: Bool = true
    ) {
        self.believed = believed
        self.graph = graph
        self.check = check
        finals = check == .headers ? FinalOutputs(graph, wanted: wanted) : FinalOutputs()
        self.store = store
        let programs = registry.services.find(ProgramVariables.self)
        let hasIndex = believed == nil
        shelf = ToolShelf(
            (programs ?? ProgramVariables(EnvironmentVariables())).toolSource(
                project: graph.project
            ) { try hasIndex ? store.digest(ofExternalFile: $0).digest : Digest(ofFileAt: $0) },
            approval: registry.services.find(ToolApproval.self) ?? ToolApproval { _, _ in false })
        profile = registry.profile
        machine = { registry.machine }
        keys = Array(repeating: nil, count: graph.actions.count)
        self.outputs = outputs ?? Array(repeating: [], count: graph.actions.count)
        results = Array(repeating: nil, count: keepsResults ? graph.actions.count : 0)
    }

    /// An action as it runs: a collector without what it goes on without.
    package func action(_ index: Int) -> Action { reduced[index] ?? graph.actions[index] }

    /// Lets a collector go on without some actions; an empty set takes that back.
    ///
    /// - Returns: whether it can.
    package mutating func leaveOut(_ producers: Set<Int>, of index: Int) -> Bool {
        keys[index] = nil
        reduced[index] = producers.isEmpty ? nil : graph.actions[index].leavingOut(producers)
        return producers.isEmpty || reduced[index] != nil
    }

    /// The key document of an action whose producers are all resolved.
    package mutating func document(of index: Int) throws -> KeyDocument {
        let action = action(index)
        if let key = action.frozen?.key {
            keys[index] = key
            return KeyDocument(locked: key)
        }
        let kind = graph.stage(of: action).kind
        if kind.usesProfile && profileText == nil { profileText = try profile() }
        for input in action.inputs {
            for source in input.sources {
                guard let path = graph.path(of: source), files[source] == nil else { continue }
                files[source] = try look(at: path, source)
            }
        }
        let given =
            kind.runsForeignProgram ? try shelf.tools(of: action.parameters) : ProgramTools()
        tools[index] = given
        let document = KeyDocument(
            action: action, kind: kind, profile: profileText,
            machine: kind.isMeasurement ? machine() : nil, graph: graph,
            tools: given.digests
        ) { content(of: $0) }
        keys[index] = document.key
        return document
    }

    /// The tools that changed since they were looked at.
    func changedTools() -> [String] { shelf.changed() }

    /// The stored result of an action, with every output present; `nil` when it has to run.
    ///
    /// A hit in a lower layer is verified and copied up. A download is satisfied by its bytes.
    package mutating func lookUp(_ index: Int, key: Digest) throws -> Int? {
        let action = graph.actions[index]
        if let frozen = action.frozen { return try lookUp(index, frozen, key: key) }
        let kind = graph.stage(of: action).kind
        if let digest = graph.pinnedSource(of: index) {
            if case .whole(let layer) = try look(
                index, Kind.downloadedFile, digest, size: nil)
            {
                assume(index, source: digest)
                return layer
            }
        }
        let read = ahead[key]
        let stored = try read?.stored ?? result(for: key, mistake: kind.mistake)
        guard let (result, layer) = stored,
            try read?.isWhole == true || hasOutputs(result, of: index, layer: layer)
        else { return nil }
        if layer > 0 && !store.isReadOnly {
            guard try store.copyUp(result, from: layer) else { return nil }
        }
        resolve(index, result)
        return layer
    }

    /// Reads the results of actions whose keys are known before they are looked up, where a look whether
    /// outputs are there is all that is asked.
    mutating func readAhead(_ actions: [Int]) throws {
        guard believed == nil, check == .presence else { return }
        let wanted = actions.compactMap { index -> (key: Digest, kind: Kind)? in
            guard graph.actions[index].frozen == nil, graph.pinnedSource(of: index) == nil else {
                return nil
            }
            return keys[index].map { ($0, graph.stage(of: graph.actions[index]).kind) }
        }
        ahead = try ResultsAhead(wanted, in: store)
    }

    /// The result that counts under a key: of the store, or of those that are believed.
    func result(for key: Digest, mistake: (ActionResult) -> String? = { _ in nil }) throws -> (
        result: ActionResult, layer: Int
    )? {
        if let believed { return believed[key].map { ($0, 0) } }
        return try store.result(for: key, mistake: mistake)
    }

    /// Lets a result count that the run itself made.
    mutating func believe(_ result: ActionResult) {
        if believed != nil { believed?[result.key] = result }
    }

    /// Whether every output of a result is there; a result that says another size of one is set aside.
    private func hasOutputs(_ result: ActionResult, of index: Int, layer: Int) throws -> Bool {
        for output in result.outputs {
            switch try look(index, output, size: output.size) {
            case .whole: continue
            case .absent: return false
            case .otherSize(let found):
                if layer == 0 {
                    try store.forget(
                        result.key,
                        reason:
                            "it says that `\(output.name)` has \(output.size) bytes, it has \(found)"
                    )
                }
                return false
            }
        }
        return true
    }

    /// Looks at what a result of an action names as closely as is asked.
    func look(_ index: Int, _ output: ActionResult.Output, size: Int?) throws -> BlobLook {
        guard output.isTree else {
            return try look(index, output.name, output.digest, size: size)
        }
        if check == .presence {
            guard try store.contains(output) else { return .absent }
            return .whole(layer: store.layer(of: output.digest) ?? 0)
        }
        return try store.look(atTree: output.digest, size: size) {
            try look(index, output.name, $0.digest, size: $0.size)
        }
    }

    /// Looks at a stored blob of an action as closely as is asked.
    func look(_ index: Int, _ output: String, _ digest: Digest, size: Int?) throws -> BlobLook {
        if check == .bytes || check == .headers && finals.contains(index, output, graph) {
            return try store.look(at: digest, size: size, reading: check == .bytes)
        }
        return store.layer(of: digest).map { .whole(layer: $0) } ?? .absent
    }

    /// The stored result of a collector that went on without some actions; `nil` where it cannot, or there
    /// is none: then nothing is known of it.
    mutating func lookUp(_ index: Int, without producers: Set<Int>) throws -> Int? {
        guard graph.actions[index].isPartial, leaveOut(producers, of: index) else { return nil }
        if let layer = try lookUp(index, key: try document(of: index).key) { return layer }
        _ = leaveOut([], of: index)
        return nil
    }

    /// Takes a download's digest for what it gives, for it gives nothing else.
    package mutating func assume(_ index: Int, source digest: Digest) {
        assume(
            index, [ActionResult.Output(name: Kind.downloadedFile, digest: digest, size: 0)])
    }

    /// Takes outputs for what an action gives, though no result of it was read.
    mutating func assume(_ index: Int, _ known: [ActionResult.Output]) { outputs[index] = known }

    /// Takes over what an action made.
    package mutating func resolve(_ index: Int, _ result: ActionResult) {
        outputs[index] = result.outputs
        if index < results.count { results[index] = result }
    }
}
