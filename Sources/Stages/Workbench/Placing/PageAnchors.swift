/// The names by which links lead to a page's headings.
struct PageAnchors {
    /// One for each heading, in their order: its words in small letters, with `-` between them.
    private(set) var names: [String] = []

    /// Names the headings of a text.
    init(_ events: [MarkdownEvent]) {
        // What the page itself ends with.
        var used: Set<String> = ["origins"]
        var text: String?
        for event in events {
            switch (event.node, event.edge) {
            case (.heading, .opens): text = ""
            case (.heading, .closes):
                let name = PageAnchors.name(text ?? "", &used)
                names.append(name)
                text = nil
            case (.text(let part), _), (.code(let part), _): text? += part
            case (.softBreak, _): text? += " "
            default: break
            }
        }
    }

    private static func name(_ text: String, _ used: inout Set<String>) -> String {
        let words = text.lowercased().split { character in
            !(character.isLetter || character.isNumber) || PageScanner.isReserved(character)
        }
        var name = words.joined(separator: "-")
        if name.isEmpty || name.hasPrefix("from-") { name = "section-\(name)" }
        let stem = name
        var count = 1
        while !used.insert(name).inserted {
            count += 1
            name = "\(stem)-\(count)"
        }
        return name
    }
}
