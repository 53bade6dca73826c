import Canon
import System

/// What the engine asks of the process that speaks to remotes: one JSON line each.
enum TransferRequest: Equatable {
    /// The result of a key, with all that it names.
    case result(Digest)
    /// A blob, for a pinned source.
    case blob(Digest)

    /// The digest that the answer will name.
    var digest: Digest {
        switch self {
        case .result(let digest), .blob(let digest): digest
        }
    }

    var json: JSON {
        switch self {
        case .result(let digest): ["result": .string(digest.hex)]
        case .blob(let digest): ["blob": .string(digest.hex)]
        }
    }

    init?(json: JSON) {
        if let digest = json["result"]?.text.flatMap({ try? Digest(hex: $0) }) {
            self = .result(digest)
        } else if let digest = json["blob"]?.text.flatMap({ try? Digest(hex: $0) }) {
            self = .blob(digest)
        } else {
            return nil
        }
    }
}
