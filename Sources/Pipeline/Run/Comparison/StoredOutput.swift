package import Canon
package import Experiment
package import LocalStore
import Remotes

/// The bytes of an output in a store.
package struct StoredOutput {
    private let digest: Digest
    private let store: Store

    /// The largest output that is compared by what it is; larger ones by their digests alone.
    private static let largest = 1 << 29

    /// Names an output in a store.
    package init(_ digest: Digest, in store: Store) {
        self.digest = digest
        self.store = store
    }

    /// The bytes; `nil` where they are not there, or too many.
    fileprivate var bytes: [UInt8]? {
        guard let size = try? store.size(of: digest), size <= StoredOutput.largest else {
            return nil
        }
        return (try? store.bytes(of: digest)).flatMap { $0 }
    }
}

extension OutputFormats {
    /// Says how two stored outputs differ; `nil` where one of them cannot be read.
    package func compare(
        _ expected: StoredOutput, _ found: StoredOutput, fileName: String, tolerance: Tolerance?
    ) -> TypedComparison? {
        guard let old = expected.bytes, let new = found.bytes else { return nil }
        return compare(old, new, fileName: fileName, tolerance: tolerance)
    }
}
