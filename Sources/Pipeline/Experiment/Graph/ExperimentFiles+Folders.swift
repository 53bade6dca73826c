import Canon
import Glibc
import System

extension ExperimentFiles {
    /// The most files that a folder or a pattern may stand for.
    static let mostFiles = 1_000_000

    /// The names of the kinds that files of the project describe.
    package func kinds(_ project: String) -> [String] {
        let all = (try? files(in: KindFile.folder, project, without: [])) ?? []
        return all.compactMap { path in
            let name = String(path.dropFirst(KindFile.folder.count + 1))
            guard name.hasSuffix(".yaml") else { return nil }
            return isSafeName(String(name.dropLast(5))) ? String(name.dropLast(5)) : nil
        }
    }

    /// Whether a folder of the project has this path.
    func isFolder(_ path: String, _ project: String) -> Bool {
        if let names {
            let lead = Array("\(path)/".utf8)
            return names.contains { Array($0.utf8).starts(with: lead) }
        }
        var status = stat()
        return unsafe stat("\(project)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The files of a folder, at any depth, in the order of the bytes of their paths.
    ///
    /// All that is no folder counts, whether it can be read or not.
    /// - Throws: ``OperationalError`` where it cannot be read, or has too many files.
    func files(in folder: String, _ project: String, without: [String]) throws -> [String] {
        let filter = PathFilter(without)
        let lead = folder.isEmpty ? "" : "\(folder)/"
        if let names {
            let start = Array(lead.utf8)
            return names.filter { Array($0.utf8).starts(with: start) }.filter { name in
                !filter.hides(
                    fileAt: String(decoding: name.utf8.dropFirst(start.count), as: UTF8.self))
            }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        var found: [String] = []
        var folders = [""]
        while let inner = folders.popLast() {
            for name in try namesInFolder("\(project)/\(lead)\(inner)") {
                let path = inner + name
                var status = stat()
                guard unsafe lstat("\(project)/\(lead)\(path)", &status) == 0 else { continue }
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                if filter.hides(path, isFolder: isFolder) { continue }
                if isFolder {
                    folders.append("\(path)/")
                } else {
                    found.append(lead + path)
                }
            }
            guard found.count <= ExperimentFiles.mostFiles else {
                throw OperationalError(
                    code: .malformed,
                    message: "\(project)/\(folder): expected at most \(ExperimentFiles.mostFiles) "
                        + "files, found more",
                    remedy: "name a smaller folder")
            }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The files whose paths a pattern means, in the order of the bytes of their paths.
    func files(matching pattern: String, _ project: String) throws -> [String] {
        guard let wanted = PathPattern(pattern.contains("/") ? pattern : "/\(pattern)") else {
            return []
        }
        // Only below the folder that the pattern names in full is anything looked for.
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let start = parts.dropLast().prefix { !PathPattern.isNeeded(String($0)) }
        let folder = start.joined(separator: "/")
        guard folder.isEmpty || isFolder(folder, project) else { return [] }
        return try files(in: folder, project, without: []).filter {
            wanted.matches($0, isFolder: false)
        }
    }
}
