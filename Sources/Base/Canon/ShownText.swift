/// A text as it may reach a terminal: what would steer one (C0 but newline and tab, DEL, C1) or turn the
/// direction of writing is written out, `\\u001b`.
///
/// Within a string of JSON this form means the very same character, so JSON for programs passes unharmed.
package func shown(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: steers) else { return text }
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        guard steers(scalar) else {
            out.append(scalar)
            continue
        }
        let digits = String(scalar.value, radix: 16)
        out.append(
            contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
                .unicodeScalars)
    }
    return String(out)
}

/// Whether a terminal takes a character as an order.
private func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
}
