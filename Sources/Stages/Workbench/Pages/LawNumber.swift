package import Canon

/// A number of a law as a person writes it: `0.34`, `12300`, `6.8·10⁶`.
///
/// The digits are those of ``Markup/significant(_:_:)``. Whole numbers of six places and more, and numbers
/// below 10⁻⁴, are a factor and a power of ten.
package struct LawNumber {
    private let factor: String
    private let power: Int?

    /// A number with so many significant digits.
    package init(_ value: Double, _ digits: Int = 3) {
        let text = Markup.significant(value, digits)
        if let mark = text.firstIndex(of: "e"), let power = Int(text[text.index(after: mark)...]) {
            (factor, self.power) = (String(text[..<mark]), power)
            return
        }
        let whole = text.drop { $0 == "−" }
        guard whole.count > 5, whole.allSatisfy({ $0.isNumber }) else {
            (factor, power) = (text, nil)
            return
        }
        var tail = whole.dropFirst()
        while tail.last == "0" { tail.removeLast() }
        factor =
            text.prefix(text.count - whole.count) + whole.prefix(1)
            + (tail.isEmpty ? "" : ".\(tail)")
        power = whole.count - 1
    }

    /// The number as a terminal, a page and a picture print it.
    package static func text(_ value: Double, _ digits: Int = 3) -> String {
        let number = LawNumber(value, digits)
        return number.joined { "10\(PowerText.raised($0))" }
    }

    /// The number in a formula of LaTeX.
    package var latex: String {
        joined { "10^{\($0)}" }.replacing("−", with: "-").replacing("·", with: " \\cdot ")
    }

    /// `[low, high]` of `{low, high}`, as ``Told/ends(_:_:)`` reads it.
    package static func ends(_ json: JSON?) -> String? { Told.ends(json) { LawNumber.text($0) } }

    private func joined(_ ten: (Int) -> String) -> String {
        guard let power else { return factor }
        switch factor {
        case "1": return ten(power)
        case "−1": return "−\(ten(power))"
        default: return "\(factor)·\(ten(power))"
        }
    }
}
