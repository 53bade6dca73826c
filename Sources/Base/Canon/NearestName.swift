/// The allowed name that is closest to a mistyped one, if any is close.
///
/// Close: at most a third of its letters (at least two) inserted, removed, replaced or swapped.
/// - Complexity: the product of the lengths, for each allowed name.
package func nearestName(to name: String, among allowed: some Sequence<String>) -> String? {
    let limit = max(2, name.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in allowed where abs(candidate.count - name.count) <= limit {
        let distance = editDistance(Array(name.lowercased()), Array(candidate.lowercased()))
        if distance <= limit, distance < candidate.count, distance < (best?.distance ?? .max) {
            best = (distance, candidate)
        }
    }
    return best?.name
}

/// Damerau's distance in the restricted form (optimal string alignment).
func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var before = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for i in left.indices {
        var current = [i + 1]
        for j in right.indices {
            var cost = min(previous[j + 1] + 1, current[j] + 1)
            cost = min(cost, previous[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                cost = min(cost, before[j - 1] + 1)
            }
            current.append(cost)
        }
        (before, previous) = (previous, current)
    }
    return previous[right.count]
}

/// The longest name that begins a mistyped one, or the first that this begins: `form` for `formula`.
private func longerOrShorter(_ name: String, _ sorted: [String]) -> String? {
    let least = 3
    let begun = sorted.filter { $0.count >= least && name.hasPrefix($0) }.max {
        $0.count < $1.count
    }
    return begun ?? (name.count >= least ? sorted.first { $0.hasPrefix(name) } : nil)
}

/// The notes for an unknown name: what is allowed, and the nearest spelling.
package func notes(forUnknown name: String, allowed: some Collection<String>) -> [String] {
    var notes: [String] = []
    let sorted = allowed.sorted()
    if sorted.isEmpty {
        notes.append("expected: nothing, for there is none")
    } else if sorted.count <= 24 {
        notes.append("expected: \(sorted.joined(separator: ", "))")
    } else {
        notes.append("expected: one of \(sorted.count) names, such as \(sorted[0])")
    }
    if let nearest = nearestName(to: name, among: sorted) ?? longerOrShorter(name, sorted) {
        notes.append("did you mean `\(nearest)`?")
    }
    return notes
}
