package import LocalStore

/// Cached results that were made with something else than is here.
package struct MadeElsewhere: Equatable, Sendable {
    /// Results that differ from here in the same way.
    private struct Group: Equatable {
        let made: String
        let here: String
        var count: Int
    }

    private var groups: [Group] = []

    /// None yet.
    package init() {}

    /// How many results there are.
    package var count: Int { groups.reduce(0) { $0 + $1.count } }

    /// Counts a result, if it was made with another interpreter, processor or driver than is here.
    ///
    /// - Returns: whether it was.
    @discardableResult
    package mutating func add(_ made: MadeWith, here: MadeWith) -> Bool {
        let names = Set(made.facts.keys).union(here.facts.keys).filter(MadeElsewhere.counts)
            .sorted()
        let different = names.filter {
            MadeElsewhere.fact($0, made) != MadeElsewhere.fact($0, here)
        }
        if different.isEmpty { return false }
        let (one, other) = (
            MadeElsewhere.text(different, made), MadeElsewhere.text(different, here)
        )
        if let place = groups.firstIndex(where: { $0.made == one && $0.here == other }) {
            groups[place].count += 1
        } else {
            groups.append(Group(made: one, here: other, count: 1))
        }
        return true
    }

    /// A line for each way in which results differ, at most three.
    package var lines: [String] {
        let shown = groups.sorted { $0.count > $1.count }.prefix(3).map { group in
            let results =
                group.count == 1 ? "1 cached result was" : "\(group.count) cached results were"
            return "\(results) made with \(group.made); here: \(group.here)"
        }
        let rest = groups.count - shown.count
        return shown + (rest > 0 ? ["and \(rest) other ways"] : [])
    }

    /// Whether a difference in a fact is told: kernels and libraries differ between any two machines.
    private static func counts(_ name: String) -> Bool {
        name == "cpu" || name == "driver" || name.hasPrefix("program.")
            || name.hasPrefix(PassedVariables.lead)
    }

    /// A fact; a variable that is not passed on is not set for the program.
    private static func fact(_ name: String, _ facts: MadeWith) -> String? {
        facts.facts[name] ?? (name.hasPrefix(PassedVariables.lead) ? PassedVariables.unset : nil)
    }

    /// The most facts that a line names.
    private static let most = 4

    private static func text(_ names: [String], _ facts: MadeWith) -> String {
        let shown = names.prefix(most).map { name in
            guard let fact = fact(name, facts) else {
                return "no \(name.split(separator: ".", maxSplits: 1).last ?? "")"
            }
            if name.hasPrefix(PassedVariables.lead) {
                return "\(name.dropFirst(PassedVariables.lead.count)) \(fact)"
            }
            guard name.hasPrefix("program.") else { return fact }
            let program = name.dropFirst("program.".count)
            return fact.contains(", ") ? fact : "\(program) \(fact)"
        }.joined(separator: " on ")
        return names.count > most ? "\(shown) and \(names.count - most) more" : shown
    }
}
