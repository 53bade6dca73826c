import Canon
import Experiment

/// How a value stands in a text: `${law.alpha | 2 decimals}`.
///
/// Without a format a whole number stands as it is, any other number with three significant digits.
package enum ResultFormat: Equatable {
    case plain
    /// As a cell of a table gives it: with three significant digits where it has more, else with its own.
    case given
    /// So many significant digits.
    case digits(Int)
    /// So many digits behind the point.
    case decimals(Int)
    /// Hundredths with so many digits behind the point.
    case percent(Int)
    /// The value and the interval that its document gives beside it.
    case interval

    /// The formats, as messages name them.
    static let allowed = "4 digits, 2 decimals, percent, 1 percent, interval"

    /// Reads a format; `nil` for any other text.
    init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        switch (words.count, words.last) {
        case (1, "interval"): self = .interval
        case (1, "percent"): self = .percent(0)
        case (2, "percent"), (2, "digits"), (2, "decimals"):
            guard let count = Int(words[0]), (0...15).contains(count) else { return nil }
            self =
                words[1] == "percent"
                ? .percent(count) : words[1] == "digits" ? .digits(max(1, count)) : .decimals(count)
        default: return nil
        }
    }

    /// A value of a series as text.
    func text(_ row: Series.Row) -> String {
        guard let number = row.value.double else {
            if let truth = row.value.bool { return truth ? "yes" : "no" }
            return row.value == .null ? "–" : Series.text(of: row.value)
        }
        guard self == .interval else { return text(number) }
        guard let interval = row.interval else { return "\(text(number)) (no interval)" }
        return "\(text(number)) [\(text(interval.low)), \(text(interval.high))]"
    }

    private func text(_ number: Double) -> String {
        switch self {
        case .plain, .interval:
            number == number.rounded() && number.magnitude < 1e6
                ? GroupedDigits.text(Int(number)) : ResultFormat.significant(number, 3)
        case .given: ResultFormat.given(number)
        case .digits(let count): ResultFormat.significant(number, count)
        case .decimals(let count): ResultFormat.fixed(number, count)
        case .percent(let count): ResultFormat.fixed(100 * number, count) + " %"
        }
    }

    /// So many digits, those that are zero too unless the number ends before them, and in groups of three.
    private static func significant(_ number: Double, _ count: Int) -> String {
        let text = Markup.significant(number, count)
        guard let end = text.firstIndex(of: "e") else { return GroupedDigits.grouped(text) }
        let digits = text[..<end]
        let missing = max(2, count) - digits.count { $0.isNumber }
        let isWhole = Double(text.replacing("−", with: "-")) == number
        if missing <= 0 || isWhole { return text }
        return digits + (digits.contains(".") ? "" : ".") + String(repeating: "0", count: missing)
            + text[end...]
    }

    private static func given(_ number: Double) -> String {
        let text = ResultFormat.plain.text(number)
        let isAll = number.isFinite && Double(text.replacing("−", with: "-")) == number
        return isAll && !text.contains("e") ? Told.plain(number).replacing("-", with: "−") : text
    }

    private static func fixed(_ number: Double, _ decimals: Int) -> String {
        let pattern = decimals == 0 ? "0" : "0." + String(repeating: "0", count: decimals)
        let text = WrittenNumber(pattern)?.writing(number) ?? "\(number)"
        return text.replacing("-", with: "−")
    }
}
