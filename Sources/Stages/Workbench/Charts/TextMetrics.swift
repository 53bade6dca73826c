/// How wide text is, before any browser sets it: the widths of DejaVu Sans, which few fonts exceed.
package enum TextMetrics {
    /// How far letters rise above their line, as a part of the size.
    static let ascent = 0.78
    /// How far they hang below it.
    static let descent = 0.21
    /// The size of powers and indices, as a part of the size of their text.
    static let indexSize = 0.76

    /// How far text stands above its line, as a part of the size.
    static func height(of level: PowerText.Level) -> Double {
        switch level {
        case .line: 0
        case .raised: 0.36
        case .lowered: -0.16
        }
    }

    /// The characters from space to tilde, in thousandths of the size.
    private static let ascii: [Double] = [
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636,
        636,
        636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770,
        632,
        575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989,
        685,
        611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278,
        579,
        278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636,
        838,
    ]
    /// What bold letters are wider.
    private static let bold = 1.13

    /// The width of text in one size; powers and indices are narrower.
    package static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
        let thousandths = PowerText(text).runs.reduce(0.0) { sum, run in
            let plain = run.text.unicodeScalars.reduce(0.0) { $0 + width($1) }
            return sum + (run.level == .line ? 1 : indexSize) * plain
        }
        return thousandths / 1000 * size * (isBold ? bold : 1)
    }

    private static func width(_ scalar: Unicode.Scalar) -> Double {
        switch scalar.value {
        case 32...126: ascii[Int(scalar.value) - 32]
        case 0x2070...0x2079, 0x2080...0x209C, 0x1D62...0x1D65, 0x2C7C, 0xB2, 0xB3, 0xB9: 401
        case 0xB7: 318
        case 0x2009, 0x202F: 200
        case 0x300...0x36F: 0
        case 0x1100...0xFFFF where scalar.value >= 0x2E80: 1000
        case 0x10000...: 1000
        case 0x2010...0x2027, 0x2200...0x22FF: 838
        default: 660
        }
    }

    /// The text in lines that are no wider than asked for, broken between words; a word that is wider
    /// alone is broken where the line ends.
    package static func lines(
        _ text: String, within most: Double, size: Double, isBold: Bool = false
    )
        -> [String]
    {
        var lines: [String] = []
        var line = ""
        func isFit(_ text: String) -> Bool { width(text, size: size, isBold: isBold) <= most }
        for word in text.split(separator: " ") {
            let longer = line.isEmpty ? String(word) : "\(line) \(word)"
            if isFit(longer) {
                line = longer
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = ""
            for character in word {
                if !line.isEmpty, !isFit(line + String(character)) {
                    lines.append(line)
                    line = ""
                }
                line.append(character)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
