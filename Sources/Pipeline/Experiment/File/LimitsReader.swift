import Canon

/// Reads `limits` and `retry` of a stage.
struct LimitsReader {
    let diagnostics: Diagnostics

    func limits(_ value: YAMLValue?) -> Limits {
        var limits = Limits()
        guard let value,
            let members = checkedMapping(value, "`limits`", ["time", "memory"], diagnostics)
        else { return limits }
        if let time = members["time"] {
            limits.seconds = quantity(
                time, units: ["s": 1, "m": 60, "h": 3600, "d": 86400],
                expected: "seconds, or a text such as 90s, 10m, 2h")
        }
        if let memory = members["memory"] {
            limits.memory = quantity(
                memory,
                units: [
                    "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1024, "MiB": 1_048_576,
                    "GiB": 1_073_741_824,
                ],
                expected: "bytes, or a text such as 500MB, 2GB, 1GiB"
            ).map { Int($0) }
        }
        return limits
    }

    func retry(_ value: YAMLValue?) -> Retry {
        guard let value,
            let members = checkedMapping(value, "`retry`", ["times", "exit"], diagnostics)
        else { return Retry() }
        let codes = members["exit"]?.json.elements?.compactMap { $0.integer } ?? []
        guard let times = members["times"]?.json.integer, (1...100).contains(times), !codes.isEmpty,
            codes.allSatisfy({ (1...255).contains($0) })
        else {
            diagnostics.add(
                "`retry` does not say how often and for which exit codes", value.place,
                ["expected: {times: 1 to 100, exit: [codes from 1 to 255]}"])
            return Retry()
        }
        return Retry(times: times, exitCodes: codes)
    }

    private func quantity(_ value: YAMLValue, units: [String: Double], expected: String) -> Double?
    {
        if let number = value.json.double, number > 0 { return number }
        if let text = value.text {
            let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = text.dropFirst(digits.count).filter { $0 != " " }
            if let number = Double(digits), let factor = units[String(unit)], number > 0 {
                return number * factor
            }
        }
        diagnostics.add("a limit is \(value.found)", value.place, ["expected: \(expected)"])
        return nil
    }
}
