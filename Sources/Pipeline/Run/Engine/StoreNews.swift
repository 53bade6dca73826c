import Canon
import LocalStore

/// What a store found out while it was read, as warnings, each told once.
struct StoreNews {
    private var toldRefusals = 0

    /// Damage that was found since the last call, and results that may not be used: the first of each
    /// layer.
    mutating func warnings(of store: Store) -> [String] {
        let (damage, refusals) = (store.takeUntoldDamage(), store.refusals)
        guard !damage.isEmpty || refusals.count > toldRefusals else { return [] }
        var found = damage.map { $0.warning }
        for (place, refusal) in refusals.enumerated().dropFirst(toldRefusals)
        where !refusals[..<place].contains(where: { $0.origin == refusal.origin }) {
            found.append(
                "\(refusal.origin): result \(refusal.key.short) is not used: \(refusal.reason)")
        }
        toldRefusals = refusals.count
        return found
    }
}
