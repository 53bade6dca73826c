import Canon
import Glibc
import System

extension Store {
    /// The most bytes of the notes on one folder.
    private static let mostBytes = 256 << 20

    /// What Bitlaw wrote into a folder, as far as this store knows.
    package func exportLedger(of folder: String) throws -> ExportLedger {
        let relative = Store.path(to: folder, from: path)
        let place = exportPlace(relative)
        do {
            let bytes = try readWholeFile(
                place, limit: Store.mostBytes, followingLinks: false)
            guard let bytes else { return ExportLedger(folder: relative) }
            return ExportLedger(folder: relative, reading: bytes)
        } catch let error as OperationalError
            where error.code == .malformed || error.code == .untrusted
        {
            try setAside(place, reason: error.reason(at: place), isOwn: true)
            return ExportLedger(folder: relative, isDamaged: true)
        }
    }

    /// Whether a file of `exports/` can be read, and is named by the digest of the folder that it tells of.
    func isExportLedger(named name: String) -> Bool {
        guard
            let bytes = try? readWholeFile(
                "\(path)/exports/\(name)", limit: Store.mostBytes, followingLinks: false),
            let folder = (try? JSON(parsing: bytes))?["folder"]?.text
        else { return false }
        return name == "\(Digest(of: Array(folder.utf8).span).hex).json"
            && !ExportLedger(folder: folder, reading: bytes).isDamaged
    }

    /// Keeps what was written into a folder; a store that may not be written keeps nothing.
    package func keep(_ ledger: ExportLedger) throws {
        if isReadOnly { return }
        let place = exportPlace(ledger.folder)
        try makeFolder("\(path)/exports")
        try writeWholeFile(
            ledger.json.canonical(), to: place, isDurable ? .durable : .none,
            drafts: "\(path)/tmp")
    }

    /// Waits until nobody else writes into a folder, and holds others off while the lock lives; `nil` for a
    /// store that may not be written.
    package func lockExports(into folder: String) throws -> ActionLock? {
        if isReadOnly { return nil }
        let name = "exports into \(Store.path(to: folder, from: path))"
        for _ in 0..<2000 {
            if let lock = try tryLock(Digest(of: Array(name.utf8).span)) { return lock }
            usleep(5000)
        }
        throw OperationalError(
            code: .inUse, message: "\(folder): another bitlaw is writing there",
            remedy: "wait until it is done, then try again")
    }

    private func exportPlace(_ relative: String) -> String {
        "\(path)/exports/\(Digest(of: Array(relative.utf8).span).hex).json"
    }

    /// The path of a folder as seen from another; both with their links followed.
    private static func path(to folder: String, from base: String) -> String {
        let target = ProjectFolder.real(folder).split(separator: "/")
        let start = ProjectFolder.real(base).split(separator: "/")
        let shared = zip(target, start).prefix { ExactText(String($0)) == ExactText(String($1)) }
            .count
        let up = Array(repeating: "..", count: start.count - shared)
        return (up + target.dropFirst(shared).map(String.init)).joined(separator: "/")
    }
}
