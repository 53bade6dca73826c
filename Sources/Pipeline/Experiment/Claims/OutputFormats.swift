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

    /// Judges a claim by the outputs that it may name.
    ///
    /// - Throws: ``ClaimFailure`` for a claim that cannot be judged by anything; errors of the outputs.
    func judge(_ claim: Claim, by inputs: [StageInput]) throws -> ClaimOutcome

    /// Every number of a table or a JSON document with its place; empty for other formats.
    func numbers(in bytes: [UInt8], fileName: String) -> [(place: String, value: Double)]
}
