/// A number of bytes as people write it: `500MB`, `2GB`, `1GiB`, `1000`.
package enum ByteCount {
    private static let units: [String: Int] = [
        "": 1, "B": 1, "kB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]

    /// Reads one; `nil` for anything else.
    package static func read(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0,
            let unit = units[String(text.dropFirst(digits.count).drop { $0 == " " })]
        else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
        return overflow ? nil : bytes
    }

    /// Bytes for people: at most three digits and a unit of a thousand, such as `217 MB`.
    ///
    /// Where two numbers have to agree, such as a size that was declared and one that was found, all digits
    /// are told instead.
    package static func text(_ bytes: Int) -> String {
        var value = Double(bytes)
        var names = ["kB", "MB", "GB", "TB"][...]
        if bytes < 1000 { return "\(bytes) B" }
        var name = ""
        while value >= 1000, let next = names.popFirst() {
            value /= 1000
            name = next
        }
        let places = value < 10 ? 100.0 : value < 100 ? 10 : 1
        return "\(JSON.number((value * places).rounded() / places).canonicalText) \(name)"
    }
}
