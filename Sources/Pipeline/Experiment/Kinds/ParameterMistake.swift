/// A mistake in a parameter that its type does not show.
package struct ParameterMistake: Sendable {
    /// The parameter.
    package let parameter: String
    /// Which element of its list; `nil` for the whole.
    package let element: Int?
    /// The piece of its text that is meant; one that an expression gave is somebody's value, and no mistake.
    package let piece: String
    /// What was found.
    package let message: String
    /// What to do, one line each.
    package let notes: [String]

    /// Names a mistake.
    package init(
        parameter: String, element: Int? = nil, piece: String, message: String, notes: [String]
    ) {
        self.parameter = parameter
        self.element = element
        self.piece = piece
        self.message = message
        self.notes = notes
    }
}
