package import Canon

/// The content of what an action reads.
package struct SourceContent: Sendable, Equatable {
    /// The digest of the bytes; of a folder that of its tree.
    package let digest: Digest
    /// Whether it is a folder.
    package let isTree: Bool
    /// Whether the file may be executed.
    package let isExecutable: Bool

    /// Names a content.
    package init(_ digest: Digest, isTree: Bool = false, isExecutable: Bool = false) {
        self.digest = digest
        self.isTree = isTree
        self.isExecutable = isExecutable
    }
}
