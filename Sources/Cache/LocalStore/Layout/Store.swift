import Canon
import Glibc
import Synchronization
import System
import Trust

/// A store: content, action results and run records in one folder, over any number of read-only
/// ones.
///
/// Any number of processes may use one store at once. Nothing is ever changed in place: a file
/// appears whole under its name (write, fsync, rename, fsync the folder) or not at all.
package final class Store: Sendable {
    /// The folder.
    package let path: String
    /// The folders of read-only stores that are looked into after this one.
    package let also: [String]
    /// Whether this process may not write into the folder.
    package let isReadOnly: Bool
    /// Whether what is written has to outlast a loss of power: not where the store is removed at its
    /// maker's end.
    package let isDurable: Bool
    /// Held shared while the store is open, so that `gc` never runs beside a live process.
    private let presence: StorePresence?
    private let damaged = Mutex<(all: [Damage], told: Int)>(([], 0))
    private let refused = Mutex<[Refusal]>([])
    /// The trees of which everything was there when this process looked.
    let wholeTrees = Mutex<Set<Digest>>([])
    private let policies: [TrustPolicy]
    /// The digests of files outside that are known.
    let index: ExternalIndex
    /// What blobs are read with.
    let readers = FrameReaderPool()
    /// Where leases are asked for beside locks.
    let leases: LeaseFolder?

    private init(
        path: String, also: [String], trust: [TrustPolicy], isReadOnly: Bool, isDurable: Bool,
        presence: StorePresence?
    ) {
        self.path = path
        self.isDurable = isDurable
        policies = trust
        index = ExternalIndex(store: path)
        let folder = "\(path)/\(StoreLayout.leases)"
        leases = !isReadOnly && LeaseFile.exists(folder) ? LeaseFolder(folder) : nil
        self.also = also
        self.isReadOnly = isReadOnly
        self.presence = presence
    }

    /// What this process found damaged so far.
    package var damage: [Damage] { damaged.withLock { $0.all } }

    /// What was found damaged since the last call: each is told to the person once.
    package func takeUntoldDamage() -> [Damage] {
        damaged.withLock { found in
            defer { found.told = found.all.count }
            return Array(found.all[found.told...])
        }
    }

    /// Notes damage; what stays where it is may be found again, and is noted once.
    func note(_ damage: Damage) {
        wholeTrees.withLock { $0 = [] }
        damaged.withLock { found in
            if damage.outcome == .stays && found.all.contains(damage) { return }
            found.all.append(damage)
        }
    }

    /// The results that this process found and was not allowed to use so far, each once.
    package var refusals: [Refusal] { refused.withLock { $0 } }

    func note(_ refusal: Refusal) {
        refused.withLock { if !$0.contains(refusal) { $0.append(refusal) } }
    }

    /// Whose results of a layer are used.
    package func trust(ofLayer layer: Int) -> TrustPolicy {
        layer < policies.count ? policies[layer] : .any
    }

    /// Opens a store, and makes it on first use.
    ///
    /// A store without write permission is opened for reading; only writing into it then fails.
    /// `trust` has a policy for each layer, the store itself first; any result where there is none.
    /// A store that is not `isDurable` waits for no disk: for one that is removed in the end. `exclusive`
    /// takes it alone, and waits up to `waiting` seconds for others to close it. A process `joins` one that
    /// has the store open and waits for it.
    ///
    /// Nothing is written or removed in a store with a link in place of one of its folders.
    /// - Throws: ``OperationalError``: `newerFormat`, `notAStore`, `permission`, `missing`, `readOnly`,
    ///   `untrusted`, `inUse`.
    package static func open(
        _ path: String, also: [String] = [], trust: [TrustPolicy] = [], creating: Bool = true,
        exclusive: Bool = false, waiting: Double = StorePresence.patience, joins: Bool = false,
        isDurable: Bool = true
    ) throws -> Store {
        let isThere = try hasFormat(path)
        if !isThere {
            guard try creating || StoreLayout.isMarked(path) else {
                throw OperationalError(
                    code: .missing, message: "\(path): no store there",
                    remedy: "bitlaw run makes one; or name another with --store")
            }
            try StoreLayout.create(path)
        }
        for layer in also where try !hasFormat(layer) {
            throw OperationalError(
                code: .missing, message: "\(layer): no store there to read from",
                remedy: "check the path after --also, or take it out of bitlaw.yaml")
        }
        let isReadOnly = unsafe access(path, W_OK) != 0 && (errno == EROFS || errno == EACCES)
        func store(_ presence: StorePresence?) -> Store {
            Store(
                path: path, also: also, trust: trust, isReadOnly: isReadOnly, isDurable: isDurable,
                presence: presence)
        }
        if isReadOnly { return store(nil) }
        // Before locks are taken in a folder that may be missing.
        let intruders = try StoreLayout.requireOwnFolders(path)
        let mended = store(nil)
        if isThere { try mended.mend(intruders) }
        let presence =
            exclusive
            ? try StorePresence.alone(path, seconds: waiting)
            : try StorePresence.shared(path, joins: joins) {
                // Locks do not tell of other hosts where there are leases: `gc` clears up then.
                if !mended.usesLeases { try mended.removeStaleDrafts() }
            }
        let opened = store(presence)
        for damage in mended.damage { opened.note(damage) }
        if !isThere && !creating {
            opened.note(
                Damage(
                    path: "\(path)/format", reason: "the file was gone", outcome: .madeAnew))
        }
        if !exclusive && !opened.usesLeases { try opened.removeStaleAttempts() }
        return opened
    }

    /// The folders of a store, none of which may be a link.
    package static var folders: [String] { StoreLayout.folders }

    /// A folder of the store itself, such as `runs` or `cas/ab`; `nil` where it is not there.
    ///
    /// The store's own path may be a link; none of the folders in it.
    func folder(_ name: String) throws -> FolderHandle? {
        guard var folder = try FolderHandle.open(path, followingLinks: true) else { return nil }
        for part in name.split(separator: "/") {
            guard let inner = try folder.folder(String(part)) else { return nil }
            folder = inner
        }
        return folder
    }

    /// Every layer, the writable one first.
    package var layers: [String] { [path] + also }

    /// The folder of a layer: 0 is the store itself, the others follow in the order of ``also``.
    package func path(ofLayer layer: Int) -> String { layers[layer] }

    /// What is left of the store's disk, in bytes; no bound where that cannot be told.
    package var freeBytes: Int {
        var status = statvfs()
        return unsafe statvfs(path, &status) == 0
            ? Int(status.f_bavail) * Int(status.f_frsize) : .max
    }

    /// Refuses to write into a store that is open for reading only.
    package func requireWritable() throws {
        if isReadOnly {
            throw OperationalError(
                code: .readOnly, message: "\(path): the store is read-only",
                remedy: "choose a writable store with --store, and read this one with --also "
                    + path)
        }
    }

    /// Whether a folder is a store that this version can use; `false` for one that is to become a store.
    private static func hasFormat(_ path: String) throws -> Bool {
        try requireFolder(path)
        guard let bytes = try readWholeFile("\(path)/format", limit: 4096) else {
            guard let stranger = try StoreLayout.stranger(in: path) else {
                try StoreLayout.requireOwnFolders(path)
                return false
            }
            throw OperationalError(
                code: .notAStore,
                message: "\(path): expected a store or an empty folder, found \(visible(stranger))",
                remedy: "choose another folder with --store")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("bitlaw store "), text.hasSuffix("\n"),
            let version = Int(text.dropFirst(13).dropLast()), version >= 1
        else {
            throw OperationalError(
                code: .notAStore,
                message: "\(path)/format: expected the line \"bitlaw store 1\", found "
                    + "\"\(visible(String(text.prefix(40))))\"",
                remedy:
                    "bring the file back from a copy; if the store was made by a bitlaw of format 1, "
                    + "write that line. Or choose another folder with --store")
        }
        guard version <= StoreLayout.version else {
            throw OperationalError(
                code: .newerFormat,
                message: "\(path): the store has format \(version), this bitlaw knows up to "
                    + "\(StoreLayout.version)",
                remedy: "use the bitlaw that made it, or another store with --store")
        }
        try StoreLayout.requireOwnFolders(path)
        return true
    }

    private static func requireFolder(_ path: String) throws {
        var status = stat()
        let isThere = unsafe stat(path, &status) == 0
        if isThere && status.st_mode & S_IFMT == S_IFDIR { return }
        // What is no link was made between the two looks, by an engine that makes the same store.
        var link = stat()
        let isLink = unsafe lstat(path, &link) == 0 && link.st_mode & S_IFMT == S_IFLNK
        guard isThere || isLink else { return }
        throw OperationalError(
            code: .notAStore,
            message: "\(path): expected a folder, found a "
                + (isThere ? "file" : "link that leads to nothing"),
            remedy: "choose another store with --store")
    }
}
