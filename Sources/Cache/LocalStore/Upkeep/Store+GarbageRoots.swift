import Canon
import Glibc
import System

/// What `gc` keeps things for: runs and pins. It acts on all of them or on none.
extension Store {
    /// The largest record that is read: that of a run of millions of actions.
    static let largestRecord = 1 << 30

    /// Reads every record, the newest first, and every pin that a policy keeps; also the names of the other
    /// pins.
    ///
    /// - Throws: ``OperationalError`` `corrupt` where a record or a pin cannot be read.
    func garbageRoots(_ policy: GarbagePolicy) throws -> (
        roots: (runs: [RecordedRun], pins: [KeptPin]), droppedPins: [String]
    ) {
        var runs: [RecordedRun] = []
        var pins: [KeptPin] = []
        var dropped: [String] = []
        var unread: [(file: String, reason: String)] = []
        let shelf = RecordedShelf(self)
        for name in try namesInFolder("\(path)/runs").sorted(by: Store.isNewer) {
            try note("runs/\(name)", &unread) { bytes in
                runs.append(try RecordedRun(file: name, bytes ?? [], shelf))
            }
        }
        for name in try namesInFolder("\(path)/pins") {
            guard policy.keeps(pin: name) else {
                dropped.append(name)
                continue
            }
            try note("pins/\(name)", &unread) { pins.append(try KeptPin(name: name, $0)) }
        }
        if unread.isEmpty {
            let hasRoots = !runs.isEmpty || !pins.isEmpty || !dropped.isEmpty
            if policy.keepsPushed && !hasRoots { try requireNoResults() }
            return ((runs, pins), dropped)
        }
        throw Store.unreadable(unread.map { ("\(path)/\($0.file)", $0.reason) })
    }

    /// Gives the bytes of a record or a pin to what reads them, and notes why that cannot be done.
    private func note(
        _ file: String, _ unread: inout [(file: String, reason: String)],
        _ read: ([UInt8]?) throws -> Void
    ) throws {
        do {
            let bytes: [UInt8]?
            do {
                bytes = try readWholeFile(
                    "\(path)/\(file)", limit: Store.largestRecord, followingLinks: false)
            } catch let error as OperationalError
                where error.code == .malformed || error.code == .untrusted
            {
                // The name of a pin may be enough.
                try read(nil)
                return
            }
            try read(bytes)
        } catch let error as UnreadableFile {
            unread.append((file, error.reason))
        }
    }

    /// Refuses a store with results for which nothing tells who wants them: an older bitlaw pinned nothing
    /// that it pushed.
    private func requireNoResults() throws {
        let count = try keysOfResults().count
        if count == 0 { return }
        throw OperationalError(
            code: .corrupt,
            message:
                "\(path): gc removed nothing: there is no run and no pin, and so nothing tells which of "
                + "\(counted(count, "result")) to keep",
            remedy:
                "push again what is to stay (an older bitlaw pinned nothing), or give all up: bitlaw gc "
                + "--drop-pushed")
    }

    private static func unreadable(_ files: [(path: String, reason: String)]) -> OperationalError {
        let shown = files.prefix(5).map { "\($0.path): \($0.reason)" }.joined(separator: "\n  ")
        let more = files.count > 5 ? "\n  and \(files.count - 5) more" : ""
        return OperationalError(
            code: .corrupt,
            message:
                "gc removed nothing: it cannot tell what \(counted(files.count, "file keeps", "files keep"))"
                + "\n  \(shown)\(more)",
            remedy:
                "bring the file back from a copy, or use the bitlaw that wrote it; without it, rm '"
                + "\(files.first?.path ?? "")' gives up what only it kept")
    }
}
