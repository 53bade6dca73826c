import Canon
import Glibc
import LocalStore
import System
import Trust

/// Publishes results in groups that share their waits for the disk: while it is busy with one group, what
/// ends meanwhile is gathered for the next.
///
/// None waits for another: a result that comes while the disk is idle is a group of its own. For each group,
/// in this order: its blobs are on the disk; they have their names; its results are on the disk; they have
/// theirs. A kill loses at most the group that is being written and the one that gathers.
final class ResultGroups {
    /// How many results wait at most before the engine begins no further action.
    private static let most = 256

    /// A group that is being written, in a thread of its own.
    private struct Writing {
        let group: [FinishedAction]
        let work: BackgroundWork
        let published: Box<[Publication]>
    }

    private let store: Store
    private let account: AccountSecret?
    private var waiting: [FinishedAction] = []
    private var writing: Writing?
    /// What tells the engine, which waits for its workers, that a group is written.
    private let bell: Bell

    /// Prepares to publish into a store what an account made.
    ///
    /// - Throws: ``OperationalError`` where the system has no descriptor left.
    init(_ store: Store, account: AccountSecret?) throws {
        self.store = store
        self.account = account
        bell = try Bell()
    }

    /// Whether the results of all actions that ended are published.
    var isEmpty: Bool { waiting.isEmpty && writing == nil }

    /// Whether another action may begin: not before the results of programs, and of what took a while, are
    /// published.
    var hasRoom: Bool {
        waiting.count < ResultGroups.most && !waiting.contains { $0.isAwaited }
            && !(writing?.group.contains { $0.isAwaited } ?? false)
    }

    /// Can be read from once a group is written.
    var descriptor: CInt { bell.descriptor }

    /// Takes an action whose result is to be published.
    func add(_ action: FinishedAction) { waiting.append(action) }

    /// Begins to write what waits, unless a group is being written.
    func begin() {
        guard writing == nil, !waiting.isEmpty else { return }
        let (group, published) = (waiting, Box<[Publication]>())
        waiting = []
        let items = group.map { (result: $0.result, blobs: $0.blobs, signature: $0.signature) }
        let work = BackgroundWork { [store, account, bell] in
            defer { bell.ring() }
            try store.put(items.flatMap { $0.blobs })
            for item in items {
                if let signature = item.signature {
                    try store.add(signatures: [signature], of: item.result)
                }
            }
            let publications = try store.publish(items.map { $0.result }, made: true)
            if let account {
                // One that says the same and came from elsewhere is this account's from now on.
                let known = zip(items, publications).filter { $1 == .alreadyThere }
                if !known.isEmpty { try store.claim(known.map { $0.0.result }, by: account) }
            }
            published.set(publications)
        }
        writing = Writing(group: group, work: work, published: published)
    }

    /// Takes a group that is published; `nil` where none is.
    ///
    /// With `waiting` it waits for the group that is being written.
    /// - Throws: ``OperationalError`` where the store cannot be written.
    func take(waiting: Bool) throws -> [(FinishedAction, Publication)]? {
        guard let written = writing, waiting || written.work.hasEnded else { return nil }
        writing = nil
        bell.silence()
        try written.work.wait()
        return Array(zip(written.group, written.published.value ?? []))
    }
}
