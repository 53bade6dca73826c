/// A text from outside as it may be shown on a terminal: characters that steer one, break lines or turn the
/// direction of writing become `\u{FFFD}`, and what is too long ends in `…`.
package func visible(_ text: String, most: Int = 120) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        if shown.count == most {
            shown.append("…")
            break
        }
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
            shown.append("\u{FFFD}")
        default: shown.append(scalar)
        }
    }
    return String(shown)
}
