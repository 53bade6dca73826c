/// Why an action failed, in words for the person who runs it.
package struct ActionFailure: Error, CustomStringConvertible {
    /// What was expected, what was found, where, and what to do.
    package let description: String

    /// Names a failure.
    package init(description: String) { self.description = description }
}
