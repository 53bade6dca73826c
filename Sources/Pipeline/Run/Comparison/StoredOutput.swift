package import Canon
package import Experiment
package import LocalStore
import Remotes

/// An output in a store: a file, or a folder with its files.
package struct StoredOutput {
    private let digest: Digest
    private let isTree: Bool
    private let store: Store

    /// The largest file that is compared by what it is; larger ones by their digests alone.
    private static let largest = 1 << 29

    /// Names an output in a store.
    package init(_ digest: Digest, isTree: Bool, in store: Store) {
        self.digest = digest
        self.isTree = isTree
        self.store = store
    }

    /// The bytes of a file; `nil` where they are not there, or too many.
    fileprivate var bytes: [UInt8]? {
        guard let size = try? store.size(of: digest), size <= StoredOutput.largest else {
            return nil
        }
        return bytes(of: digest)
    }

    /// The names and files of a folder; `nil` where it is none, or cannot be read.
    fileprivate var tree: Tree? {
        isTree ? (try? store.tree(digest)).flatMap(\.self) : nil
    }

    /// The bytes of a file in a folder; `nil` where they are not there.
    fileprivate func bytes(of file: Digest) -> [UInt8]? {
        (try? store.bytes(of: file)).flatMap(\.self)
    }
}

extension OutputFormats {
    /// Says how two stored outputs differ; `nil` where one of them cannot be read.
    package func compare(
        _ expected: StoredOutput, _ found: StoredOutput, fileName: String, tolerance: Tolerance?
    ) -> TypedComparison? {
        if let old = expected.tree, let new = found.tree {
            return TreeComparison(
                formats: self, tolerance: tolerance, expected: expected.bytes(of:),
                found: found.bytes(of:)
            ).compare(old, new)
        }
        guard let old = expected.bytes, let new = found.bytes else { return nil }
        return compare(old, new, fileName: fileName, tolerance: tolerance)
    }
}
