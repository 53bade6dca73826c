/// A file or folder of this machine that a confined program sees.
package struct SandboxMount: Sendable, Equatable {
    /// Where it is on this machine.
    package let source: String
    /// Where the program sees it.
    package let place: String
    /// Whether the program may change it.
    package let isWritable: Bool
    /// Whether it is a device that the program may use; others are plain files to it.
    package let isDevice: Bool

    /// Shows a file or folder, at its own place unless another is named.
    package init(
        _ source: String, at place: String? = nil, isWritable: Bool = false, isDevice: Bool = false
    ) {
        self.source = source
        self.place = place ?? source
        self.isWritable = isWritable
        self.isDevice = isDevice
    }

    /// The word by which bubblewrap shows it so.
    var word: String { isDevice ? "--dev-bind" : isWritable ? "--bind" : "--ro-bind" }
}
