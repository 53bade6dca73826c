import Canon
import Experiment
import LocalStore
import System

/// What the engine asks a worker to do: one JSON line.
struct WorkerRequest {
    let kind: String
    let key: Digest
    let document: String
    let parameters: [String: JSON]
    let seed: UInt64
    let folder: String
    let inputs: [String: [Input]]

    struct Input {
        let producer: String
        let coordinates: [Coordinate]
        let digest: Digest
        /// The path of an external file; `nil` for a blob.
        let file: String?
    }

    var json: JSON {
        var ports: [String: JSON] = [:]
        for (port, list) in inputs {
            ports[port] = .array(
                list.map { input in
                    [
                        "producer": .string(input.producer),
                        "at": .array(input.coordinates.map { [.string($0.axis), $0.value] }),
                        "digest": .string(input.digest.hex),
                        "file": input.file.map { .string($0) } ?? .null,
                    ]
                })
        }
        return [
            "kind": .string(kind), "key": .string(key.hex), "document": .string(document),
            "parameters": .object(parameters), "seed": .string(seedText(seed)),
            "folder": .string(folder), "inputs": .object(ports),
        ]
    }

    init(
        kind: String, key: Digest, document: String, parameters: [String: JSON], seed: UInt64,
        folder: String, inputs: [String: [Input]]
    ) {
        self.kind = kind
        self.key = key
        self.document = document
        self.parameters = parameters
        self.seed = seed
        self.folder = folder
        self.inputs = inputs
    }

    init?(json: JSON) {
        guard let kind = json["kind"]?.text,
            let key = json["key"]?.text.flatMap({ try? Digest(hex: $0) }),
            let document = json["document"]?.text, let parameters = json["parameters"]?.members,
            let seed = json["seed"]?.text.flatMap({ UInt64($0.dropFirst(2), radix: 16) }),
            let folder = json["folder"]?.text, let ports = json["inputs"]?.members
        else { return nil }
        var inputs: [String: [Input]] = [:]
        for (port, list) in ports {
            var read: [Input] = []
            for entry in list.elements ?? [] {
                guard let producer = entry["producer"]?.text,
                    let digest = entry["digest"]?.text.flatMap({ try? Digest(hex: $0) })
                else { return nil }
                let coordinates = (entry["at"]?.elements ?? []).compactMap { pair -> Coordinate? in
                    guard let parts = pair.elements, parts.count == 2, let axis = parts[0].text
                    else { return nil }
                    return Coordinate(axis: axis, value: parts[1])
                }
                read.append(
                    Input(
                        producer: producer, coordinates: coordinates, digest: digest,
                        file: entry["file"]?.text))
            }
            inputs[port] = read
        }
        self.init(
            kind: kind, key: key, document: document, parameters: parameters, seed: seed,
            folder: folder, inputs: inputs)
    }
}

/// What a worker answers: one JSON line each.
enum WorkerReply {
    case progress(StageProgress)
    case done([ActionResult.Output], log: Digest?, seconds: Double)
    case failed(reason: String, exitCode: Int?)
    /// Blobs that inputs name and that have no good copy any more.
    case missing([Digest])
    /// The store cannot be used: the run ends.
    case storeFailed(OperationalError)

    var json: JSON {
        switch self {
        case .progress(let progress):
            return [
                "progress": [
                    .number(Double(progress.done)), .number(Double(progress.total)),
                    .string(progress.note),
                ]
            ]
        case .done(let outputs, let log, let seconds):
            return [
                "done": .array(
                    outputs.map {
                        [.string($0.name), .string($0.digest.hex), .number(Double($0.size))]
                    }), "log": log.map { .string($0.hex) } ?? .null, "seconds": .number(seconds),
            ]
        case .failed(let reason, let code):
            return [
                "failed": .string(reason), "exit": code.map { .number(Double($0)) } ?? .null,
            ]
        case .missing(let digests):
            return ["missing": .array(digests.map { .string($0.hex) })]
        case .storeFailed(let error):
            return [
                "store": [
                    .string(error.code.rawValue), .string(error.message), .string(error.remedy),
                ]
            ]
        }
    }

    init?(json: JSON) {
        if let parts = json["progress"]?.elements, parts.count == 3 {
            self = .progress(
                StageProgress(
                    done: parts[0].integer ?? 0, total: parts[1].integer ?? 0,
                    note: parts[2].text ?? ""))
        } else if let list = json["done"]?.elements {
            var outputs: [ActionResult.Output] = []
            for entry in list {
                guard let parts = entry.elements, parts.count == 3, let name = parts[0].text,
                    let digest = parts[1].text.flatMap({ try? Digest(hex: $0) }),
                    let size = parts[2].integer
                else { return nil }
                outputs.append(ActionResult.Output(name: name, digest: digest, size: size))
            }
            self = .done(
                outputs, log: json["log"]?.text.flatMap { try? Digest(hex: $0) },
                seconds: json["seconds"]?.double ?? 0)
        } else if let reason = json["failed"]?.text {
            self = .failed(reason: reason, exitCode: json["exit"]?.integer)
        } else if let list = json["missing"]?.elements {
            self = .missing(list.compactMap { $0.text.flatMap { try? Digest(hex: $0) } })
        } else if let parts = json["store"]?.elements, parts.count == 3,
            let code = parts[0].text.flatMap(OperationalError.Code.init(rawValue:))
        {
            self = .storeFailed(
                OperationalError(
                    code: code, message: parts[1].text ?? "", remedy: parts[2].text ?? ""))
        } else {
            return nil
        }
    }
}
