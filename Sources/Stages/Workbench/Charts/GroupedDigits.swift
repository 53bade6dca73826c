/// Whole numbers as people write sample sizes.
package enum GroupedDigits {
    /// Digits in groups of three: `12,345`.
    package static func text(_ number: Int) -> String {
        var text = String(number)
        var at = text.count - 3
        while at > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: at))
            at -= 3
        }
        return text
    }
}
