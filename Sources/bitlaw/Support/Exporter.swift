import Canon
import Experiment
import Glibc
import LocalStore
import System

/// Copies outputs out of the store, in their own format.
struct Exporter {
    let store: Store

    /// Where outputs go unless told otherwise: `out/EXPERIMENT` in the project, unknown to git.
    func defaultFolder(_ graph: ActionGraph) throws -> String {
        let out = "\(graph.project)/out"
        try makeFolders(out)
        let ignore = unsafe open(
            "\(out)/.gitignore", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if ignore >= 0 {
            _ = unsafe write(ignore, "*\n", 2)
            close(ignore)
        }
        return "\(out)/\(graph.experiment)"
    }

    /// A file name from an action's name and the port's: only characters that every system allows.
    static func fileName(_ action: String, _ port: OutputPort, isOnly: Bool = false) -> String {
        guard action.contains("[") || !isOnly else { return port.fileName }
        let safe = action.map {
            $0.isASCII && ($0.isLetter || $0.isNumber || ".=-_".contains($0)) ? $0 : "_"
        }
        var name = String(safe)
        while name.hasSuffix("_") { name.removeLast() }
        return "\(name).\(port.fileName)"
    }

    /// The file name of a report: `report.html` where the stage is called `report` or the experiment has
    /// no other; with the action's name where it has several.
    static func reportName(_ action: Action, _ port: OutputPort, in graph: ActionGraph) -> String {
        let count = graph.stages.count { stage in
            stage.kind.outputs.contains { $0.role == port.role }
        }
        return fileName(action.name, port, isOnly: count == 1 || action.name == "report")
    }

    /// Puts one output under a name, whole or not at all.
    ///
    /// - Returns: the path; `nil` when no layer of the store has a good copy.
    func exportIfGood(_ digest: Digest, folder: String, name: String) throws -> String? {
        try makeFolders(folder)
        let path = "\(folder)/\(name)"
        return try store.restore(digest, to: path) ? path : nil
    }

    /// Puts one output under a name.
    ///
    /// - Throws: ``OperationalError`` `missing` when no layer of the store has a good copy.
    func export(_ digest: Digest, folder: String, name: String) throws -> String {
        guard let path = try exportIfGood(digest, folder: folder, name: name) else {
            throw OperationalError.lost(digest, in: store)
        }
        return path
    }

    private func makeFolders(_ folder: String) throws {
        var path = ""
        for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
            path +=
                path.isEmpty && part.isEmpty
                ? ""
                : (path.hasSuffix("/") || path.isEmpty && !folder.hasPrefix("/") ? "" : "/") + part
            if path.isEmpty { continue }
            if unsafe mkdir(path, 0o777) != 0 && errno != EEXIST && errno != EISDIR {
                throw unsafe OperationalError(
                    code: .permission,
                    message: "\(path): cannot make the folder: \(String(cString: strerror(errno)))",
                    remedy: "name another folder with --to")
            }
        }
    }
}
