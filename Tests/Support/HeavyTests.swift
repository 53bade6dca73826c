package import Testing

extension Trait where Self == ConditionTrait {
    /// Marks a test or a suite that takes long or starts large servers: `make test-all` sets
    /// `BITLAW_HEAVY=1` and runs it, `make test` passes it over and says so.
    package static var heavy: Self {
        .enabled(if: variable("BITLAW_HEAVY") == "1", "heavy: `make test-all` runs it")
    }
}
