/// Why a value does not fit a parameter.
package struct Misfit: Error, Sendable, Equatable {
    /// What was found.
    package let found: String
    /// What to do, beyond what is expected: one line each.
    package let advice: [String]

    init(_ found: String, _ advice: [String] = []) {
        self.found = found
        self.advice = advice
    }
}
