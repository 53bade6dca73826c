import Canon
import Experiment
import LocalStore
import Run
import System

/// An action as its key describes it: enough to make its result again without its experiment.
struct Recipe {
    /// Why there is none.
    struct Missing: Error {
        let reason: String
    }

    let result: ActionResult
    private let kind: Kind
    private let parameters: [String: JSON]
    private let seed: UInt64?
    private let inputs: [Input]

    /// What it reads at one port.
    private struct Input {
        let port: String
        let isCollection: Bool
        let sources: [(digest: Digest, source: ReplayedInput)]
    }

    /// What it reads.
    var inputDigests: [Digest] { inputs.flatMap { $0.sources.map { $0.digest } } }

    /// The action key.
    var key: Digest { result.key }

    /// The program that the recipe starts, for people; `nil` where we compute by ourselves.
    var program: String? {
        guard kind.runsForeignProgram else { return nil }
        let words = (ProgramParameters.of(parameters)["run"] ?? .null).shownParameter
        return words.count > 200 ? words.prefix(200) + "…" : words
    }

    /// Reads the description of a result's key from the store.
    ///
    /// With `needsInputs`, every input has to be there too.
    static func read(
        _ result: ActionResult, store: Store, registry: KindRegistry, needsInputs: Bool = true
    ) throws -> Result<Recipe, Missing> {
        func missing(_ reason: String) -> Result<Recipe, Missing> {
            .failure(Missing(reason: reason))
        }
        guard
            let bytes = try store.bytes(of: result.key, limit: WantedBlob.largestUndeclared),
            let json = try? JSON(parsing: bytes)
        else {
            return missing("the description of its key is gone")
        }
        let parameters = json["parameters"]?.members ?? [:]
        let counts = (json["inputs"]?.members ?? [:]).mapValues { $0.elements?.count ?? 0 }
        guard
            let kind = registry.kind(
                result.kind, version: result.version, parameters: parameters, inputs: counts.keys)
        else {
            return missing("this bitlaw has no \(result.kind) of version \(result.version)")
        }
        guard !kind.isDownload else {
            return missing("it was downloaded, and no key has the address; bitlaw add FILE")
        }
        if kind.usesProfile, let profile = try? registry.profile(), json["profile"]?.text != profile
        {
            return missing(
                "it was computed with \(json["profile"]?.text ?? "none"), this is \(profile)")
        }
        if let mistake = kind.mistake(parameters: ProgramParameters.of(parameters), inputs: counts)
        {
            return missing("the description of its key is of no action: \(mistake)")
        }
        var inputs: [Input] = []
        for (port, list) in (json["inputs"]?.members ?? [:]).sorted(by: { $0.key < $1.key }) {
            var sources: [(digest: Digest, source: ReplayedInput)] = []
            for entry in list.elements ?? [] {
                guard let digest = entry["digest"]?.text.flatMap({ try? Digest(hex: $0) }) else {
                    return missing("the description of its key is of another form")
                }
                let source = replayed(entry, digest)
                // Of a folder of the project the store may have the tree, and not its files.
                let isThere =
                    try source.isTree ? store.isWhole(tree: digest) : store.contains(digest)
                if needsInputs && !isThere {
                    return missing("\(Repair.waits) \(digest.short) is not in the store")
                }
                sources.append((digest, source))
            }
            // Of a program the description tells whether it saw one thing or a collection.
            let isCollection =
                kind.isOpen
                ? list.elements?.contains { $0["at"] != nil } ?? false
                : kind.inputs.first { $0.name == port }?.isCollection ?? false
            inputs.append(Input(port: port, isCollection: isCollection, sources: sources))
        }
        let seed = json["seed"]?.text.flatMap(DerivedSeed.read)
        return .success(
            Recipe(
                result: result, kind: kind, parameters: parameters, seed: seed, inputs: inputs))
    }

    /// An input as the description of a key has it.
    private static func replayed(_ entry: JSON, _ digest: Digest) -> ReplayedInput {
        let at = (entry["at"]?.members ?? [:]).sorted { $0.key < $1.key }
        return ReplayedInput(
            copy: digest.hex, producer: digest.short,
            coordinates: at.map { Coordinate(axis: $0.key, value: $0.value) },
            output: entry["output"]?.text ?? "", name: entry["name"]?.text ?? "",
            isTree: entry["tree"]?.bool ?? false,
            isExecutable: entry["executable"]?.bool ?? false)
    }

    /// Recipes as a graph without edges, their inputs restored into files of a folder.
    static func graph(_ recipes: [Recipe], store: Store, in folder: String) throws -> ActionGraph {
        var placed: Set<Digest> = []
        var actions: [Action] = []
        for (place, recipe) in recipes.enumerated() {
            let inputs = try recipe.inputs.map { input in
                ActionInput(
                    port: input.port, isCollection: input.isCollection,
                    sources: try input.sources.map { digest, source in
                        if placed.insert(digest).inserted {
                            guard
                                try store.lay(
                                    digest, isTree: source.isTree, at: "\(folder)/\(digest.hex)")
                            else {
                                throw OperationalError(
                                    code: .missing,
                                    message: "\(store.path): no good copy of \(digest)",
                                    remedy: "bitlaw verify --repair again")
                            }
                        }
                        return .replay(source)
                    })
            }
            actions.append(
                Action(
                    index: place, stage: place, name: "\(recipe.kind.name) \(recipe.key.short)",
                    coordinates: [], labels: [], parameters: recipe.parameters, seed: recipe.seed,
                    inputs: inputs))
        }
        return ActionGraph(
            experiment: "repair", seed: 0, file: "repair",
            source: ExperimentSource(file: Digest(of: [UInt8]().span)),
            project: folder, replayFolder: folder,
            stages: recipes.map {
                ResolvedStage(
                    name: "\($0.kind.name) \($0.key.short)", kind: $0.kind, axes: [], line: 0)
            }, actions: actions)
    }
}
