/// What was said of a failure, with its numbers apart: failures that differ in few of these are told once.
struct FailureWords {
    /// The text without its numbers.
    let pattern: String
    /// Its numbers, in their order.
    private let numbers: [String]

    /// So many numbers may differ: more would say nothing beside each other.
    private static let most = 3

    /// Takes a text apart.
    init(_ text: String) {
        var (pattern, numbers, number) = ("", [String](), "")
        var characters = text[...]
        func isDigit(_ character: Character?) -> Bool {
            character.map { $0.isASCII && $0.isNumber } ?? false
        }
        while let character = characters.popFirst() {
            let goesOn =
                isDigit(character)
                || character == "." && !number.isEmpty && isDigit(characters.first)
            if goesOn {
                number.append(character)
                continue
            }
            if !number.isEmpty {
                numbers.append(number)
                pattern += "\u{0}"
                number = ""
            }
            pattern.append(character)
        }
        if !number.isEmpty {
            numbers.append(number)
            pattern += "\u{0}"
        }
        (self.pattern, self.numbers) = (pattern, numbers)
    }

    /// How this differs from another failure of the same pattern, such as `, with 41 for 44`; `nil` where
    /// they are not alike.
    func difference(from other: FailureWords) -> String? {
        guard pattern == other.pattern else { return nil }
        var pairs: [String] = []
        for (own, theirs) in zip(numbers, other.numbers) where own != theirs {
            let pair = "\(own) for \(theirs)"
            if !pairs.contains(pair) { pairs.append(pair) }
        }
        guard pairs.count <= FailureWords.most else { return nil }
        return pairs.isEmpty ? "" : ", with \(pairs.joined(separator: ", "))"
    }
}
