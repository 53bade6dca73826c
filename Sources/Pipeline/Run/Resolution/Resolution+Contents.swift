import Canon
import Experiment
import Glibc
import LocalStore
import System

/// The contents of what actions read.
extension Resolution {
    /// The content of a file or folder that a source stands for: one of the project has to be within its
    /// reach.
    func content(at path: String, _ source: InputSource) throws -> SourceContent {
        switch source {
        case .folder: throw OperationalError(code: .malformed, message: "folders", remedy: "")
        case .replay(let copy):
            let digest = try replayed(copy, at: path)
            return SourceContent(digest, isTree: copy.isTree, isExecutable: copy.isExecutable)
        case .file, .action:
            var status = stat()
            let isExecutable = unsafe stat(path, &status) == 0 && status.st_mode & S_IXUSR != 0
            // Where the store is not believed, neither is its index.
            let digest =
                believed == nil
                ? try store.digest(ofExternalFile: path, within: graph.reach).digest
                : try graph.reach.open(path).digest().digest
            return SourceContent(digest, isExecutable: isExecutable)
        }
    }

    /// The digest of a replayed copy, whose name is what it has to be.
    private func replayed(_ copy: ReplayedInput, at path: String) throws -> Digest {
        if believed == nil { return try store.digest(ofExternalFile: path).digest }
        let found = try Digest(ofFileAt: path)
        guard copy.copy == found.hex else {
            throw OperationalError(
                code: .malformed,
                message:
                    "\(path): expected bytes that hash to its name, found \(found.short); something "
                    + "changed the copy of a recorded input",
                remedy: "run again, without the program that writes there")
        }
        return found
    }

    /// The content of what a source gives; the producer has to be resolved.
    func content(of source: InputSource) -> SourceContent {
        guard case .action(let producer, let name) = source else {
            guard let content = files[source] else {
                preconditionFailure("a file was not hashed before its reader's key")
            }
            return content
        }
        guard let output = outputs[producer].first(where: { $0.name == name }) else {
            preconditionFailure("\(graph.actions[producer].name) has no output \(name) yet")
        }
        return SourceContent(output.digest, isTree: output.isTree)
    }

    /// The digest of what a source gives.
    func digest(of source: InputSource) -> Digest { content(of: source).digest }

    /// The external files of an action that no longer have the contents of its key.
    func changedFiles(of index: Int) throws -> [String] {
        var changed: [String] = []
        for source in graph.actions[index].inputs.flatMap({ $0.sources }) {
            guard let path = graph.path(of: source) else { continue }
            let now = try? content(at: path, source)
            if now != files[source] { changed.append(path) }
        }
        return changed
    }
}
