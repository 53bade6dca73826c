package import Canon
package import LocalStore
import System
package import Trust

/// Another store, reached by path or by HTTP.
///
/// Calls are batches: what is in one of them travels in parallel. A remote that does not work throws
/// ``OperationalError`` `remote`; what it serves wrongly is told for each object, and the batch goes on.
package protocol Remote: AnyObject {
    /// What a person calls it.
    var name: String { get }

    /// Told of the bytes of blobs as they move, those of attempts that fail included.
    var onBytes: (Int) -> Void { get set }

    /// Reads what stands under keys; each key is answered once, in any order.
    func entries(_ keys: [Digest], each: (Digest, StoreAnswer<RemoteEntry>) throws -> Void) throws

    /// Fetches blobs into a batch, verified; each is answered once, with its bytes.
    func fetch(
        _ blobs: [WantedBlob], into batch: BlobBatch,
        each: (WantedBlob, StoreAnswer<Int>) throws -> Void) throws

    /// The blobs that are not there.
    func absent(_ blobs: [WantedBlob]) throws -> Set<Digest>

    /// Uploads blobs of a store; each is told once it is there, with its bytes.
    func put(_ blobs: [WantedBlob], from store: Store, each: (WantedBlob, Int) throws -> Void)
        throws

    /// Writes entries, after every blob that they name.
    func put(_ entries: [RemoteEntry]) throws

    /// Reads what one signer said under keys, where nobody else writes; each key is answered once.
    func entries(
        _ keys: [Digest], by signer: VerifyingKey,
        each: (Digest, StoreAnswer<RemoteEntry>) throws -> Void) throws

    /// Writes what one signer said.
    func put(_ entries: [RemoteEntry], by signer: VerifyingKey) throws

    /// The keys that the remote can tell of: all where it lists what it has, else those of a kind's
    /// results that these signers pushed; `nil` where it can tell nothing.
    ///
    /// There may be digests among them under which no result stands.
    func keys(of kind: String, signers: [VerifyingKey]) throws -> [Digest]?

    /// Keeps in mind that a signer pushed results of a kind.
    func note(_ keys: [Digest], of kind: String, by signer: VerifyingKey) throws

    /// Lets these keys and blobs outlast a clean-up there.
    func keep(_ digests: [Digest]) throws

    /// Tries whether the remote works, and with `writing` whether it can be written.
    ///
    /// - Returns: what is worth knowing, in a few words.
    /// - Throws: ``OperationalError`` `remote`.
    func probe(writing: Bool) throws -> String

    /// The keys under a name; `nil` where there is no such name.
    func tag(_ name: String) throws -> RemoteTag?

    /// Gives keys a name; an older list of that name is replaced.
    func put(_ tag: RemoteTag) throws
}

extension OperationalError {
    /// A remote that cannot be used.
    static func remote(_ name: String, _ what: String, fix: String) -> OperationalError {
        OperationalError(code: .remote, message: "remote \(name): \(what)", remedy: fix)
    }
}
