package import LocalStore
package import System
import Trust

/// A remote and what its use is bound to.
package struct RemoteSlot {
    /// The remote.
    package let remote: any Remote
    /// Whose results are taken from it.
    package let trust: TrustPolicy
    /// The largest blob that is taken from it.
    package let largestBlob: Int

    /// Binds a remote.
    package init(_ remote: any Remote, trust: TrustPolicy, largestBlob: Int = 64 << 30) {
        self.remote = remote
        self.trust = trust
        self.largestBlob = largestBlob
    }

    /// Says that something has more bytes than are taken from the remote.
    func tooLarge(_ what: String, bytes: Int) -> String {
        "\(what) declares \(bytes) bytes, more than the \(largestBlob) that are taken (max-blob in "
            + "bitlaw.yaml)"
    }
}

/// What became of a key that was asked for.
package enum FetchOutcome: Equatable, Sendable {
    /// The result, and all that it names, is in the store now.
    case fetched(ActionResult, remote: String)
    /// No remote has it.
    case absent
    /// A remote has it, but it was not taken.
    case refused(remote: String, reason: String)
}

/// What was moved so far.
package struct TransferCount: Equatable, Sendable {
    /// Results.
    package var results = 0
    /// Blobs.
    package var blobs = 0
    /// Uncompressed bytes of the blobs.
    package var bytes = 0
    /// Uncompressed bytes that moved so far, those of blobs that are not whole yet included.
    package var moved = 0
    /// Uncompressed bytes of all blobs that are known to have to move, those that did included.
    package var expected = 0
    /// Results that were there before.
    package var present = 0
    /// Results that were refused or left out.
    package var refused = 0
    /// Results that stand beside others with other bits.
    package var conflicts = 0
    /// Results that were not signed, for nothing proves that they were made here.
    package var unsigned = 0

    /// Nothing yet.
    package init() {}
}

/// Remotes that are asked in turn, and what is known of them; one that fails is not asked again.
package final class RemoteSession {
    /// The store that everything goes into, or comes from.
    package let store: Store
    let slots: [RemoteSlot]
    /// What each failed remote failed with, and how many keys it was not asked for since.
    package private(set) var failures: [(error: OperationalError, skipped: Int)?]
    /// Told once for each remote that fails.
    package var onFailure: (OperationalError) -> Void = { _ in }
    /// Told as things move.
    package var onProgress: (TransferCount) -> Void = { _ in }
    /// What was moved so far.
    package var count = TransferCount()

    /// Prepares a session; nothing is sent yet.
    package init(store: Store, slots: [RemoteSlot]) {
        self.store = store
        self.slots = slots
        failures = slots.map { _ in nil }
        for slot in slots {
            slot.remote.onBytes = { [weak self] bytes in
                guard let self else { return }
                count.moved += bytes
                onProgress(count)
            }
        }
    }

    /// Runs work with a remote; where it fails, says so once and goes on without it.
    ///
    /// - Returns: `nil` where the remote is, or was, out of work.
    func with<Value>(_ place: Int, asking keys: Int, _ body: (RemoteSlot) throws -> Value) throws
        -> Value?
    {
        if failures[place] != nil {
            failures[place]?.skipped += keys
            return nil
        }
        do {
            return try body(slots[place])
        } catch let error as OperationalError where error.code == .remote {
            failures[place] = (error, 0)
            onFailure(error)
            return nil
        }
    }
}
