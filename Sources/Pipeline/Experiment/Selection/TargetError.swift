/// A target that selects no action, or that cannot be read.
package struct TargetError: Error, CustomStringConvertible {
    /// What was asked for, what there is, and the nearest spelling.
    package let description: String

    init(_ message: String, _ notes: [String]) {
        description = ([message] + notes.map { "  \($0)" }).joined(separator: "\n")
    }
}
