import Canon
import Experiment
import LocalStore
import System

/// What a worker answers: one JSON line each, with the mark of the request.
enum WorkerReply {
    case progress(StageProgress)
    /// Something that the person should know; the action goes on.
    case remark(String)
    /// The last are small blobs that no store has yet: outputs, and the log.
    case done(
        [ActionResult.Output], log: Digest?, seconds: Double, ActionResult.Execution, [[UInt8]])
    case failed(reason: String, end: AttemptEnd?)
    /// Blobs that inputs name and that have no good copy any more.
    case missing([Digest])
    /// The store cannot be used: the run ends.
    case storeFailed(OperationalError)

    /// Whether it answers the request, and the worker waits for another.
    var isLast: Bool {
        switch self {
        case .progress, .remark: false
        default: true
        }
    }

    /// The first line of a worker, before it is asked anything.
    static let greeting: JSON = ["ready": true]

    /// The last line of a worker that got bytes from another process than the engine.
    static func stranger(_ process: CInt) -> JSON { ["stranger": .number(Double(process))] }

    /// The process that a worker's last line names.
    static func stranger(in json: JSON) -> CInt? {
        json["stranger"]?.integer.flatMap { CInt(exactly: $0) }
    }

    var json: JSON {
        switch self {
        case .progress(let progress):
            return [
                "progress": [
                    .number(Double(progress.done)), .number(Double(progress.total)),
                    .string(progress.note),
                ]
            ]
        case .remark(let text): return ["remark": .string(text)]
        case .done(let outputs, let log, let seconds, let execution, let small):
            return [
                "done": .array(
                    outputs.map {
                        [
                            .string($0.name), .string($0.digest.hex), .number(Double($0.size)),
                            .bool($0.isTree),
                        ]
                    }), "log": log.map { .string($0.hex) } ?? .null, "seconds": .number(seconds),
                "resumed": .bool(execution.isResumed),
                "madeWith": execution.madeWith?.json ?? .null,
                "small": .array(small.map { .string(Base64.encode($0)) }),
            ]
        case .failed(let reason, let end):
            return ["failed": .string(reason), "end": end?.json ?? .null]
        case .missing(let digests):
            return ["missing": .array(digests.map { .string($0.hex) })]
        case .storeFailed(let error):
            return ["store": error.json]
        }
    }

    init?(json: JSON) {
        if let parts = json["progress"]?.elements, parts.count == 3 {
            self = .progress(
                StageProgress(
                    done: parts[0].integer ?? 0, total: parts[1].integer ?? 0,
                    note: parts[2].text ?? ""))
        } else if let text = json["remark"]?.text {
            self = .remark(text)
        } else if let list = json["done"]?.elements {
            var outputs: [ActionResult.Output] = []
            for entry in list {
                guard let parts = entry.elements, parts.count == 4, let name = parts[0].text,
                    let digest = parts[1].text.flatMap({ try? Digest(hex: $0) }),
                    let size = parts[2].integer, case .bool(let isTree) = parts[3]
                else { return nil }
                outputs.append(
                    ActionResult.Output(name: name, digest: digest, size: size, isTree: isTree))
            }
            self = .done(
                outputs, log: json["log"]?.text.flatMap { try? Digest(hex: $0) },
                seconds: json["seconds"]?.double ?? 0,
                ActionResult.Execution(
                    isResumed: json["resumed"] == true,
                    madeWith: json["madeWith"].flatMap(MadeWith.init(json:))),
                (json["small"]?.elements ?? []).compactMap { $0.text.flatMap(Base64.decode) })
        } else if let reason = json["failed"]?.text {
            self = .failed(reason: reason, end: AttemptEnd(json: json["end"]))
        } else if let list = json["missing"]?.elements {
            self = .missing(list.compactMap { $0.text.flatMap { try? Digest(hex: $0) } })
        } else if let error = OperationalError(json: json["store"]) {
            self = .storeFailed(error)
        } else {
            return nil
        }
    }
}
