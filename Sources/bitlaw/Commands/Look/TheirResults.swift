import Canon
import Experiment
import LocalStore
import Remotes
import Run
import System

/// What another store has of some kinds, as a store that can be looked through: the folder itself, or
/// what a server tells of it, without outputs and logs.
struct TheirResults {
    /// The results, with the descriptions of their keys.
    let store: Store
    private let scratch: ScratchFolder?

    /// Opens a folder, or asks a server for its keys and reads what stands under them.
    ///
    /// - Throws: `UsageError` where a server can tell no keys.
    init(_ name: String, tag: String?, kinds: Set<String>, graph: ActionGraph, store own: Store)
        throws
    {
        let remote = try Sharing.find(name, "--against", project: graph.project)
        if case .folder(let path) = remote.address, tag == nil {
            do {
                (store, scratch) = (try Store.open(path, creating: false), nil)
            } catch let error as OperationalError where error.code == .missing {
                throw UsageError(
                    text:
                        "--against \(name): \(path): no store there\n  fix: check the path, and that "
                        + "its file system is mounted")
            }
            return
        }
        let opened = try remote.open(creating: false, for: .person)
        var keys: Set<Digest> = []
        if let tag {
            guard isSafeName(tag), let list = try opened.tag(tag) else {
                throw UsageError(
                    text: "--tag \(tag): \(name) has no such tag\n"
                        + "  fix: bitlaw push EXPERIMENT --to \(name) --tag \(tag) makes it")
            }
            keys = Set(list.keys)
        } else {
            let signers = try Sharing.knownKeys(try KeyStore(), project: graph.project)
            for kind in kinds.sorted() {
                guard let some = try opened.keys(of: kind, signers: signers) else { continue }
                keys.formUnion(some)
            }
            guard !keys.isEmpty else {
                throw UsageError(
                    text: "--against \(name): the server lists no keys, and nobody whose key you "
                        + "trust pushed results of this kind there\n  fix: let it list the folder ac "
                        + "(nginx: autoindex on), or name a tag with --tag, or trust the key of whoever "
                        + "pushed (bitlaw keys trust)")
            }
        }
        // Nothing of it is used: the rule of the remote is about results that are.
        let slot = RemoteSlot(opened, trust: .any, largestBlob: remote.largestBlob)
        let scratch = try ScratchFolder(own)
        do {
            let store = try Store.open("\(scratch.path)/theirs")
            let session = RemoteSession(store: store, slots: [slot])
            try session.fetch(
                keys.sorted(), blobs: false, wanted: { kinds.contains($0.kind) }
            ) { _, _ in
            }
            if let failure = session.failures[0] { throw failure.error }
            (self.store, self.scratch) = (store, scratch)
        } catch {
            scratch.remove()
            throw error
        }
    }

    /// Removes what was read from a server.
    func remove() { scratch?.remove() }
}
