import Canon

/// One metric's file of MLflow, `mlruns/…/metrics/NAME`: a time in milliseconds, a value and a step a line.
enum MetricLines {
    /// Whether the first line is of this form.
    static func isOne(_ bytes: [UInt8]) -> Bool {
        let line = bytes.prefix(200).prefix { $0 != UInt8(ascii: "\n") }
        return values(line).map { $0[0].double ?? 0 >= 1e11 } ?? false
    }

    /// Reads all lines.
    ///
    /// - Throws: ``FormatError`` where there is none.
    static func table(_ bytes: [UInt8], _ producer: String) throws(FormatError) -> ForeignTable {
        var rows: [[JSON]] = []
        var origins: [RowOrigin] = []
        var misfits: [ForeignTable.Misfit] = []
        for (place, line) in bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() where !line.allSatisfy({ " \r\t".utf8.contains($0) }) {
            guard let row = values(line) else {
                misfits.append(
                    ForeignTable.Misfit(
                        part: .line(place + 1),
                        reason: "expected a time, a value and a step, found "
                            + "`\(visible(String(decoding: line, as: UTF8.self), most: 60))`"))
                continue
            }
            rows.append(row)
            origins.append(RowOrigin(producer: producer, part: .line(place + 1)))
        }
        guard !rows.isEmpty || !misfits.isEmpty else {
            throw FormatError("expected lines of a time, a value and a step, found nothing")
        }
        return ForeignTable(
            table: Table(columns: ["timestamp", "value", "step"], rows: rows, origins: origins),
            misfits: misfits, remarks: ["a metric of MLflow"])
    }

    /// A line's values; a value that is no number stays a text.
    private static func values(_ line: ArraySlice<UInt8>) -> [JSON]? {
        let texts = line.split { " \t\r".utf8.contains($0) }
            .map { String(decoding: $0, as: UTF8.self) }
        guard texts.count == 3, let time = NumberStyle.point.number(texts[0]),
            let step = NumberStyle.point.number(texts[2]), step == step.rounded()
        else { return nil }
        let value = NumberStyle.point.number(texts[1])
        let isWord = ["nan", "inf", "-inf", "infinity", "-infinity"].contains(texts[1].lowercased())
        guard value != nil || isWord else { return nil }
        return [.number(time), value.map { .number($0) } ?? .string(texts[1]), .number(step)]
    }
}
