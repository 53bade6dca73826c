import Canon

/// What an input of two action keys has in common, and what not.
///
/// Elements are matched by what they are: whole first, then by coordinates and output, then by digest.
/// Their places alone tell nothing, for another order of an axis moves every element.
struct InputMatching {
    /// The same element in both keys, by its places.
    typealias Pair = (old: Int, new: Int)

    /// Elements at the same coordinates with other bytes.
    private(set) var changed: [Pair] = []
    /// Elements with the same bytes at other coordinates.
    private(set) var moved: [Pair] = []
    /// Elements that only the old key has.
    private(set) var removed: [Int] = []
    /// Elements that only the new key has.
    private(set) var added: [Int] = []
    /// Whether the elements that both keys have stand in another order.
    private(set) var isReordered = false

    /// Whether nothing differs but the order.
    var isOrderAlone: Bool {
        isReordered && changed.isEmpty && moved.isEmpty && removed.isEmpty && added.isEmpty
    }

    /// Matches the elements of a port, as key documents have them.
    ///
    /// - Complexity: linear in the elements.
    init(_ old: [JSON], _ new: [JSON]) {
        var (left, right) = (Array(old.indices), Array(new.indices))
        func pairs(_ identity: (JSON) -> [UInt8]) -> [Pair] {
            var places: [[UInt8]: (list: [Int], next: Int)] = [:]
            for place in right { places[identity(new[place]), default: ([], 0)].list.append(place) }
            var pairs: [Pair] = []
            var rest: [Int] = []
            var taken: Set<Int> = []
            for place in left {
                let name = identity(old[place])
                if let queue = places[name], queue.next < queue.list.count {
                    places[name]?.next += 1
                    pairs.append((place, queue.list[queue.next]))
                    taken.insert(queue.list[queue.next])
                } else {
                    rest.append(place)
                }
            }
            left = rest
            right.removeAll(where: taken.contains)
            return pairs
        }
        let same = pairs { $0.canonical() }
        changed = pairs {
            JSON.array([$0["at"] ?? .null, $0["output"] ?? .null]).canonical()
        }
        moved = pairs { ($0["digest"] ?? .null).canonical() }
        (removed, added) = (left, right)
        let order = (same + changed + moved).sorted { $0.old < $1.old }.map { $0.new }
        isReordered = zip(order, order.dropFirst()).contains { $0 > $1 }
    }

    /// Where an element stands, for people: `n=1, mode=fast`; its place where it has no coordinates.
    static func place(of element: JSON, at place: Int) -> String {
        guard let axes = element["at"]?.members, !axes.isEmpty else { return "[\(place)]" }
        return JSON.sorted(axes.keys).map { axis in
            let value = axes[axis]?["name"] ?? axes[axis] ?? .null
            return "\(axis)=\(value.text ?? value.canonicalText)"
        }.joined(separator: ", ")
    }
}
