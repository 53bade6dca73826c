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
    private let presence: StoreLock?
    private let damaged = Mutex<[Damage]>([])
    private let refused = Mutex<[Refusal]>([])
    private let policies: [TrustPolicy]

    private init(
        path: String, also: [String], trust: [TrustPolicy], isReadOnly: Bool, isDurable: Bool,
        presence: StoreLock?
    ) {
        self.path = path
        self.isDurable = isDurable
        policies = trust
        self.also = also
        self.isReadOnly = isReadOnly
        self.presence = presence
    }

    /// What this process found damaged and set aside so far.
    package var damage: [Damage] { damaged.withLock { $0 } }

    func note(_ damage: Damage) { damaged.withLock { $0.append(damage) } }

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
    /// A store that is not `isDurable` waits for no disk: for one that is removed in the end.
    ///
    /// - Throws: ``OperationalError``: `newerFormat`, `notAStore`, `permission`, `missing`, `readOnly`.
    package static func open(
        _ path: String, also: [String] = [], trust: [TrustPolicy] = [], creating: Bool = true,
        exclusive: Bool = false, isDurable: Bool = true
    ) throws -> Store {
        let format = try readFormat(path)
        if format == nil {
            guard creating else {
                throw OperationalError(
                    code: .missing, message: "\(path): no store there",
                    remedy: "bitlaw run makes one; or name another with --store")
            }
            try StoreLayout.create(path)
        }
        for layer in also where try readFormat(layer) == nil {
            throw OperationalError(
                code: .missing, message: "\(layer): no store there to read from",
                remedy: "check the path after --also, or take it out of bitlaw.yaml")
        }
        let isReadOnly = unsafe access(path, W_OK) != 0 && (errno == EROFS || errno == EACCES)
        var presence: StoreLock?
        if !isReadOnly {
            // A program that is being started holds our descriptors between its fork and its exec:
            // that is nobody who uses the store, and over in a moment.
            for _ in 0..<50 {
                presence = try StoreLock.take(
                    "\(path)/locks/store.lock", kind: exclusive ? .exclusive : .shared)
                if presence != nil { break }
                usleep(2000)
            }
            if presence == nil {
                throw OperationalError(
                    code: .inUse,
                    message: exclusive
                        ? "\(path): another bitlaw is using the store"
                        : "\(path): bitlaw gc is collecting garbage in the store",
                    remedy: "wait until it is done, then try again")
            }
        }
        let store = Store(
            path: path, also: also, trust: trust, isReadOnly: isReadOnly, isDurable: isDurable,
            presence: presence)
        if !isReadOnly { try store.removeStaleAttempts() }
        return store
    }

    /// The folders of a store, none of which may be a link.
    package static let folders = [
        "cas", "actions", "runs", "tmp", "locks", "pins", "quarantine", "checkpoints", "signatures",
        "exports",
    ]

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

    private static func readFormat(_ path: String) throws -> Int? {
        try requireFolder(path)
        guard let bytes = try readWholeFile("\(path)/format", limit: 4096) else {
            let names = try namesInFolder(path)
            guard let stranger = names.first(where: { !StoreLayout.isOurs($0) }) else { return nil }
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
                code: .notAStore, message: "\(path)/format: expected \"bitlaw store 1\"",
                remedy: "choose another folder with --store")
        }
        guard version <= StoreLayout.version else {
            throw OperationalError(
                code: .newerFormat,
                message: "\(path): the store has format \(version), this bitlaw knows up to "
                    + "\(StoreLayout.version)",
                remedy: "use the bitlaw that made it, or another store with --store")
        }
        return version
    }

    private static func requireFolder(_ path: String) throws {
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            throw OperationalError(
                code: .notAStore, message: "\(path): expected a folder, found a file",
                remedy: "choose another store with --store")
        }
    }
}
