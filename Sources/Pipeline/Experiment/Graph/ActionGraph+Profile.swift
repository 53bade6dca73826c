extension ActionGraph {
    /// The arithmetic that some of its kinds compute with; `nil` where none does.
    ///
    /// - Throws: why the arithmetic that was asked for cannot be had.
    package func profile(_ registry: KindRegistry) throws -> String? {
        stages.contains { $0.kind.usesProfile } ? try registry.profile() : nil
    }
}
