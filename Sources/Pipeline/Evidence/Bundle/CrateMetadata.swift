import Canon
import Experiment
import LocalStore
import System

/// The description of a bundle as an RO-Crate 1.1 with the profiles Process, Workflow and
/// Provenance Run Crate 0.5.
///
/// Sources: https://www.researchobject.org/ro-crate/1.1/ and
/// https://www.researchobject.org/workflow-run-crate/profiles/provenance_run_crate
struct CrateMetadata {
    let bundle: BundleWriter
    let recipes: [BundleWriter.Recipe]
    let items: [BundleWriter.Item]
    let files: [String]

    private static let profiles = [
        ("https://w3id.org/ro/wfrun/process/0.5", "Process Run Crate", "0.5"),
        ("https://w3id.org/ro/wfrun/workflow/0.5", "Workflow Run Crate", "0.5"),
        ("https://w3id.org/ro/wfrun/provenance/0.5", "Provenance Run Crate", "0.5"),
        ("https://w3id.org/workflowhub/workflow-ro-crate/1.0", "Workflow RO-Crate", "1.0"),
    ]

    var json: JSON {
        var graph = [descriptor, root]
        graph += CrateMetadata.profiles.map { id, name, version in
            [
                "@id": .string(id), "@type": "CreativeWork", "name": .string(name),
                "version": .string(version),
            ]
        }
        graph += [license, workflow, language, engine]
        if let author { graph.append(author.entity) }
        graph += kinds + steps + runs + files.filter { $0 != bundle.experimentPath }.map(file)
        graph += items.map(data)
        return ["@context": context, "@graph": .array(graph)]
    }

    private var context: JSON {
        // A term of the run crates that is not in the context of RO-Crate 1.1.
        [
            "https://w3id.org/ro/crate/1.1/context",
            ["sha256": "https://w3id.org/ro/terms/workflow-run#sha256"],
        ]
    }

    // MARK: The crate

    private var descriptor: JSON {
        [
            "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": id("./"),
            "conformsTo": [
                id("https://w3id.org/ro/crate/1.1"),
                id("https://w3id.org/workflowhub/workflow-ro-crate/1.0"),
            ],
        ]
    }

    private var root: JSON {
        let parts = files.map { reference(path: $0) } + items.map { id(dataID($0)) }
        var members: [String: JSON] = [
            "@id": "./", "@type": "Dataset",
            "name": .string("Experiment \(bundle.graph.experiment)"),
            "description": .string(
                "Recipes, keys, results and provenance of the experiment "
                    + "\(bundle.graph.experiment), as made and checked by Bitlaw."),
            "datePublished": .string(date), "license": id(licenseID),
            "conformsTo": .array(CrateMetadata.profiles.map { id($0.0) }),
            "mainEntity": reference(path: bundle.experimentPath), "hasPart": .array(parts),
            "mentions": .array(
                [id("#run"), id("#engine-run")] + recipes.indices.map { id("#action-\($0)") }),
        ]
        if let author { members["author"] = id(author.id) }
        return .object(members)
    }

    /// The licence is an entity of the crate: by its URI, or as the sentence that was given.
    private var licenseID: String {
        bundle.license.hasPrefix("https://") || bundle.license.hasPrefix("http://")
            ? bundle.license : "#license"
    }

    private var license: JSON {
        [
            "@id": .string(licenseID), "@type": "CreativeWork", "name": .string(bundle.license),
            "description": .string("The licence of the data: \(bundle.license)"),
        ]
    }

    /// Who is said to have made the bundle; nobody unless it was asked for.
    private var author: (id: String, entity: JSON)? {
        guard let text = bundle.author else { return nil }
        let parts = text.split(separator: "<", maxSplits: 1)
        let name = String((parts.first ?? "").reversed().drop { $0 == " " }.reversed())
        let address = parts.count == 2 ? String(parts[1].prefix { $0 != ">" }) : "#author"
        return (address, ["@id": .string(address), "@type": "Person", "name": .string(name)])
    }

    /// The newest result's time: the crate says nothing about when it was written.
    private var date: String {
        CrateMetadata.time(recipes.map { $0.result.madeAt }.max() ?? "1970-01-01T00:00:00Z")
    }

    /// A time of UTC with its offset in digits, as the run crates ask.
    private static func time(_ text: String) -> String {
        text.hasSuffix("Z") ? text.dropLast() + "+00:00" : text
    }

    private var workflow: JSON {
        [
            "@id": .string(encoded(bundle.experimentPath)),
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
            "name": .string(bundle.graph.experiment), "programmingLanguage": id("#bitlaw-yaml"),
            "sha256": .string(bundle.graph.source.file.hex),
            "version": .string("sha256:\(bundle.graph.fileDigest.hex)"),
            "encodingFormat": "application/yaml",
            "hasPart": list(kindNames.map { id("#kind-\($0)") }),
            "step": list(stageNames.map { id("#stage-\(encoded($0))") }),
        ]
    }

    private var language: JSON {
        [
            "@id": "#bitlaw-yaml", "@type": "ComputerLanguage", "name": "Bitlaw experiment file",
            "description": "YAML: axes and stages; see docs of the program bitlaw.",
        ]
    }

    private var engine: JSON {
        ["@id": "#bitlaw", "@type": "SoftwareApplication", "name": "bitlaw", "version": "1"]
    }

    // MARK: Plan

    private var kindNames: [String] {
        Set(recipes.map { "\($0.stage.kind.name)-\($0.stage.kind.version)" }).sorted()
    }

    private var stageNames: [String] {
        var names: [String] = []
        for recipe in recipes where !names.contains(recipe.stage.name) {
            names.append(recipe.stage.name)
        }
        return names
    }

    private var kinds: [JSON] {
        kindNames.compactMap { name in
            guard
                let kind = recipes.first(where: {
                    "\($0.stage.kind.name)-\($0.stage.kind.version)" == name
                })?.stage.kind
            else { return nil }
            return [
                "@id": .string("#kind-\(name)"), "@type": "SoftwareApplication",
                "name": .string(kind.name), "version": .string(String(kind.version)),
                "description": .string("\(kind.summary) (\(kind.source))"),
            ]
        }
    }

    private var steps: [JSON] {
        stageNames.enumerated().compactMap { place, name in
            guard let stage = recipes.first(where: { $0.stage.name == name })?.stage else {
                return nil
            }
            return [
                "@id": .string("#stage-\(encoded(name))"), "@type": "HowToStep",
                "name": .string(name), "position": .string(String(place + 1)),
                "workExample": id("#kind-\(stage.kind.name)-\(stage.kind.version)"),
            ]
        }
    }

    // MARK: What happened

    private var runs: [JSON] {
        let inputs = files.filter { $0.hasPrefix("experiment/") && !$0.hasSuffix(".lock") }
        var all: [JSON] = [
            [
                "@id": "#run", "@type": "CreateAction",
                "name": .string("Run of \(bundle.graph.experiment)"),
                "description": .string(
                    "Every action of the experiment \(bundle.graph.experiment), from its sources."),
                "instrument": reference(path: bundle.experimentPath), "endTime": .string(date),
                "object": list(inputs.map { reference(path: $0) }),
                "result": list(results),
            ],
            [
                "@id": "#engine-run", "@type": "OrganizeAction", "name": "Execution by bitlaw",
                "description": "The engine's part: it ordered the actions and kept what they gave.",
                "instrument": id("#bitlaw"), "endTime": .string(date),
                "object": list(recipes.indices.map { id("#control-\($0)") }),
                "result": id("#run"),
            ],
        ]
        for (place, recipe) in recipes.enumerated() {
            all.append([
                "@id": .string("#control-\(place)"), "@type": "ControlAction",
                "name": .string("orchestrate \(recipe.action.name)"),
                "description": .string("The engine's order to make \(recipe.action.name)."),
                "endTime": .string(CrateMetadata.time(recipe.result.madeAt)),
                "instrument": id("#stage-\(encoded(recipe.stage.name))"),
                "object": id("#action-\(place)"),
            ])
            all.append(action(place, recipe))
        }
        guard let author else { return all }
        return all.map { entity in
            var members = entity.members ?? [:]
            members["agent"] = id(author.id)
            return .object(members)
        }
    }

    private func action(_ place: Int, _ recipe: BundleWriter.Recipe) -> JSON {
        var objects: [JSON] = [reference(path: "keys/\(recipe.result.key.hex).json")]
        var seen: Set<String> = []
        let ports = recipe.document["inputs"]?.members ?? [:]
        for port in JSON.sorted(ports.keys) {
            for input in ports[port]?.elements ?? [] {
                guard let digest = input["digest"]?.text, seen.insert(digest).inserted else {
                    continue
                }
                // A file of the project is part of the experiment, not of the data.
                if let item = items.first(where: { $0.digest.hex == digest }) {
                    objects.append(id(dataID(item)))
                }
            }
        }
        return [
            "@id": .string("#action-\(place)"), "@type": "CreateAction",
            "name": .string(recipe.action.name),
            "description": .string(recipe.stage.kind.summary),
            "instrument": id("#kind-\(recipe.stage.kind.name)-\(recipe.stage.kind.version)"),
            "endTime": .string(CrateMetadata.time(recipe.result.madeAt)),
            "object": list(objects),
            "result": list(
                Set(recipe.result.outputs.map { $0.digest }).sorted().map {
                    id(dataID(digest: $0.hex))
                }),
        ]
    }

    /// The outputs of actions that no other action reads.
    private var results: [JSON] {
        var read: Set<String> = []
        for recipe in recipes {
            for (_, list) in recipe.document["inputs"]?.members ?? [:] {
                for input in list.elements ?? [] { read.insert(input["digest"]?.text ?? "") }
            }
        }
        return Set(recipes.flatMap { $0.result.outputs.map { $0.digest } }).sorted()
            .filter { !read.contains($0.hex) }.map { id(dataID(digest: $0.hex)) }
    }

    // MARK: Files

    private func file(_ name: String) -> JSON {
        var members: [String: JSON] = [
            "@id": .string(encoded(name)), "@type": "File", "name": .string(name),
            "encodingFormat": .string(CrateMetadata.format(of: name)),
        ]
        if name == "README.md" { members["about"] = id("./") }
        return .object(members)
    }

    /// The media type of a file, by its name.
    private static func format(of name: String) -> String {
        let types = [
            ("json", "application/json"), ("html", "text/html"), ("svg", "image/svg+xml"),
            ("png", "image/png"), ("csv", "text/csv"), ("md", "text/markdown"),
            ("sh", "application/x-sh"), ("py", "text/x-python"), ("yaml", "application/yaml"),
            ("txt", "text/plain"), ("lock", "text/plain"), ("sha256", "text/plain"),
        ]
        return types.first { name.hasSuffix(".\($0.0)") }?.1 ?? "application/octet-stream"
    }

    private func data(_ item: BundleWriter.Item) -> JSON {
        var members: [String: JSON] = [
            "@id": .string(dataID(item)), "name": .string("\(item.name) (\(item.fileName))"),
            "sha256": .string(item.digest.hex),
        ]
        // Bytes that are not in the crate are described, not named as a file of it.
        members["@type"] = bundle.isMetaOnly ? "CreativeWork" : "File"
        members["encodingFormat"] = .string(CrateMetadata.format(of: item.fileName))
        if !item.parts.isEmpty {
            members["hasPart"] = list(item.parts.map { id(dataID(digest: $0.hex)) })
        }
        if !bundle.isMetaOnly, item.size > 0 { members["contentSize"] = .string(String(item.size)) }
        return .object(members)
    }

    private func dataID(_ item: BundleWriter.Item) -> String { dataID(digest: item.digest.hex) }

    private func dataID(digest: String) -> String {
        bundle.isMetaOnly ? "#data-\(digest)" : "data/\(digest)"
    }

    /// Several values, or the only one by itself, as RO-Crate asks.
    private func list(_ values: [JSON]) -> JSON {
        values.count == 1 ? values[0] : .array(values)
    }

    private func id(_ text: String) -> JSON { ["@id": .string(text)] }

    private func reference(path: String) -> JSON { id(encoded(path)) }

    /// A path as a URI reference (RFC 3986): every other character as `%` and its bytes.
    private func encoded(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.properties.isAlphabetic && byte < 0x80 || byte >= 0x30 && byte <= 0x39
                || "-._~/".utf8.contains(byte)
            if isPlain {
                text.unicodeScalars.append(scalar)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                text += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
        return text
    }
}
