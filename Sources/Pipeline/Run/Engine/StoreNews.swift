import Canon
import LocalStore

/// What a store found out while it was read, as warnings, each told once.
struct StoreNews {
    private var toldDamage = 0
    private var toldRefusals = 0

    /// Damage that was found since the last call, and results that may not be used: the first of each
    /// layer.
    mutating func warnings(of store: Store) -> [String] {
        let (damage, refusals) = (store.damage, store.refusals)
        guard damage.count > toldDamage || refusals.count > toldRefusals else { return [] }
        var found = damage.dropFirst(toldDamage).map {
            "\($0.path) was damaged (\($0.reason)) and is set aside"
        }
        for (place, refusal) in refusals.enumerated().dropFirst(toldRefusals)
        where !refusals[..<place].contains(where: { $0.origin == refusal.origin }) {
            found.append(
                "\(refusal.origin): result \(refusal.key.short) is not used: \(refusal.reason)")
        }
        (toldDamage, toldRefusals) = (damage.count, refusals.count)
        return found
    }
}
