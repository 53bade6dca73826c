import Canon

/// How much of an experiment is audited.
package enum SampleSize: Sendable, Equatable {
    /// So many actions.
    case count(Int)
    /// So large a part of them, above 0 and at most 1.
    case fraction(Double)

    /// Reads `10` or `5%`; `nil` for anything else.
    package init?(_ text: String) {
        if text.hasSuffix("%") {
            guard let percent = Double(text.dropLast()), percent > 0, percent <= 100 else {
                return nil
            }
            self = .fraction(percent / 100)
        } else {
            guard let count = Int(text), count > 0 else { return nil }
            self = .count(count)
        }
    }
}

/// A stratified sample of actions, seeded: the same seed chooses the same actions.
///
/// Every kind gets its share, at least one action where the size allows it; within a kind the
/// actions are ordered by what they cost, cut into as many slices of equal count as are to be
/// chosen, and one is drawn from each. So cheap and costly actions of every kind are looked at.
package enum AuditSample {
    /// The chosen actions, in the graph's order.
    ///
    /// - Parameters:
    ///   - candidates: the actions to choose from, with their kind and their seconds.
    ///   - size: how many; never fewer than there are kinds where it is a fraction.
    ///   - seed: what the draws follow from.
    /// - Returns: the indices of the chosen ones.
    /// - Complexity: `n log n` in the candidates.
    package static func choose(
        _ candidates: [(index: Int, name: String, kind: String, seconds: Double)],
        size: SampleSize, seed: UInt64
    ) -> [Int] {
        var kinds: [String: [(index: Int, name: String, kind: String, seconds: Double)]] = [:]
        for candidate in candidates { kinds[candidate.kind, default: []].append(candidate) }
        let total: Int
        switch size {
        case .count(let count): total = min(count, candidates.count)
        case .fraction(let part):
            let wanted = Int((part * Double(candidates.count)).rounded(.up))
            total = min(candidates.count, max(wanted, kinds.count))
        }
        var chosen: [Int] = []
        for (kind, quota) in quotas(kinds.mapValues { $0.count }, total: total, seed: seed) {
            let ordered = (kinds[kind] ?? []).sorted {
                ($0.seconds, $0.name) < ($1.seconds, $1.name)
            }
            for slice in 0..<quota {
                let start = slice * ordered.count / quota
                let end = (slice + 1) * ordered.count / quota
                let draw = number(seed, "\(kind)/\(slice)") % UInt64(end - start)
                chosen.append(ordered[start + Int(draw)].index)
            }
        }
        return chosen.sorted()
    }

    /// How many of each kind: in proportion, by largest remainder, at least one if there are enough.
    private static func quotas(
        _ counts: [String: Int], total: Int, seed: UInt64
    ) -> [(kind: String, quota: Int)] {
        let names = counts.keys.sorted()
        let all = counts.values.reduce(0, +)
        if total < names.count {
            // Too few for one of each: which kinds is drawn as well.
            return names.sorted { number(seed, $0) < number(seed, $1) }.prefix(total).map {
                ($0, 1)
            }
        }
        var quotas = names.map { name in
            let share = Double(total) * Double(counts[name] ?? 0) / Double(max(1, all))
            return (name: name, quota: max(1, Int(share)), rest: share - share.rounded(.down))
        }
        var left = total - quotas.reduce(0) { $0 + $1.quota }
        while left != 0 {
            // Adds to the largest remainder, or takes from the largest quota.
            let place =
                left > 0
                ? quotas.indices.filter { quotas[$0].quota < counts[quotas[$0].name] ?? 0 }
                    .max { (quotas[$0].rest, $1) < (quotas[$1].rest, $0) }
                : quotas.indices.max { (quotas[$0].quota, $1) < (quotas[$1].quota, $0) }
            guard let place else { break }
            quotas[place].quota += left > 0 ? 1 : -1
            quotas[place].rest -= 1
            left += left > 0 ? -1 : 1
        }
        return quotas.map { ($0.name, $0.quota) }
    }

    /// A number that follows from the seed and a name alone.
    private static func number(_ seed: UInt64, _ name: String) -> UInt64 {
        let text = Array("bitlaw/audit-sample/1 \(seed) \(name)".utf8)
        return UInt64(Digest(of: text.span).hex.prefix(16), radix: 16) ?? 0
    }
}
