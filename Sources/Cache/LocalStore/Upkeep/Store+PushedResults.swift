package import Canon
import System

/// What others pushed into the store: no run of it reaches that, so each push has a pin of its own.
extension Store {
    /// What the names of the pins of pushed results begin with; the digest of the list follows.
    static let pushedPrefix = "pushed-"

    /// The digest in the name of a pin of pushed results; `nil` for another kind of pin.
    static func pushedDigest(ofPin name: String) -> Digest? {
        guard name.hasPrefix(pushedPrefix) else { return nil }
        return try? Digest(hex: String(name.dropFirst(pushedPrefix.count)))
    }

    /// Pins results that are brought here, until `gc` is told otherwise; the same ones once.
    ///
    /// - Throws: ``OperationalError``.
    package func pinPushed(_ keys: [Digest]) throws {
        if keys.isEmpty { return }
        try requireWritable()
        try makeFolder("\(path)/pins")
        let list = JSON.array(Set(keys).sorted().map { .string($0.hex) }).canonical()
        let pin = "\(path)/pins/\(Store.pushedPrefix)\(Digest(of: list.span).hex)"
        try makeWay(for: pin)
        try writeWholeFile(list, to: pin, .durable, drafts: "\(path)/tmp")
    }
}
