import TestSupport

/// The seeds that are tried: some every day, all that fit into a time that was asked for, or a single one.
struct FuzzSeeds: Sequence, IteratorProtocol {
    /// Whether one input is tried again by itself.
    let isSingle: Bool
    private var following: UInt64
    private var left: Int
    private let end: ContinuousClock.Instant?

    /// Reads what the environment asks for.
    init() {
        let single = variable("BITLAW_FUZZ_SEED").flatMap { UInt64($0) }
        let seconds = variable("BITLAW_FUZZ_SECONDS").flatMap { Int($0) }
        isSingle = single != nil
        following = single ?? 1
        left = single != nil ? 1 : seconds != nil ? .max : trials(300)
        end = single == nil ? seconds.map { ContinuousClock.now + .seconds($0) } : nil
    }

    /// The next seed.
    mutating func next() -> UInt64? {
        if left == 0 { return nil }
        if let end, ContinuousClock.now >= end { return nil }
        left -= 1
        defer { following += 1 }
        return following
    }
}
