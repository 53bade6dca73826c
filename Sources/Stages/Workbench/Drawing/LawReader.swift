package import Canon

/// How the program reads fitted laws for stages that know none of their forms.
///
/// What it says of a law is part of the law's file, which is part of the key.
package struct LawReader: Sendable {
    /// Reads the file of a law.
    package let read: @Sendable (JSON) throws -> LawLine

    /// A reader.
    package init(_ read: @escaping @Sendable (JSON) throws -> LawLine) { self.read = read }
}

/// A fitted law of one input, as a picture draws it.
package struct LawLine: Sendable {
    /// The column of its input.
    package let column: String
    /// The law's value, and where it lies, where the file knows.
    package let value: @Sendable (Double) -> (value: Double, ends: (low: Double, high: Double)?)
    /// The level of its interval.
    package let confidence: Double

    /// A law.
    package init(
        column: String, confidence: Double,
        value: @escaping @Sendable (Double) -> (value: Double, ends: (low: Double, high: Double)?)
    ) {
        self.column = column
        self.confidence = confidence
        self.value = value
    }
}
