package import Canon
import System

/// A blob that is wanted from elsewhere.
package struct WantedBlob: Hashable, Sendable {
    /// Its name.
    package let digest: Digest
    /// The bytes that it has to have, as the result that names it says; `nil` for logs and
    /// descriptions of keys, which are bounded by ``largestUndeclared``.
    package let size: Int?

    /// The most bytes of a blob that no result declares the size of.
    package static let largestUndeclared = 16 << 20

    /// The most bytes that are taken.
    package let limit: Int

    /// Names a blob; `limit` is for one whose size nobody declares.
    package init(_ digest: Digest, size: Int?, limit: Int = WantedBlob.largestUndeclared) {
        self.digest = digest
        self.size = size
        self.limit = size ?? limit
    }
}
