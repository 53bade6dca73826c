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

    /// Writes files and folders; each file appears whole or not at all.
    ///
    /// - Throws: ``ExportRefusal``, before anything is written, where something else stands in the way.
    func export(_ items: [ExportItem]) throws -> [ExportedFile] {
        if let obstacle { throw ExportRefusal(files: [obstacle], isForced: true) }
        try Exporter.makeFolders(folder)
        let lock = try store.lockExports(into: folder)
        defer { withExtendedLifetime(lock) {} }
        var ledger = try store.exportLedger(of: folder)
        let before = ledger
        let (parts, unknown) = try ExportPart.all(of: items, in: store)
        let isThere = try examine(parts, items, ledger)
        for (part, isThere) in zip(parts, isThere) {
            guard let note = part.note, let digest = part.digest else { continue }
            var known = isThere ? [] : ledger.entries[note]?.digests ?? []
            if !known.contains(digest) { known.append(digest) }
            ledger.entries[note] = entry(known)
        }
        // Noted before it is written: a kill in between leaves no file that nobody knows.
        if ledger != before { try store.keep(ledger) }
        let noted = ledger
        var states = items.indices.map { unknown.contains($0) ? State.lost : .unchanged }
        for (part, isThere) in zip(parts, isThere) {
            if try !isThere && !write(part) {
                states[part.item] = .lost
                continue
            }
            if let note = part.note, let digest = part.digest {
                ledger.entries[note] = entry([digest])
            }
            if !isThere && states[part.item] == .unchanged { states[part.item] = .written }
        }
        if ledger != noted { try store.keep(ledger) }
        return zip(items, states).map {
            ExportedFile(path: "\(folder)/\($0.name)", state: $1)
        }
    }

    private typealias State = ExportedFile.State

    /// Makes what is to stand at a path; whether the store had a good copy of it.
    private func write(_ part: ExportPart) throws -> Bool {
        let path = "\(folder)/\(part.path)"
        switch part.content {
        case .file(let digest, _, let isExecutable):
            return try store.restore(digest, to: path, mode: isExecutable ? 0o777 : 0o666)
        case .folder: try makeFolder(path)
        case .link(let target):
            let draft = "\(path).partial-\(randomName())"
            guard unsafe symlink(target, draft) == 0 else {
                throw OperationalError.system("make the link", path)
            }
            try place(draft, at: path, replacing: true)
        }
        return true
    }

    /// The files of earlier exports that the experiment has no more, and those of folders among `items` that
    /// these have no more; removes those that are as they were written, if asked.
    func leftovers(beside items: [ExportItem], removing: Bool) throws -> [ExportedFile] {
        if obstacle != nil { return [] }
        let lock = try store.lockExports(into: folder)
        defer { withExtendedLifetime(lock) {} }
        var ledger = try store.exportLedger(of: folder)
        let before = ledger
        let current = ExportName.all(in: graph)
        let exported = Set(items.map { $0.name })
        let kept = Set(try ExportPart.all(of: items, in: store).parts.compactMap { $0.note })
        var files: [ExportedFile] = []
        for (name, entry) in ledger.entries.sorted(by: { $0.key < $1.key })
        where entry.experiment == graph.experiment && entry.file == graph.fileInProject {
            let top = String(name.prefix { $0 != "/" })
            // Of a folder that was not exported now nothing is known.
            if current.contains(top) && (!exported.contains(top) || kept.contains(name)) {
                continue
            }
            let path = "\(folder)/\(ExportPart.path(ofNote: name))"
            let found = try ExportPlace(path)
            if case .nothing = found {
                ledger.entries[name] = nil
                continue
            }
            guard removing, found.isNoted(entry.digests) else {
                files.append(ExportedFile(path: path, state: .left))
                continue
            }
            try remove(path, below: "\(folder)/\(top)")
            ledger.entries[name] = nil
            files.append(ExportedFile(path: path, state: .removed))
        }
        if ledger != before { try store.keep(ledger) }
        return files
    }

    /// Removes a file, and the folders of an output that are empty then.
    private func remove(_ path: String, below top: String) throws {
        try removeTree(path)
        var parent = ProjectFolder.folder(of: path)
        while ProjectReach.contains(top, parent), unsafe rmdir(parent) == 0 {
            parent = ProjectFolder.folder(of: parent)
        }
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

    /// Looks at what stands where files and folders are to be written.
    ///
    /// - Returns: for each whether it is there already.
    /// - Throws: ``ExportRefusal`` where anything else is there that Bitlaw did not write.
    private func examine(
        _ parts: [ExportPart], _ items: [ExportItem], _ ledger: ExportLedger
    ) throws -> [Bool] {
        var refused: [ExportRefusal.Standing] = []
        let isThere = try parts.map { part -> Bool in
            let path = "\(folder)/\(part.path)"
            let found = try ExportPlace(path)
            if found.isAlready(part.content, of: items[part.item]) { return true }
            let known = part.note.flatMap { ledger.entries[$0]?.digests } ?? []
            if let reason = refusal(of: found, for: part, known, isDamaged: ledger.isDamaged) {
                refused.append(ExportRefusal.Standing(path: path, reason: reason))
            }
            return false
        }
        if !refused.isEmpty { throw ExportRefusal(files: refused, isForced: isForced) }
        return isThere
    }

    /// Why something is not written over what stands there; `nil` where it is.
    private func refusal(
        of found: ExportPlace, for part: ExportPart, _ known: [Digest], isDamaged: Bool
    ) -> String? {
        let isFolder = if case .folder = part.content { true } else { false }
        switch found {
        case .nothing: return nil
        case .file where !isFolder:
            if found.isNoted(known) || isForced { return nil }
            return isDamaged
                ? "another file is there, and what earlier exports wrote is not known any more"
                : known.isEmpty
                    ? "a file is there that no export from this store wrote"
                    : "the file was changed since bitlaw wrote it"
        case .link where !isFolder && (found.isNoted(known) || isForced): return nil
        default:
            return "expected a \(isFolder ? "folder" : "file") of an earlier export, found "
                + found.inWords
        }
    }

    private func entry(_ digests: [Digest]) -> ExportLedger.Entry {
        ExportLedger.Entry(
            digests: digests, experiment: graph.experiment, file: graph.fileInProject)
    }
}
