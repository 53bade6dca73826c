/// A file or folder of this machine that a confined program sees.
package struct SandboxMount: Sendable, Equatable {
    /// Where it is on this machine.
    package let source: String
    /// Where the program sees it.
    package let place: String
    /// Whether the program may change it.
    package let isWritable: Bool

    /// Shows a file or folder, at its own place unless another is named.
    package init(_ source: String, at place: String? = nil, isWritable: Bool = false) {
        self.source = source
        self.place = place ?? source
        self.isWritable = isWritable
    }
}
