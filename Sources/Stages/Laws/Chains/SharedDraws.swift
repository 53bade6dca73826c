import Numerics

/// Bootstrap samples that several fits share: a group that two of them have is drawn for both at once.
///
/// A sample draws as many groups as there are in all fits together, with replacement. Points without a group
/// are in every sample, once.
struct SharedDraws {
    /// How many groups there are.
    let count: Int
    /// For each fit, the rows of each group.
    private let rows: [[[Int]]]
    /// For each fit, the rows that every sample has.
    private let kept: [[Int]]
    private let seed: UInt64

    /// Joins the groups of fits by their names.
    init(_ fits: [LawData], seed: UInt64) {
        var places: [String: Int] = [:]
        for data in fits {
            for group in data.groups.indices where !data.isWithoutName(group: group) {
                let name = data.name(ofGroup: group)
                if places[name] == nil { places[name] = places.count }
            }
        }
        let count = places.count
        rows = fits.map { data in
            var rows = [[Int]](repeating: [], count: count)
            for (group, members) in data.groups.enumerated() {
                guard !data.isWithoutName(group: group),
                    let place = places[data.name(ofGroup: group)]
                else { continue }
                rows[place] += members
            }
            return rows
        }
        kept = fits.map { data in
            data.groups.enumerated().filter { data.isWithoutName(group: $0.offset) }
                .flatMap { $0.element }
        }
        self.count = count
        self.seed = seed
    }

    /// For each fit the weights of its points in one sample: how often each was drawn, times its own weight.
    func weights(_ own: [[Double]], sample: Int) -> [[Double]] {
        var stream = RandomStream(seed: seed, purpose: "bootstrap", index: UInt64(sample))
        var drawn = own.map { $0.map { _ in 0.0 } }
        for fit in own.indices {
            for row in kept[fit] { drawn[fit][row] = own[fit][row] }
        }
        for _ in 0..<count {
            let group = stream.integer(below: count)
            for fit in own.indices {
                for row in rows[fit][group] { drawn[fit][row] += own[fit][row] }
            }
        }
        return drawn
    }
}
