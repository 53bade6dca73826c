/// Which colour, marker and dash each series of a figure has.
struct InkPlan {
    /// A series as it is drawn.
    struct Style {
        let ink: Ink
        /// 0 circle, 1 square, 2 triangle, 3 diamond.
        let marker: Int
        /// The dash of its lines, where dashes say nothing else.
        let dash: Int
    }

    /// The members of an order, from its small end, as a colour bar shows them.
    private(set) var family: [(name: String, label: String)] = []
    /// What the order is of.
    private(set) var familyName = ""
    private var styles: [String: Style] = [:]

    /// Decides for a figure: numbers in names that are otherwise alike are an order.
    init(_ figure: Figure) {
        let names = figure.names
        var values: [String: Double] = [:]
        for series in figure.series { values[series.name] = series.value ?? values[series.name] }
        if values.count > 2 {
            familyName = figure.family
            family = names.filter { values[$0] != nil }
                .sorted { (values[$0] ?? 0, $0) < (values[$1] ?? 0, $1) }.map { ($0, $0) }
        } else if let found = NumberedNames(names), found.members.count > 2 {
            familyName = figure.family.isEmpty ? found.name : figure.family
            family = found.members
        } else if figure.isOrdered, names.count > 2 {
            familyName = figure.family
            family = names.map { ($0, $0) }
        }
        for (place, member) in family.enumerated() {
            let part = Double(place) / Double(max(1, family.count - 1))
            styles[member.name] = Style(ink: .ordered(part), marker: 0, dash: 0)
        }
        let rest = names.filter { styles[$0] == nil }
        for (place, name) in rest.enumerated() {
            // Beside an order the first of the others stands out in the colour of text.
            let ink = family.isEmpty ? Ink.named(place) : place == 0 ? .text : .named(place - 1)
            styles[name] = Style(
                ink: ink, marker: (place + (family.isEmpty ? 0 : 3)) % 4, dash: place % 4)
        }
    }

    /// How a series is drawn.
    subscript(name: String) -> Style {
        styles[name] ?? Style(ink: .text, marker: 0, dash: 0)
    }

    /// Whether a series is a member of the order.
    func isMember(_ name: String) -> Bool { family.contains { $0.name == name } }
}

/// Names that are alike but for a number, such as `N = 64` and `N = 256`.
struct NumberedNames {
    /// What the numbers are of: `N`, or `C (FLOP)`.
    let name: String
    /// The names from the smallest number to the largest, each with its number as it is written.
    let members: [(name: String, label: String)]

    /// Finds the largest group of names that share what stands around their number.
    init?(_ names: [String]) {
        var groups: [String: [(name: String, label: String, value: Double)]] = [:]
        var order: [String] = []
        for name in names {
            guard let part = NumberedNames.part(name) else { continue }
            let key = part.before + "\u{0}" + part.after
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append((name, part.text, part.value))
        }
        guard let key = order.max(by: { (groups[$0]?.count ?? 0) < (groups[$1]?.count ?? 0) }),
            let group = groups[key]
        else { return nil }
        let around = key.split(separator: "\u{0}", omittingEmptySubsequences: false)
        let before = around[0].replacing("=", with: "").split(separator: " ").joined(separator: " ")
        let after = around[1].split(separator: " ").joined(separator: " ")
        name = before.isEmpty ? after : after.isEmpty ? before : "\(before) (\(after))"
        members = group.sorted { $0.value < $1.value }.map { ($0.name, $0.label) }
    }

    /// The only number in a name, and what stands around it.
    private static func part(_ name: String) -> (
        before: String, text: String, value: Double, after: String
    )? {
        guard let start = name.firstIndex(where: { $0.isASCII && $0.isNumber }) else { return nil }
        var end = start
        while end < name.endIndex {
            let character = name[end]
            let isPower =
                "eE".contains(character) && name[start..<end].allSatisfy { !"eE".contains($0) }
            let isSign = "+-".contains(character) && "eE".contains(name[name.index(before: end)])
            guard
                character.isASCII && character.isNumber || ".,".contains(character) || isPower
                    || isSign
            else { break }
            end = name.index(after: end)
        }
        let before = name[..<start]
        let after = name[end...]
        let text = String(name[start..<end])
        guard let value = Double(text.replacing(",", with: "")),
            !(before.last.map { $0.isLetter || "^-−_".contains($0) } ?? false),
            !after.contains(where: { $0.isASCII && $0.isNumber })
        else { return nil }
        return (String(before), text, value, String(after))
    }
}
