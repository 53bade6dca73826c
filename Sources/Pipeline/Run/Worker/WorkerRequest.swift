import Canon
import Experiment
import System
import Trust

/// What the engine asks a worker to do: one JSON line.
struct WorkerRequest {
    let mark: RequestMark
    let kind: String
    let document: String
    let parameters: [String: JSON]
    let seed: UInt64
    let folder: String
    let inputs: [String: [Input]]
    /// Authenticates states to go on from; without it none is kept, and none is gone on from.
    let stateKey: StateKey?
    /// How it is executed.
    let terms: AttemptTerms

    /// The action's key.
    var key: Digest { mark.key }

    struct Input {
        let producer: String
        /// Which of its outputs it is; empty for a file.
        let output: String
        /// The producer's coordinates, for one of a collection.
        let coordinates: [Coordinate]?
        let digest: Digest
        /// The path of an external file or folder; `nil` for what the store has.
        let file: String?
        /// What a program finds it under.
        let name: String
        let isTree: Bool
        let isExecutable: Bool
        /// Whether other actions of the run read it too.
        let isShared: Bool
        /// The external folder that is copied, without what is left out of it; `nil` for what may be seen as
        /// it stands there.
        let copied: SourceFolder?
    }

    var json: JSON {
        var ports: [String: JSON] = [:]
        for (port, list) in inputs {
            ports[port] = .array(
                list.map { input in
                    [
                        "producer": .string(input.producer), "output": .string(input.output),
                        "at": input.coordinates.map { at in
                            .array(at.map { [.string($0.axis), $0.value] })
                        } ?? .null,
                        "digest": .string(input.digest.hex),
                        "file": input.file.map { .string($0) } ?? .null,
                        "name": .string(input.name), "tree": .bool(input.isTree),
                        "executable": .bool(input.isExecutable),
                        "shared": .bool(input.isShared),
                        "copied": input.copied?.json ?? .null,
                    ]
                })
        }
        return mark.on([
            "kind": .string(kind), "document": .string(document),
            "parameters": .object(parameters), "seed": .string(DerivedSeed.text(seed)),
            "folder": .string(folder), "inputs": .object(ports),
            "stateKey": stateKey.map { .string($0.hex) } ?? .null, "terms": terms.json,
        ])
    }

    init(
        _ mark: RequestMark, kind: String, document: String, parameters: [String: JSON],
        seed: UInt64, folder: String, inputs: [String: [Input]], stateKey: StateKey?,
        terms: AttemptTerms = AttemptTerms()
    ) {
        self.mark = mark
        self.kind = kind
        self.document = document
        self.parameters = parameters
        self.seed = seed
        self.folder = folder
        self.inputs = inputs
        self.stateKey = stateKey
        self.terms = terms
    }

    init?(json: JSON) {
        guard let mark = RequestMark(json: json), let kind = json["kind"]?.text,
            let document = json["document"]?.text, let parameters = json["parameters"]?.members,
            let seed = json["seed"]?.text.flatMap(DerivedSeed.read),
            let folder = json["folder"]?.text, let ports = json["inputs"]?.members
        else { return nil }
        var inputs: [String: [Input]] = [:]
        for (port, list) in ports {
            var read: [Input] = []
            for entry in list.elements ?? [] {
                guard let producer = entry["producer"]?.text,
                    let digest = entry["digest"]?.text.flatMap({ try? Digest(hex: $0) })
                else { return nil }
                let coordinates = entry["at"]?.elements.map { pairs in
                    pairs.compactMap { pair -> Coordinate? in
                        guard let parts = pair.elements, parts.count == 2, let axis = parts[0].text
                        else { return nil }
                        return Coordinate(axis: axis, value: parts[1])
                    }
                }
                read.append(
                    Input(
                        producer: producer, output: entry["output"]?.text ?? "",
                        coordinates: coordinates, digest: digest,
                        file: entry["file"]?.text, name: entry["name"]?.text ?? "",
                        isTree: entry["tree"]?.bool ?? false,
                        isExecutable: entry["executable"]?.bool ?? false,
                        isShared: entry["shared"]?.bool ?? false,
                        copied: entry["copied"].flatMap { SourceFolder(json: $0) }))
            }
            inputs[port] = read
        }
        self.init(
            mark, kind: kind, document: document, parameters: parameters, seed: seed,
            folder: folder, inputs: inputs,
            stateKey: json["stateKey"]?.text.flatMap(StateKey.init(hex:)),
            terms: AttemptTerms(json: json["terms"]))
    }
}

/// A folder as a request names it.
extension SourceFolder {
    fileprivate var json: JSON {
        [
            "path": .string(path), "without": .array(filter.texts.map { .string($0) }),
            "project": .string(reach.project), "roots": .array(reach.roots.map { .string($0) }),
        ]
    }

    fileprivate init?(json: JSON) {
        guard let path = json["path"]?.text, let project = json["project"]?.text else { return nil }
        func texts(_ name: String) -> [String] {
            (json[name]?.elements ?? []).compactMap { $0.text }
        }
        self.init(
            path, filter: PathFilter(texts("without")),
            reach: ProjectReach(project: project, roots: texts("roots")))
    }
}
