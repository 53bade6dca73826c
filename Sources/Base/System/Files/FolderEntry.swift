package import Glibc

/// What stands in a folder under a name, which is any bytes and not always a text.
package struct FolderEntry: Sendable {
    /// What it is.
    package enum Kind: Sendable { case folder, link, other }

    /// The name's bytes, and the zero after them.
    let name: [CChar]
    /// What it is, when the folder was listed.
    package let kind: Kind

    /// Names something in a folder.
    package init(_ name: String, kind: Kind = .other) {
        self.init(name: name.utf8.map { CChar(bitPattern: $0) } + [0], kind: kind)
    }

    init(name: [CChar], kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// The name's bytes.
    package var bytes: [UInt8] { name.dropLast().map { UInt8(bitPattern: $0) } }

    /// The name as a text, for people and for names that are known to be texts.
    package var text: String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension stat {
    /// What it is of, in words: `a file`, `a pipe`.
    package var kindInWords: String {
        switch st_mode & S_IFMT {
        case S_IFREG: "a file"
        case S_IFDIR: "a folder"
        case S_IFLNK: "a link"
        case S_IFIFO: "a pipe"
        case S_IFSOCK: "a socket"
        default: "a device"
        }
    }

    /// What it is of.
    var kind: FolderEntry.Kind {
        switch st_mode & S_IFMT {
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }
}
