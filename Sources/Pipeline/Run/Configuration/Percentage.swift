/// A share as people write it: `2%`.
package enum Percentage {
    /// Reads one, from 0 to 100 per cent; `nil` for anything else.
    package static func read(_ text: String) -> Double? {
        guard text.hasSuffix("%"), let number = Double(text.dropLast()), (0...100).contains(number)
        else { return nil }
        return number / 100
    }
}
