/// Text as a printer sets it: powers are raised, such as `n^−0.5`, `10^6`, `4.5e-7` and `C^(1 + b)`, and
/// the indices of symbols lowered, such as `σ_J`, `R_D` and `x_{12}`.
///
/// A symbol is one letter: `test_loss` is a name and stays one.
package struct PowerText {
    /// Where a piece of text stands.
    package enum Level {
        /// On the line.
        case line
        /// Above it.
        case raised
        /// Below it.
        case lowered
    }

    /// A piece of text at one level.
    package struct Run: Equatable {
        /// The piece.
        package internal(set) var text: String
        /// Where it stands.
        package let level: Level
    }

    /// The pieces, in their order.
    package private(set) var runs: [Run] = []

    private static let raisedDigits: [Character: Character] = [
        "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
        "9": "⁹", "−": "⁻", "-": "⁻", "+": "⁺",
    ]
    private static let loweredCharacters: [Character: Character] = [
        "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈",
        "9": "₉", "a": "ₐ", "e": "ₑ", "h": "ₕ", "i": "ᵢ", "j": "ⱼ", "k": "ₖ", "l": "ₗ", "m": "ₘ",
        "n": "ₙ", "o": "ₒ", "p": "ₚ", "r": "ᵣ", "s": "ₛ", "t": "ₜ", "u": "ᵤ", "v": "ᵥ", "x": "ₓ",
    ]

    /// Finds the powers in a text, and the indices, unless its underscores are parts of names.
    package init(_ text: String, lowersIndices: Bool = true) {
        var rest = Array(text)[...]
        var (before, last): (Character?, Character?)
        while let character = rest.first {
            if character == "^", let (power, count) = PowerText.power(rest.dropFirst()) {
                add(power, .raised, PowerText.raisedDigits)
                rest = rest.dropFirst(1 + count)
            } else if lowersIndices, character == "_",
                let (index, count) = PowerText.index(rest.dropFirst(), of: last, after: before)
            {
                add(index, .lowered, PowerText.loweredCharacters)
                rest = rest.dropFirst(1 + count)
            } else if let (number, power, count) = PowerText.exponential(rest, after: last) {
                add(number, .line)
                add(power, .raised, PowerText.raisedDigits)
                rest = rest.dropFirst(count)
            } else {
                add(String(character), .line)
                rest = rest.dropFirst()
            }
            (before, last) = (last, character)
        }
    }

    /// The text on one line, for readers that do not see: whole powers as raised digits.
    package var plain: String {
        runs.map { run in
            switch run.level {
            case .line: run.text
            case .raised: " to the power \(run.text)"
            case .lowered: "_\(run.text)"
            }
        }.joined()
    }

    /// A whole power as raised digits: 10⁶.
    static func raised(_ number: Int) -> String {
        String(String(number).map { raisedDigits[$0] ?? $0 })
    }

    /// Adds what stands off the line: as characters of their own where each has one.
    private mutating func add(_ text: String, _ level: Level, _ own: [Character: Character]) {
        let characters = text.compactMap { own[$0] }
        if characters.count == text.count {
            add(String(characters), .line)
        } else {
            add(text, level)
        }
    }

    private mutating func add(_ text: String, _ level: Level) {
        if let last = runs.last, last.level == level {
            runs[runs.count - 1].text += text
        } else {
            runs.append(Run(text: text, level: level))
        }
    }

    /// What an underscore lowers behind a symbol; `nil` in names.
    ///
    /// That is one or two characters, a word behind a Greek letter, or what stands in braces.
    private static func index(
        _ rest: ArraySlice<Character>, of symbol: Character?, after before: Character?
    ) -> (String, Int)? {
        func isPart(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || character == "∞"
        }
        guard let symbol, symbol.isLetter,
            !(before.map { isPart($0) || "._".contains($0) } ?? false)
        else { return nil }
        if rest.first == "{", let end = partner(of: "{", "}", in: rest) {
            return (String(rest[(rest.startIndex + 1)..<end]), end - rest.startIndex + 1)
        }
        let index = rest.prefix(while: isPart)
        let most = ("α"..."ω").contains(symbol) ? 8 : 2
        let after = rest.dropFirst(index.count)
        let isName =
            after.first == "_" || after.first == "." && after.dropFirst().first?.isLetter ?? false
        return index.isEmpty || index.count > most || isName ? nil : (String(index), index.count)
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
