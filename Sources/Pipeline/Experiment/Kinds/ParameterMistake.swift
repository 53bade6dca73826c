/// A mistake in a parameter that its type does not show.
package struct ParameterMistake: Sendable {
    /// The parameter.
    package let parameter: String
    /// Which element of its list; `nil` for the whole.
    package let element: Int?
    /// What was found.
    package let message: String
    /// What to do, one line each.
    package let notes: [String]

    /// Names a mistake.
    package init(parameter: String, element: Int? = nil, message: String, notes: [String]) {
        self.parameter = parameter
        self.element = element
        self.message = message
        self.notes = notes
    }
}
