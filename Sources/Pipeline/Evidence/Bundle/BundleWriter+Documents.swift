import Canon
import Experiment
import LocalStore
import Remotes
import Run
import System
import Trust

/// The documents of a bundle: what it says of itself.
extension BundleWriter {
    /// All that is in the bundle beside the outputs, by names in order.
    func documents(
        _ recipes: [Recipe], _ items: [Item], _ sources: [Item]
    ) throws -> [(name: String, bytes: [UInt8])] {
        let files = try files()
        let lock = results.only { name in recipes.contains { $0.action.name == name } }
        var documents: [(name: String, bytes: [UInt8])] = [
            (experimentPath, try readRequiredFile(graph.file)),
            (experimentPath + ".lock", Array(lock.lockText.utf8)),
            ("verify.py", Array(BundleVerifierScript.text.utf8)),
            ("recipes.sh", Array(RecipeScript(recipes, experiment: experimentPath).text.utf8)),
            ("README.md", Array(readme(recipes.count).utf8)),
            ("bundle.json", Array(try index(recipes, files, sources).pretty().utf8)),
        ]
        for include in graph.source.includes {
            documents.append(
                (
                    "experiment/\(include.path)",
                    try readRequiredFile("\(graph.project)/\(include.path)")
                ))
        }
        for file in files where !graph.source.includes.contains(where: { $0.path == file.path }) {
            documents.append(("experiment/\(file.path)", file.bytes))
        }
        for recipe in recipes {
            let key = recipe.result.key.hex
            documents.append(("keys/\(key).json", recipe.document.canonical()))
            documents.append(("results/\(key).json", recipe.result.json.canonical()))
            if let envelope = try signatures(of: recipe) {
                documents.append(("signatures/\(key).json", envelope.json.canonical()))
            }
        }
        for (place, bytes) in attestations.enumerated() {
            documents.append(("signatures/\(place + 1).intoto.json", bytes))
        }
        for recipe in recipes where !isMetaOnly {
            for port in recipe.stage.kind.outputs where port.role == .page {
                guard let output = recipe.result.output(port.name),
                    !documents.contains(where: { $0.name == Self.pageName }),
                    let bytes = try store.bytes(of: output.digest)
                else { continue }
                documents.append((Self.pageName, bytes))
            }
        }
        // Two actions with one key have one result: the later is the same file.
        var seen: Set<String> = []
        documents = documents.filter { seen.insert($0.name).inserted }
        let crate = CrateMetadata(
            bundle: self, recipes: recipes, items: items, files: documents.map { $0.name })
        documents.append(("ro-crate-metadata.json", Array(crate.json.pretty().utf8)))
        return documents.sorted { $0.name < $1.name }
    }

    /// The signatures of a result that any layer of the store has, and the bundle's writer's where they made
    /// it.
    private func signatures(of recipe: Recipe) throws -> DSSEEnvelope? {
        let result = recipe.result
        var signed = SignedResult(result)
        if recipe.isMadeHere, let signer, let own = result.signature(by: signer) {
            signed.add([own])
        }
        for layer in 0...store.also.count {
            signed.add(try store.signatures(of: result, layer: layer))
        }
        return result.envelope(signed.signatures)
    }

    /// How many results the writer has a key for, and did not sign, for nothing proves that they made them.
    func unsigned(_ recipes: [Recipe]) throws -> Int {
        guard let signer else { return 0 }
        return try recipes.count { recipe in
            guard let own = recipe.result.signature(by: signer) else { return false }
            return try signatures(of: recipe)?.signatures.contains(own) != true
        }
    }

    private func index(
        _ recipes: [Recipe], _ files: [(path: String, bytes: [UInt8])], _ sources: [Item]
    ) throws -> JSON {
        var members: [String: JSON] = [
            "format": "bitlaw/bundle/1", "experiment": .string(graph.experiment),
            "file": .string(experimentPath), "lock": .string(experimentPath + ".lock"),
            "metaOnly": .bool(isMetaOnly),
            "actions": .array(
                recipes.map { recipe in
                    var members: [String: JSON] = [
                        "action": .string(recipe.action.name),
                        "key": .string(recipe.result.key.hex),
                    ]
                    if recipe.action.frozen != nil { members["frozen"] = true }
                    return .object(members)
                }),
            "files": .array(files.map { entry($0.path, Digest(of: $0.bytes.span)) }),
            "sources": .array(
                sources.map { ["url": .string($0.name), "sha256": .string($0.digest.hex)] }),
        ]
        if !outside.files.isEmpty {
            members["outside"] = .array(
                outside.files.map { entry($0.path, $0.digest) })
        }
        let folders = try BundledFolder.all(in: graph, store: store)
        if !folders.isEmpty { members["folders"] = .array(try folders.map { try $0.json() }) }
        // Both are there only where there is something to say, so other bundles stay what they were.
        if !graph.source.includes.isEmpty {
            members["includes"] = .array(
                graph.source.includes.map {
                    [
                        "path": .string("experiment/\($0.path)"), "sha256": .string($0.digest.hex),
                    ]
                })
        }
        members["settings"] = graph.source.json["settings"]
        return .object(members)
    }

    private func readme(_ actions: Int) -> String {
        """
        # Evidence of the experiment \(graph.experiment)

        \(counted(actions, "action")). `python3 verify.py` checks every digest and the chain from the \
        outputs back to the
        sources; `sha256sum -c manifest.sha256` checks the files alone. `sh recipes.sh` makes \
        everything again.

        - `\(experimentPath)`, and beside it the lock file: what the experiment is and what it gave
        - `keys/`: the key document of each action (kind, version, parameters, seed, inputs by digest)
        - `results/`: what each action gave: output names and digests
        - `data/`: the outputs, each named by its SHA-256\
        \(isMetaOnly ? " (left out of this bundle)" : "")
        - `signatures/`: who signed which result (`KEY.json`), and signed audits (`N.intoto.json`), \
        where there
          are any: in-toto statements in DSSE envelopes
        \(missingText)- `ro-crate-metadata.json`: the same as an RO-Crate 1.1 (Provenance Run Crate 0.5)

        """
    }

    /// What the read-me says of what is not there.
    private var missingText: String {
        let frozen = graph.actions.filter { $0.frozen != nil }.map { $0.name }
        return leftOut.sorted().map {
            "- not here: `\(graph.actions[$0].name)`, which gave no result; a partial input left it "
                + "out\n"
        }.joined()
            + outside.files.map {
                "- not here: `experiment/\($0.path)` (SHA-256 \($0.digest.hex)), which stands outside "
                    + "the project; what reads it can be checked here, and made again by who has it\n"
            }.joined()
            + frozen.map {
                "- frozen: `\($0)` was not made by this experiment file, but taken as the lock file "
                    + "says\n"
            }.joined()
    }
}
