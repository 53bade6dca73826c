package import Canon
import Trust

/// A name for a list of keys at a remote, so that results can be fetched without their experiment.
package struct RemoteTag: Equatable, Sendable {
    /// The name.
    package let name: String
    /// The keys.
    package let keys: [Digest]

    /// The largest list that is read.
    static let largest = 64 << 20

    /// Names keys.
    package init(name: String, keys: [Digest]) {
        self.name = name
        self.keys = keys
    }

    /// What the list stands under in the action cache of an HTTP remote.
    static func key(_ name: String) -> Digest {
        Digest(of: Array("bitlaw/tag/1\n\(name)".utf8).span)
    }

    /// Where a server has the list of a signer's results of a kind; only that signer's pushes write it.
    static func index(of kind: String, by signer: VerifyingKey) -> Digest {
        Digest(of: Array("bitlaw/index/1\n\(kind)\n\(signer.id.hex)".utf8).span)
    }

    /// The file's content: the same as that of a pin.
    var bytes: [UInt8] { JSON.array(keys.map { .string($0.hex) }).canonical() }

    /// Reads a list of keys; whatever is no key is refused.
    init?(name: String, parsing bytes: [UInt8]) {
        guard let list = (try? JSON(parsing: bytes))?.elements else { return nil }
        var keys: [Digest] = []
        for item in list {
            guard let key = item.text.flatMap({ try? Digest(hex: $0) }) else { return nil }
            keys.append(key)
        }
        self.init(name: name, keys: keys)
    }
}
