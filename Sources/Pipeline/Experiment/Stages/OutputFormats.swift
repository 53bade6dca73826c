package import Canon

/// What is known of the formats of outputs; Stages knows them, an audit and claims need them.
package protocol OutputFormats: Sendable {
    /// Says how two outputs with different bytes differ, as what they are.
    ///
    /// - Parameters:
    ///   - expected: the bytes under audit.
    ///   - found: the bytes that came out now.
    ///   - fileName: the file name of the kind's output; its extension is the format.
    ///   - tolerance: what still counts as within tolerance; `nil` for nothing.
    /// - Returns: what they were compared as, and how they differ.
    func compare(
        _ expected: [UInt8], _ found: [UInt8], fileName: String, tolerance: Tolerance?
    ) -> TypedComparison

    /// The cell of a table: of the only row whose columns have these values.
    ///
    /// - Throws: an error that says what was expected and found.
    func cell(in table: [UInt8], row: [String: JSON], column: String) throws -> JSON

    /// How many rows of a table have these values, and anything in the column.
    ///
    /// - Throws: an error that says what was expected and found.
    func countRows(in table: [UInt8], row: [String: JSON], column: String) throws -> Int

    /// Every number of a table or a JSON document with its place; empty for other formats.
    func numbers(in bytes: [UInt8], fileName: String) -> [(place: String, value: Double)]
}
