/// Whole numbers as people write sample sizes.
package enum GroupedDigits {
    /// Digits in groups of three: `12,345`.
    package static func text(_ number: Int) -> String {
        (number < 0 ? "−" : "") + groups(String(number.magnitude))
    }

    /// A written number of five digits or more in groups of three; any other text as it is.
    package static func grouped(_ text: String) -> String {
        let digits = text.drop { "−-".contains($0) }
        guard text.count - digits.count < 2, digits.count > 4,
            digits.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return text }
        return (digits.count < text.count ? "−" : "") + groups(String(digits))
    }

    private static func groups(_ digits: String) -> String {
        var text = digits
        var at = text.count - 3
        while at > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: at))
            at -= 3
        }
        return text
    }
}
