import Canon

/// Rows in JSON of the shapes that programs write.
///
/// One object is a row; an array of objects, or an object in each line, are many. An object of lists of one
/// length is a table by columns, as are pandas' orients `split` and `columns`; an object whose only member is
/// an array of objects holds those. A short list in a row, such as `losses: [1.2, 1.1]`, is a column for each
/// element: `losses.0`, `losses.1`.
struct JSONTable {
    private let bytes: [UInt8]
    private let producer: String
    private let remarks: [String]

    /// How many elements a list has at most that becomes columns.
    private static let mostElements = 16

    /// Begins with a text; the words that Python writes for no number become texts.
    init(_ bytes: [UInt8], _ producer: String) {
        let words = PythonNumbers(bytes)
        self.bytes = words.text
        self.producer = producer
        remarks =
            words.count == 0
            ? [] : ["\(counted(words.count, "value")) NaN or Infinity, which are no numbers"]
    }

    /// Reads all rows.
    ///
    /// - Throws: ``FormatError`` with the line where the text is no JSON, or with the shape that it has.
    func read() throws(FormatError) -> ForeignTable {
        let whole: JSON
        do {
            whole = try JSON(parsing: bytes)
        } catch {
            // The first line decides what it is: an object of many lines, or one a line.
            if let lines = lines() { return lines }
            throw JSONTable.mistake(error, in: bytes[...], line: 1)
        }
        if let elements = whole.elements { return try records(elements) }
        guard let members = whole.members else {
            throw FormatError("expected a JSON object or an array of them, found a single value")
        }
        if let columns = try JSONColumns(members) {
            let origins = (1...columns.rows.count).map {
                RowOrigin(producer: producer, part: .element($0))
            }
            return ForeignTable(
                table: Table(columns: columns.names, rows: columns.rows, origins: origins),
                remarks: remarks + ["a table by columns"])
        }
        if members.count == 1, let inner = members.values.first?.elements, !inner.isEmpty,
            inner.allSatisfy({ $0.members != nil })
        {
            return try records(inner)
        }
        return table([(.whole, members)])
    }

    private func records(_ elements: [JSON]) throws(FormatError) -> ForeignTable {
        var found: [(RowOrigin.Part, [String: JSON])] = []
        for (place, element) in elements.enumerated() {
            guard let members = element.members else {
                throw FormatError(
                    "expected an array of JSON objects, found "
                        + "\(visible(element.canonicalText, most: 60)) as element \(place + 1)")
            }
            found.append((.element(place + 1), members))
        }
        guard !found.isEmpty else {
            throw FormatError("expected an array of JSON objects, found an empty one")
        }
        return table(found)
    }

    /// An object in each line; `nil` where the first line is none.
    private func lines() -> ForeignTable? {
        var found: [(RowOrigin.Part, [String: JSON])] = []
        var misfits: [ForeignTable.Misfit] = []
        for (place, line) in bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() where !line.allSatisfy({ " \r\t".utf8.contains($0) }) {
            do {
                if let members = try JSON(parsing: Array(line)).members {
                    found.append((.line(place + 1), members))
                    continue
                }
                misfits.append(
                    ForeignTable.Misfit(
                        part: .line(place + 1),
                        reason: "expected a JSON object in each line, found something else"))
            } catch {
                if found.isEmpty { return nil }
                misfits.append(
                    ForeignTable.Misfit(part: .line(place + 1), reason: "not JSON: \(error)"))
            }
        }
        guard !found.isEmpty else { return nil }
        var result = table(found)
        result.misfits = misfits
        return result
    }

    /// Objects as rows: a column for each member, and for each element of a short list.
    ///
    /// Columns are in the order of names, then of rows.
    private func table(_ given: [(part: RowOrigin.Part, members: [String: JSON])]) -> ForeignTable {
        let records =
            given.map { ($0.part, JSONTable.spread($0.members)) }
            as [(part: RowOrigin.Part, members: [String: JSON])]
        var names: [String] = []
        var known: Set<String> = []
        for record in records {
            for name in JSON.sorted(record.members.keys)
            where record.members[name]?.elements == nil && known.insert(name).inserted {
                names.append(name)
            }
        }
        let rows = records.map { record in
            names.map { name -> JSON in
                guard let value = record.members[name], value.elements == nil else { return .null }
                return value
            }
        }
        let origins = records.map { RowOrigin(producer: producer, part: $0.part) }
        return ForeignTable(
            table: Table(columns: names, rows: rows, origins: origins),
            remarks: remarks + JSONTable.omitted(records.map { $0.members }))
    }

    /// A row with the elements of its short lists as members of their own; the row's own come before them.
    private static func spread(_ row: [String: JSON]) -> [String: JSON] {
        var all = row
        for (name, value) in row {
            guard let elements = value.elements, elements.count <= mostElements,
                elements.allSatisfy({ $0.elements == nil && $0.members == nil })
            else { continue }
            all[name] = nil
            for (place, element) in elements.enumerated() where row["\(name).\(place)"] == nil {
                all["\(name).\(place)"] = element
            }
        }
        return all
    }

    /// Says which members are no columns because they are long or nested lists.
    private static func omitted(_ rows: [[String: JSON]]) -> [String] {
        var names: Set<String> = []
        for row in rows {
            for (name, value) in row where value.elements != nil { names.insert(name) }
        }
        guard !names.isEmpty else { return [] }
        let shown = JSON.sorted(names).prefix(5).map { "`\(visible($0))`" }.joined(separator: ", ")
        let more = names.count > 5 ? ", …" : ""
        return [
            "left out \(counted(names.count, "list")) (\(shown)\(more)): a list of up to "
                + "\(mostElements) numbers or texts is a column for each, such as "
                + "`\(visible(JSON.sorted(names)[0])).0`; of a longer or nested one write a row for each "
                + "element"
        ]
    }

    /// What is wrong with a JSON text that begins in a line of its file.
    private static func mistake(_ error: JSONError, in bytes: ArraySlice<UInt8>, line: Int)
        -> FormatError
    {
        let before = bytes.prefix(error.offset)
        let lines = before.count { $0 == UInt8(ascii: "\n") }
        let column =
            before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
        return FormatError(
            "line \(line + lines): not JSON: \(error.reason) (byte \(column) of the line)")
    }
}
