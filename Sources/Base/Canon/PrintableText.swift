/// A text from outside as it may be shown: on one line, and without what moves a terminal's cursor or
/// turns the direction of what follows.
package func printable(_ text: String) -> String {
    func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var out = ""
    for scalar in text.unicodeScalars {
        out.unicodeScalars.append(isHarmful(scalar) ? "\u{FFFD}" : scalar)
    }
    return out
}
