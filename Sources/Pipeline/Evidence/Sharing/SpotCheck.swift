package import Canon

/// Makes a sample of what came from elsewhere again, and compares the bits.
package enum SpotCheck {
    /// Chooses a share of actions, at least one.
    ///
    /// By their keys and a `salt` that is drawn anew for each check, so that nobody who serves results
    /// can know which.
    package static func sample(
        _ actions: [(index: Int, key: Digest)], share: Double, salt: UInt64
    ) -> [Int] {
        guard share > 0, !actions.isEmpty else { return [] }
        let count = max(1, Int((Double(actions.count) * share).rounded(.up)))
        let ranked = actions.map { action in
            (
                rank: Digest(of: Array("\(salt) \(action.key.hex)".utf8).span),
                index: action.index
            )
        }.sorted { $0.rank < $1.rank }
        return ranked.prefix(count).map { $0.index }.sorted()
    }
}
