import Canon
import System

/// What the process that speaks to remotes answers: one JSON line each.
enum TransferReply: Equatable {
    /// It is in the store now.
    case fetched(Digest, remote: String)
    /// No remote that works has it.
    case absent(Digest)
    /// A remote has it, but it was not taken.
    case refused(Digest, remote: String, reason: String)
    /// A remote does not work and is not asked any more.
    case failed(remote: String, error: OperationalError)
    /// The store cannot be written any more.
    case storeFailed(OperationalError)

    var json: JSON {
        switch self {
        case .fetched(let digest, let remote):
            ["fetched": .string(digest.hex), "remote": .string(remote)]
        case .absent(let digest): ["absent": .string(digest.hex)]
        case .refused(let digest, let remote, let reason):
            [
                "refused": .string(digest.hex), "remote": .string(remote),
                "reason": .string(reason),
            ]
        case .failed(let remote, let error):
            ["remote": .string(remote), "failed": error.json]
        case .storeFailed(let error): ["store": error.json]
        }
    }

    init?(json: JSON) {
        func digest(_ name: String) -> Digest? {
            json[name]?.text.flatMap { try? Digest(hex: $0) }
        }
        let remote = json["remote"]?.text ?? ""
        if let found = digest("fetched") {
            self = .fetched(found, remote: remote)
        } else if let found = digest("absent") {
            self = .absent(found)
        } else if let found = digest("refused") {
            self = .refused(found, remote: remote, reason: json["reason"]?.text ?? "")
        } else if let error = OperationalError(json: json["failed"]) {
            self = .failed(remote: remote, error: error)
        } else if let error = OperationalError(json: json["store"]) {
            self = .storeFailed(error)
        } else {
            return nil
        }
    }
}
