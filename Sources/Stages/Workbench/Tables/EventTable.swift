import Canon

/// The scalars of a file of TensorBoard's events.
struct EventTable {
    private let producer: String
    private var scalars: [EventScalar] = []
    private var places: [RowOrigin.Part] = []
    private var misfits: [ForeignTable.Misfit] = []
    private var others = 0

    /// Whether a file begins as one of records does.
    static func isOne(_ bytes: [UInt8]) -> Bool { RecordReader(bytes).isOne }

    /// Reads all records up to the first that is damaged or cut short.
    ///
    /// - Throws: ``FormatError`` where the file is none of records.
    init(_ bytes: [UInt8], _ producer: String) throws(FormatError) {
        self.producer = producer
        guard EventTable.isOne(bytes) else {
            throw FormatError(
                "expected a file of TensorBoard's events, found other bytes\n  fix: such files are called "
                    + "events.out.tfevents.…; leave out format: for any other")
        }
        var reader = RecordReader(bytes)
        var record = 0
        do {
            while let event = try reader.next() {
                record += 1
                let found = try EventScalar.all(in: event)
                scalars += found.scalars
                places += Array(repeating: .record(record), count: found.scalars.count)
                others += found.others
            }
        } catch {
            misfits.append(
                ForeignTable.Misfit(part: .record(record + 1), reason: error.description))
        }
    }

    private var remarks: [String] {
        ["TensorBoard's events"]
            + (others == 0
                ? [] : ["\(counted(others, "summary", "summaries")) without a number left out"])
    }

    private func table(_ columns: [String], _ rows: [[JSON]], _ places: [RowOrigin.Part])
        -> ForeignTable
    {
        ForeignTable(
            table: Table(
                columns: columns, rows: rows,
                origins: places.map { RowOrigin(producer: producer, part: $0) }),
            misfits: misfits, remarks: remarks)
    }

    /// A row for each value, in the order of the file: step, wall_time, tag, value.
    func byValue() -> ForeignTable {
        table(
            ["step", "wall_time", "tag", "value"],
            scalars.map { [.number($0.step), .number($0.wallTime), .string($0.tag), $0.value] },
            places)
    }

    /// A row for each step, ascending, with a column for each tag; a value that a later one replaces, as
    /// after a restart, is left out and told.
    func byStep() -> ForeignTable {
        let tags = JSON.sorted(Set(scalars.map { $0.tag }))
        let columns = Dictionary(uniqueKeysWithValues: tags.enumerated().map { ($1, $0 + 1) })
        var rows: [Double: (values: [JSON], place: RowOrigin.Part)] = [:]
        var replaced = 0
        for (scalar, place) in zip(scalars, places) {
            var row =
                rows[scalar.step]?.values ?? [.number(scalar.step)]
                + Array(repeating: .null, count: tags.count)
            if let column = columns[scalar.tag] {
                if row[column] != .null { replaced += 1 }
                row[column] = scalar.value
            }
            rows[scalar.step] = (row, rows[scalar.step]?.place ?? place)
        }
        let sorted = rows.sorted { $0.key < $1.key }.map { $0.value }
        var found = table(["step"] + tags, sorted.map { $0.values }, sorted.map { $0.place })
        if replaced > 0 {
            found.remarks.append(
                "\(counted(replaced, "value")) replaced by a later one of the same tag and step")
        }
        return found
    }
}
