import Canon

/// Reads `retry` of a stage.
struct RetryReader {
    let fields: FieldReader
    private var diagnostics: Diagnostics { fields.diagnostics }

    private static let expected =
        "expected: {times: 1 to 100, on: [memory, time, signal, signal 9, exit 75]}"

    /// The rule that is written; mistakes are told.
    func retry(_ value: YAMLValue, _ limits: Limits) -> Retry {
        if let codes = value.members?.first(where: { $0.key.name == "exit" }) {
            refuseOldForm(codes.key, codes.value)
            return Retry()
        }
        guard
            let members = checkedMapping(value, "`retry`", ["times", "on", "memory"], diagnostics)
        else { return Retry() }
        guard let written = members["times"], let ends = members["on"] else {
            diagnostics.add(
                "`retry` does not say how often and after which ends", value.place,
                [RetryReader.expected])
            return Retry()
        }
        guard let times = fields.whole(written, "`times`", in: 1...100) else { return Retry() }
        guard let elements = ends.elements, !elements.isEmpty else {
            diagnostics.add("`on` is \(ends.found)", ends.place, [RetryReader.expected])
            return Retry()
        }
        return Retry(
            times: times, reasons: elements.compactMap(reason),
            memoryFactor: members["memory"].flatMap { factor($0, limits) } ?? 1)
    }

    private func reason(_ written: YAMLValue) -> Retry.Reason? {
        let expected = "memory, time, signal, signal 9 or exit 75"
        guard let value = fields.value(written) else { return nil }
        let words = value.inText.split(separator: " ")
        let number = words.count == 2 ? Int(words[1]) : nil
        switch (words.first, words.count) {
        case ("memory", 1): return .memory
        case ("time", 1): return .time
        case ("signal", 1): return .signal(nil)
        case ("signal", 2):
            if let number, 1...64 ~= number { return .signal(number) }
            fields.refuse(written, value, "an end", "signal and a number from 1 to 64")
        case ("exit", 2):
            if let number, 1...255 ~= number { return .exit(number) }
            fields.refuse(written, value, "an end", "exit and a code from 1 to 255")
        default: fields.refuse(written, value, "an end", expected)
        }
        return nil
    }

    private func factor(_ written: YAMLValue, _ limits: Limits) -> Double? {
        if limits.memory == nil {
            diagnostics.add(
                "`memory` of `retry` multiplies a limit that the stage does not have",
                written.place,
                ["expected: limits: {memory: …} beside it"])
            return nil
        }
        return fields.quantity(written, "`memory`", .factor)
    }

    /// Says how the codes are written now.
    private func refuseOldForm(_ key: YAMLKey, _ codes: YAMLValue) {
        let spelled = (codes.elements ?? []).compactMap { $0.text.map { "exit \($0)" } }
        diagnostics.add(
            "`exit` of `retry` is written `on` now", key.place,
            [
                "expected: on: [\(spelled.isEmpty ? "exit 75" : spelled.joined(separator: ", "))]",
                "a signal, the limit of time and the limit of memory are no exit codes any more: "
                    + "on: [signal, time, memory]",
            ])
    }
}
