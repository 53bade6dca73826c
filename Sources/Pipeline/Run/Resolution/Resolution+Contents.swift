import Canon
import Experiment
import Glibc
import LocalStore
import System

/// What was found where an action reads from outside the store.
struct SourceLook {
    /// The content.
    let content: SourceContent
    /// Whether it stands there as it is read: nothing of the folder is left out, and no link is followed.
    var isWhole = true

    /// Whether a program that was shown what stands there saw this content and nothing else, as a look
    /// afterwards tells.
    func isShown(by later: SourceLook?) -> Bool {
        guard let later, later.content == content else { return false }
        return later.isWhole || !isWhole
    }
}

/// The contents of what actions read.
extension Resolution {
    /// Looks at a file or folder that a source stands for: one of the project has to be within its reach.
    ///
    /// Where the store is not believed, neither is its index.
    func look(at path: String, _ source: InputSource) throws -> SourceLook {
        if let folder = graph.folder(of: source) { return try look(at: folder) }
        if case .replay(let copy) = source {
            return SourceLook(
                content: SourceContent(
                    try copy.isTree ? replayedTree(copy, at: path) : replayed(copy, at: path),
                    isTree: copy.isTree, isExecutable: copy.isExecutable))
        }
        var status = stat()
        let isExecutable = unsafe stat(path, &status) == 0 && status.st_mode & S_IXUSR != 0
        let digest =
            believed == nil
            ? try store.digest(ofExternalFile: path, within: graph.reach).digest
            : try graph.reach.open(path).digest().digest
        return SourceLook(content: SourceContent(digest, isExecutable: isExecutable))
    }

    private func look(at folder: SourceFolder) throws -> SourceLook {
        let (tree, isWhole) = try OperationalError.naming(folder) {
            try store.tree(of: folder, believingIndex: believed == nil)
        }
        return SourceLook(content: SourceContent(tree.digest, isTree: true), isWhole: isWhole)
    }

    /// The folder of which a program gets a copy, without what is left out of it; `nil` for what it may see
    /// as it stands there.
    func copied(_ source: InputSource) -> SourceFolder? {
        files[source]?.isWhole == false ? graph.folder(of: source) : nil
    }

    /// The digest of a replayed folder, which nothing is left out of.
    private func replayedTree(_ copy: ReplayedInput, at path: String) throws -> Digest {
        let all = SourceFolder(
            path, filter: .nothing, reach: ProjectReach(project: ProjectFolder.folder(of: path)))
        return try matching(copy, try store.tree(of: all, believingIndex: false).tree.digest, path)
    }

    /// The digest of a replayed copy, whose name is what it has to be.
    private func replayed(_ copy: ReplayedInput, at path: String) throws -> Digest {
        if believed == nil { return try store.digest(ofExternalFile: path).digest }
        return try matching(copy, try Digest(ofFileAt: path), path)
    }

    private func matching(_ copy: ReplayedInput, _ found: Digest, _ path: String) throws -> Digest {
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
            guard let content = files[source]?.content else {
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
            let now = try? look(at: path, source)
            if files[source]?.isShown(by: now) != true { changed.append(path) }
        }
        return changed
    }
}
