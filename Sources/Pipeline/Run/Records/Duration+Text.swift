extension Duration {
    /// Seconds for people: `0.4 s`, `12 s`, `3 min 20 s`.
    package static func text(_ seconds: Double) -> String {
        if seconds < 10 { return "\(decimals(seconds, seconds < 1 ? 2 : 1)) s" }
        if seconds < 100 { return "\(Int(seconds.rounded())) s" }
        let whole = Int(seconds.rounded())
        if whole < 6000 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }

    /// A number with so many decimals.
    package static func decimals(_ number: Double, _ count: Int) -> String {
        var scale = 1.0
        for _ in 0..<count { scale *= 10 }
        let whole = Int((number.magnitude * scale).rounded())
        let digits = String(whole)
        let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
        let sign = number < 0 && whole > 0 ? "-" : ""
        if count == 0 { return sign + padded }
        return sign + padded.dropLast(count) + "." + padded.suffix(count)
    }
}
