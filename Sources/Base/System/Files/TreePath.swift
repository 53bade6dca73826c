import Canon

/// What paths of a tree, and links in it, may be.
package enum TreePath {
    /// The most bytes of a path, so that the system can name what stands there.
    package static let longest = 4095

    /// Why a text is no path from a tree's root; `nil` for one that is.
    package static func mistake(_ path: String) -> String? {
        if path.utf8.isEmpty { return "an empty path" }
        if path.utf8.count > longest { return tooLong(path.utf8.count) }
        if path.utf8.contains(0) { return "a path with a zero byte" }
        for part in path.utf8.split(separator: slash, omittingEmptySubsequences: false) {
            if part.isEmpty { return "a path with an empty name in it" }
            if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
                return "a path with the name `\(Substring(part))` in it"
            }
        }
        return nil
    }

    /// Says how long a path is that is too long.
    static func tooLong(_ count: Int) -> String {
        "a path of \(count) bytes, where \(longest) are the most"
    }

    /// Why a link may lead out of the tree; `nil` where it stays inside, whatever links it meets there.
    ///
    /// `..` may only stand at the beginning: behind a name, which may be of another link, nobody can tell
    /// what is above.
    package static func mistake(target: String, ofLinkAt path: String) -> String? {
        if target.utf8.isEmpty || target.utf8.contains(0) { return "a link that leads to no path" }
        if target.utf8.count > longest { return "a link to \(tooLong(target.utf8.count))" }
        if target.utf8.first == slash { return "a link to \(visible(target)), which is absolute" }
        var height = path.utf8.count { $0 == slash }
        var hasName = false
        for part in target.utf8.split(separator: slash) where !part.elementsEqual(".".utf8) {
            guard part.elementsEqual("..".utf8) else {
                hasName = true
                continue
            }
            height -= 1
            if height < 0 { return "a link to \(visible(target)), outside of the folder" }
            if hasName { return "a link to \(visible(target)), with `..` behind a name" }
        }
        return nil
    }

    /// The path of the folder that something is in; `nil` where that is the root.
    package static func folder(of path: String) -> String? {
        guard let end = path.utf8.lastIndex(of: slash) else { return nil }
        return String(path[..<end])
    }

    private static let slash = UInt8(ascii: "/")
}
