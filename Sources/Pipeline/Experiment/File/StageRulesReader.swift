import Canon

/// Reads what a stage says of how its actions are executed, such as `limits` and `retry`.
struct StageRulesReader {
    /// The longest time: 1,000 years in seconds.
    private static let longest = 31_557_600_000.0
    /// The largest memory: 2⁵³ bytes.
    private static let largest = 9_007_199_254_740_992.0

    let fields: FieldReader
    private var diagnostics: Diagnostics { fields.diagnostics }

    init(fields: FieldReader) { self.fields = fields }

    /// The rules among the members of a stage of a kind; mistakes are told.
    func rules(_ members: [String: YAMLValue], of kind: Kind) -> StageRules {
        var rules = StageRules()
        rules.limits = limits(members["limits"])
        rules.retry = retry(members["retry"])
        let bits = BitRulesReader(fields: fields, kind: kind)
        rules.promise = bits.promise(members)
        rules.checks = bits.checks(members)
        return rules
    }

    private func limits(_ value: YAMLValue?) -> Limits {
        var limits = Limits()
        guard let value,
            let members = checkedMapping(value, "`limits`", ["time", "memory"], diagnostics)
        else { return limits }
        if let time = members["time"] {
            limits.seconds = quantity(
                time, "`time`", units: ["s": 1, "m": 60, "h": 3600, "d": 86400],
                from: 0.001, to: StageRulesReader.longest,
                expected: "seconds, or a text such as 90s, 10m, 2h, 1d")
        }
        if let memory = members["memory"] {
            limits.memory = quantity(
                memory, "`memory`",
                units: [
                    "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 1024, "MiB": 1_048_576,
                    "GiB": 1_073_741_824, "TiB": 1_099_511_627_776,
                ], from: 1, to: StageRulesReader.largest,
                expected: "bytes, or a text such as 500MB, 2GB, 1GiB"
            ).map { Int($0) }
        }
        return limits
    }

    private func retry(_ value: YAMLValue?) -> Retry {
        guard let value,
            let members = checkedMapping(value, "`retry`", ["times", "exit"], diagnostics)
        else { return Retry() }
        let expected = "expected: {times: 1 to 100, exit: [codes from 1 to 255]}"
        guard let written = members["times"], let codes = members["exit"] else {
            diagnostics.add(
                "`retry` does not say how often and for which exit codes", value.place, [expected])
            return Retry()
        }
        guard let times = fields.whole(written, "`times`", in: 1...100) else { return Retry() }
        guard let elements = codes.elements, !elements.isEmpty else {
            diagnostics.add("`exit` is \(codes.found)", codes.place, [expected])
            return Retry()
        }
        return Retry(
            times: times,
            exitCodes: elements.compactMap { fields.whole($0, "an exit code", in: 1...255) })
    }

    /// A number, alone or with a unit, in the smallest unit.
    private func quantity(
        _ written: YAMLValue, _ what: String, units: [String: Double], from: Double, to: Double,
        expected: String
    ) -> Double? {
        guard let value = fields.value(written) else { return nil }
        var amount = value.json.double
        if let text = value.json.text {
            let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = String(text.dropFirst(digits.count).drop { $0 == " " })
            if let number = Double(digits), let factor = units[unit] { amount = number * factor }
        }
        guard let amount, value.firstUnfit == nil else {
            fields.refuse(written, value, what, expected)
            return nil
        }
        guard amount >= from, amount <= to else {
            let bounds = [from, to].map { JSON.number($0).canonicalText }
            fields.refuse(written, value, what, "\(expected); from \(bounds[0]) to \(bounds[1])")
            return nil
        }
        return amount
    }
}
