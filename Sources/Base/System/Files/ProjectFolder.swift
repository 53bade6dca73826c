import Glibc

/// The folder that an experiment belongs to.
package enum ProjectFolder {
    /// The nearest folder above the file with a `bitlaw.yaml` or a `.git`; else the folder above
    /// `pipelines` or `kinds`; else the file's own folder.
    ///
    /// A bundle that was unpacked is a project of its own, wherever that was. What another account put into
    /// a parent folder makes no project of it, unless that `isApproved`: whoever may write to `/tmp` would
    /// decide for everybody below.
    package static func of(
        _ file: String,
        isApproved: (_ folder: String, _ mark: String, _ account: UInt32) -> Bool = { _, _, _ in
            false
        }
    ) -> String {
        let own = folder(of: standing(file))
        var candidate = own
        while true {
            let isOwn = candidate == own || inner.contains { own == "\(candidate)/\($0)" }
            for mark in marks {
                let path = candidate == "/" ? "/\(mark)" : "\(candidate)/\(mark)"
                guard unsafe access(path, F_OK) == 0 else { continue }
                guard !isOwn, let account = owner(of: path) else { return candidate }
                if isApproved(candidate, mark, account) { return candidate }
            }
            if isOfBundle(candidate) { return candidate }
            if candidate == "/" || candidate.isEmpty { break }
            candidate = folder(of: candidate)
        }
        return inner.contains { own.hasSuffix("/\($0)") } ? folder(of: own) : own
    }

    /// The folders of a project whose files can be experiments.
    private static let inner = ["pipelines", "kinds"]

    /// What makes a folder a project.
    package static let marks = ["bitlaw.yaml", ".git"]

    /// Whether a folder is the one with the experiment of an unpacked bundle.
    private static func isOfBundle(_ path: String) -> Bool {
        let bundle = folder(of: path)
        return path.hasSuffix("/experiment")
            && ["bundle.json", "manifest.sha256"].allSatisfy {
                unsafe access("\(bundle)/\($0)", F_OK) == 0
            }
    }

    /// Whether a folder stands at a path, or where a link there leads.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Why others could change what is in a folder, in words; `nil` where they could not.
    package static func openness(of path: String) -> String? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        if let account = owner(of: path) { return "it belongs to account \(account)" }
        let mode = String(status.st_mode & 0o7777, radix: 8)
        if status.st_mode & S_IWOTH != 0 {
            return "everybody on this machine may write into it (mode \(mode))"
        }
        // A group that has the person's own number is nobody else's.
        let isOpen = status.st_mode & S_IWGRP != 0 && status.st_gid != geteuid()
        return isOpen ? "its group may write into it (mode \(mode))" : nil
    }

    /// The number of the other account that a file belongs to; `nil` for the person's own, for root's, and
    /// where nothing stands.
    package static func owner(of path: String) -> UInt32? {
        var (own, followed) = (stat(), stat())
        guard unsafe lstat(path, &own) == 0 else { return nil }
        let isThere = unsafe stat(path, &followed) == 0
        return [own.st_uid, isThere ? followed.st_uid : own.st_uid]
            .first { $0 != geteuid() && $0 != 0 }
    }

    /// Whether a path stays in a folder when every link of it is followed; what is not there yet counts
    /// by the folder that it would be made in.
    package static func isInside(_ path: String, _ folder: String) -> Bool {
        let rest = path.hasPrefix(folder + "/") ? path.dropFirst(folder.count + 1) : path[...]
        guard !rest.split(separator: "/").contains("..") else { return false }
        var standing = path
        while unsafe access(standing, F_OK) != 0, standing != "/", standing != "." {
            var status = stat()
            // A link to nowhere could lead anywhere by the time that it is used.
            if unsafe lstat(standing, &status) == 0 { return false }
            standing = ProjectFolder.folder(of: standing)
        }
        return ProjectReach.contains(real(folder), real(standing))
    }

    /// The path without its last part.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The name of a file: its path without its folder.
    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The path of a file below a project's folder; its last part alone where it stands elsewhere.
    package static func path(of file: String, below project: String) -> String {
        for path in [file, absolute(file), standing(file)] where path.hasPrefix(project + "/") {
            return String(path.dropFirst(project.count + 1))
        }
        return name(of: file)
    }

    /// The path from the root without `..`, behind which the folders above a file could not be told; other
    /// links are kept.
    package static func standing(_ path: String) -> String {
        let path = absolute(path)
        guard let slash = path.lastIndex(of: "/"), path.split(separator: "/").contains("..") else {
            return path
        }
        let name = path[path.index(after: slash)...]
        return name == ".." ? real(path) : "\(real(folder(of: path)))/\(name)"
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
