import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System

/// Copies outputs out of the store into one folder, in their own format.
///
/// It writes only where nothing stands, or where it wrote what stands there: the store notes that.
struct Exporter {
    let store: Store
    let graph: ActionGraph
    let folder: String
    /// Whether files that it did not write are replaced.
    let isForced: Bool
    /// What is in the way of the project's own folder for exports.
    private var obstacle: ExportRefusal.Standing?

    /// Exports into a folder; where none is named into `out/EXPERIMENT` in the project, unknown to git.
    init(
        _ store: Store, _ graph: ActionGraph, to folder: String? = nil, isForced: Bool = false
    ) throws {
        self.store = store
        self.graph = graph
        self.isForced = isForced
        if let folder {
            self.folder = ProjectFolder.absolute(folder)
        } else {
            let out = "\(graph.project)/out"
            self.folder = "\(out)/\(graph.experiment)"
            obstacle = try Exporter.obstacle(self.folder, graph)
            if obstacle != nil { return }
            try Exporter.makeFolders(out)
            // What stands there already is as good.
            try? writeWholeFile(Array("*\n".utf8), to: "\(out)/.gitignore", .none, isNew: true)
        }
    }

    /// Why nothing is written through a link of the project; `nil` where none leads out of it, or its reader
    /// approved that.
    private static func obstacle(_ folder: String, _ graph: ActionGraph) throws
        -> ExportRefusal.Standing?
    {
        let project = graph.project
        if ProjectFolder.isInside(folder, project) { return nil }
        let root = ProjectReach(project: project).root(of: "out/\(graph.experiment)")
        if let root,
            try ReaderConsent(of: .person).isGiven(.exports(into: root), to: project)
        {
            return nil
        }
        let fix = root.map { Consent.fix(project, [.exports(into: $0)]) } ?? "make its folder first"
        return ExportRefusal.Standing(
            path: folder,
            reason:
                "a link leads out of the project, to \(printable(root ?? "nowhere")); if it may: \(fix)"
        )
    }

    /// Writes files; each appears whole or not at all.
    ///
    /// - Throws: ``ExportRefusal``, before anything is written, where something else stands in the way.
    func export(_ items: [ExportItem]) throws -> [ExportedFile] {
        if let obstacle { throw ExportRefusal(files: [obstacle], isForced: true) }
        try Exporter.makeFolders(folder)
        let lock = try store.lockExports(into: folder)
        defer { withExtendedLifetime(lock) {} }
        var ledger = try store.exportLedger(of: folder)
        let before = ledger
        let isThere = try examine(items, ledger)
        for (item, isThere) in zip(items, isThere) {
            var known = isThere ? [] : ledger.entries[item.name]?.digests ?? []
            if !known.contains(item.digest) { known.append(item.digest) }
            ledger.entries[item.name] = entry(known)
        }
        // Noted before it is written: a kill in between leaves no file that nobody knows.
        if ledger != before { try store.keep(ledger) }
        let noted = ledger
        var files: [ExportedFile] = []
        for (item, isThere) in zip(items, isThere) {
            let path = "\(folder)/\(item.name)"
            if try !isThere && !store.restore(item.digest, to: path) {
                files.append(ExportedFile(path: path, state: .lost))
                continue
            }
            ledger.entries[item.name] = entry([item.digest])
            files.append(ExportedFile(path: path, state: isThere ? .unchanged : .written))
        }
        if ledger != noted { try store.keep(ledger) }
        return files
    }

    /// The files of earlier exports that the experiment has no more; removes those that are as they were
    /// written, if asked.
    func leftovers(removing: Bool) throws -> [ExportedFile] {
        if obstacle != nil { return [] }
        let lock = try store.lockExports(into: folder)
        defer { withExtendedLifetime(lock) {} }
        var ledger = try store.exportLedger(of: folder)
        let before = ledger
        let current = ExportName.all(in: graph)
        var files: [ExportedFile] = []
        for (name, entry) in ledger.entries.sorted(by: { $0.key < $1.key })
        where entry.experiment == graph.experiment && entry.file == file && !current.contains(name)
        {
            let path = "\(folder)/\(name)"
            guard let found = try standing(path) else {
                ledger.entries[name] = nil
                continue
            }
            guard removing, case .file(let digest) = found, entry.digests.contains(digest) else {
                files.append(ExportedFile(path: path, state: .left))
                continue
            }
            try removeTree(path)
            ledger.entries[name] = nil
            files.append(ExportedFile(path: path, state: .removed))
        }
        if ledger != before { try store.keep(ledger) }
        return files
    }
}

extension Exporter {
    private static func makeFolders(_ path: String) throws {
        do {
            try makeFolder(path)
        } catch let error as OperationalError {
            throw OperationalError(
                code: error.code, message: error.message, remedy: "name another folder with --to")
        }
    }

    /// What stands at a path.
    private enum Standing {
        case file(Digest)
        case other(String)
    }

    private func standing(_ path: String) throws -> Standing? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(try Digest(ofFileAt: path))
        case S_IFLNK: return .other("a link")
        case S_IFDIR: return .other("a folder")
        default: return .other("no plain file")
        }
    }

    /// Looks at what stands where files are to be written.
    ///
    /// - Returns: for each whether it is there already.
    /// - Throws: ``ExportRefusal`` where anything else is there that Bitlaw did not write.
    private func examine(_ items: [ExportItem], _ ledger: ExportLedger) throws -> [Bool] {
        var refused: [ExportRefusal.Standing] = []
        let isThere = try items.map { item -> Bool in
            let path = "\(folder)/\(item.name)"
            let known = ledger.entries[item.name]?.digests ?? []
            switch try standing(path) {
            case nil: return false
            case .file(let digest):
                if digest == item.digest { return true }
                if known.contains(digest) || isForced { return false }
                let reason =
                    ledger.isDamaged
                    ? "another file is there, and what earlier exports wrote is not known any more"
                    : known.isEmpty
                        ? "a file is there that no export from this store wrote"
                        : "the file was changed since bitlaw wrote it"
                refused.append(ExportRefusal.Standing(path: path, reason: reason))
            case .other(let what):
                if isForced && what == "a link" { return false }
                refused.append(
                    ExportRefusal.Standing(
                        path: path, reason: "expected a file of an earlier export, found \(what)"))
            }
            return false
        }
        if !refused.isEmpty { throw ExportRefusal(files: refused, isForced: isForced) }
        return isThere
    }

    private func entry(_ digests: [Digest]) -> ExportLedger.Entry {
        ExportLedger.Entry(digests: digests, experiment: graph.experiment, file: file)
    }

    /// The experiment file as seen from the project.
    private var file: String {
        let path = ProjectFolder.standing(graph.file)
        return path.hasPrefix(graph.project + "/")
            ? String(path.dropFirst(graph.project.utf8.count + 1)) : path
    }
}
