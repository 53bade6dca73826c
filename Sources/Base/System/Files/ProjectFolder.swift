import Glibc

/// The folder that an experiment belongs to.
package enum ProjectFolder {
    /// The nearest folder above the file with a `bitlaw.yaml` or a `.git`; else the folder above
    /// `pipelines`; else the file's own folder.
    package static func of(_ file: String) -> String {
        let own = folder(of: absolute(file))
        var candidate = own
        while true {
            for marker in ["bitlaw.yaml", ".git"]
            where unsafe access("\(candidate)/\(marker)", F_OK) == 0 {
                return candidate
            }
            if candidate == "/" || candidate.isEmpty { break }
            candidate = folder(of: candidate)
        }
        return own.hasSuffix("/pipelines") ? folder(of: own) : own
    }

    /// The path without its last part.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path of a file below a project's folder; its last part alone where it stands elsewhere.
    package static func path(of file: String, below project: String) -> String {
        for path in [file, absolute(file)] where path.hasPrefix(project + "/") {
            return String(path.dropFirst(project.count + 1))
        }
        return file.split(separator: "/").last.map(String.init) ?? file
    }

    /// The path with every link followed; as it is where nothing stands there.
    package static func real(_ path: String) -> String {
        let found = unsafe realpath(path, nil)
        defer { unsafe free(found) }
        guard let found = unsafe found else { return path }
        return unsafe String(cString: found)
    }

    /// The path from the root; links are kept as they are.
    package static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let current = unsafe getcwd(nil, 0)
        defer { unsafe free(current) }
        guard let current = unsafe current else { return path }
        let base = unsafe String(cString: current)
        var rest = path[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        return rest == "." || rest.isEmpty ? base : "\(base)/\(rest)"
    }
}
