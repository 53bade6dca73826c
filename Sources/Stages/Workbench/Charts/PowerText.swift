/// Text whose powers are raised: `n^−0.5`, `10^6`, `4.5e-7` and `C^(1 + b)` as a printer sets them.
package struct PowerText {
    /// A piece of text that stands on the line or above it.
    struct Run: Equatable {
        var text: String
        let isRaised: Bool
    }

    /// The pieces, in their order.
    private(set) var runs: [Run] = []

    private static let raisedDigits: [Character: Character] = [
        "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
        "9": "⁹", "−": "⁻", "-": "⁻", "+": "⁺",
    ]

    /// Finds the powers in a text.
    package init(_ text: String) {
        var rest = Array(text)[...]
        var last: Character?
        while let character = rest.first {
            if character == "^", let (power, count) = PowerText.power(rest.dropFirst()) {
                add(power)
                rest = rest.dropFirst(1 + count)
            } else if let (number, power, count) = PowerText.exponential(rest, after: last) {
                add(number, isRaised: false)
                add(power)
                rest = rest.dropFirst(count)
            } else {
                add(String(character), isRaised: false)
                rest = rest.dropFirst()
            }
            last = character
        }
    }

    /// The text without any raising, for readers that do not see: whole powers as raised digits.
    package var plain: String {
        runs.map { $0.isRaised ? " to the power \($0.text)" : $0.text }.joined()
    }

    /// A whole power as raised digits: 10⁶.
    static func raised(_ number: Int) -> String {
        String(String(number).map { raisedDigits[$0] ?? $0 })
    }

    private mutating func add(_ power: String) {
        let digits = power.map { PowerText.raisedDigits[$0] }
        if digits.allSatisfy({ $0 != nil }) {
            add(String(digits.compactMap { $0 }), isRaised: false)
        } else {
            add(power, isRaised: true)
        }
    }

    private mutating func add(_ text: String, isRaised: Bool) {
        if let last = runs.last, last.isRaised == isRaised {
            runs[runs.count - 1].text += text
        } else {
            runs.append(Run(text: text, isRaised: isRaised))
        }
    }

    /// What a caret raises: a sign with a number or a name, or what stands in brackets.
    private static func power(_ rest: ArraySlice<Character>) -> (String, Int)? {
        let sign = rest.prefix { "+-−".contains($0) }.prefix(1)
        let after = rest.dropFirst(sign.count)
        guard let first = after.first else { return nil }
        let signText = String(sign).replacing("-", with: "−")
        if let close = ["(": ")" as Character, "{": "}"][first],
            let end = partner(of: first, close, in: after)
        {
            var inside = String(after[(after.startIndex + 1)..<end])
            if inside.hasPrefix("-") { inside = "−" + inside.dropFirst() }
            let text = first == "{" ? inside : "(\(inside))"
            return (signText + text, sign.count + (end - after.startIndex) + 1)
        }
        var count = after.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "*" }.count
        if count > 0, after[after.startIndex + count - 1] == "." { count -= 1 }
        return count == 0 ? nil : (signText + String(after.prefix(count)), sign.count + count)
    }

    /// Where the bracket that a text begins with closes.
    private static func partner(
        of open: Character, _ close: Character, in text: ArraySlice<Character>
    ) -> Int? {
        var depth = 0
        for (place, character) in zip(text.indices, text) {
            depth += character == open ? 1 : character == close ? -1 : 0
            if depth == 0 { return place }
        }
        return nil
    }

    /// A number such as `6e18` as a product with a power of ten.
    private static func exponential(_ rest: ArraySlice<Character>, after last: Character?) -> (
        String, String, Int
    )? {
        if let last, last.isLetter || last.isNumber || "._".contains(last) { return nil }
        let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        guard number.first?.isNumber ?? false, rest.dropFirst(number.count).first == "e" else {
            return nil
        }
        let tail = rest.dropFirst(number.count + 1)
        let sign = tail.prefix { "+-−".contains($0) }.prefix(1)
        let digits = tail.dropFirst(sign.count).prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.count < 5,
            !(tail.dropFirst(sign.count + digits.count).first.map { $0.isLetter || $0 == "_" }
                ?? false)
        else { return nil }
        let whole = digits.drop { $0 == "0" }
        let power =
            (sign.first == "+" || sign.isEmpty ? "" : "−") + (whole.isEmpty ? "0" : String(whole))
        let factor = String(number) == "1" ? "10" : "\(String(number))·10"
        return (factor, power, number.count + 1 + sign.count + digits.count)
    }
}
