package import LocalStore
import System

/// Tags are pins: `pins/NAME`.
extension Store {
    /// Keeps a list of keys under a name: `gc` keeps what they reach.
    package func put(_ tag: RemoteTag) throws {
        try requireWritable()
        try makeFolder("\(path)/pins")
        try makeWay(for: "\(path)/pins/\(tag.name)")
        try writeWholeFile(
            tag.bytes, to: "\(path)/pins/\(tag.name)", .durable, drafts: "\(path)/tmp")
    }

    /// The keys under a name.
    package func tag(_ name: String) throws -> RemoteTag? {
        try readWholeFile(
            "\(path)/pins/\(name)", limit: RemoteTag.largest, followingLinks: false
        ).flatMap { RemoteTag(name: name, parsing: $0) }
    }
}
