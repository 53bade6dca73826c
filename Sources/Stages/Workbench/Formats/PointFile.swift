import Canon

/// The points that an output of a program holds: JSON, JSON lines or CSV, told apart by their first byte.
struct PointFile {
    /// One point: where it stands in the file, and its columns in their order.
    struct Record {
        let part: RowOrigin.Part
        let columns: [(name: String, value: JSON)]
    }

    /// The records in the order of the file.
    let records: [Record]

    private static let expected =
        "expected a JSON object of numbers, an array of them, JSON lines, or a CSV table"

    /// Reads an output of a producer.
    init(_ bytes: [UInt8], from producer: String) throws {
        var bytes = bytes[...]
        // A byte order mark, as Python's utf-8-sig writes it.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        let first = bytes.first { !" \n\r\t".utf8.contains($0) }
        do {
            switch first {
            case nil: throw FormatError("\(PointFile.expected), found nothing")
            case UInt8(ascii: "{"): records = try PointFile.objects(Array(bytes))
            case UInt8(ascii: "["): records = try PointFile.array(Array(bytes))
            default: records = try PointFile.table(Array(bytes))
            }
        } catch {
            throw FormatError("\(producer): \(error)")
        }
    }

    /// One object, or one in each line.
    private static func objects(_ bytes: [UInt8]) throws -> [Record] {
        let whole: JSONError
        do {
            return [record(try JSON(parsing: bytes).members ?? [:], .whole)]
        } catch { whole = error }
        var records: [Record] = []
        for (place, line) in bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() where !line.allSatisfy({ " \r\t".utf8.contains($0) }) {
            do {
                guard let members = try JSON(parsing: Array(line)).members else {
                    throw FormatError(
                        "line \(place + 1): expected a JSON object in each line, found something else"
                    )
                }
                records.append(record(members, .line(place + 1)))
            } catch let error as JSONError {
                // The first line decides what it is: an object of many lines, or one a line.
                if records.isEmpty { throw mistake(whole, in: bytes, line: 1) }
                throw mistake(error, in: Array(line), line: place + 1)
            }
        }
        return records
    }

    private static func array(_ bytes: [UInt8]) throws -> [Record] {
        let elements: [JSON]
        do {
            elements = try JSON(parsing: bytes).elements ?? []
        } catch { throw mistake(error, in: bytes, line: 1) }
        return try elements.enumerated().map { place, element in
            guard let members = element.members else {
                throw FormatError(
                    "expected an array of JSON objects, found "
                        + "\(visible(element.canonicalText, most: 60)) as element \(place + 1)")
            }
            return record(members, .element(place + 1))
        }
    }

    private static func table(_ bytes: [UInt8]) throws -> [Record] {
        do {
            let table = try Table(csv: bytes)
            return table.rows.indices.map { row in
                Record(
                    part: table.part(ofRow: row),
                    columns: zip(table.columns, table.rows[row]).map { (name: $0, value: $1) })
            }
        } catch { throw FormatError("\(expected): \(error)") }
    }

    /// The members of an object but for its lists, ordered by name.
    private static func record(_ members: [String: JSON], _ part: RowOrigin.Part) -> Record {
        let columns = JSON.sorted(members.keys).compactMap { name -> (String, JSON)? in
            guard let value = members[name], value.elements == nil else { return nil }
            return (name, value)
        }
        return Record(part: part, columns: columns)
    }

    /// What is wrong with a JSON text that begins in a line of its file.
    private static func mistake(_ error: JSONError, in bytes: [UInt8], line: Int) -> FormatError {
        if let number = ForeignNumber(in: bytes) {
            return FormatError(number.text(firstLine: line))
        }
        let lines = bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") }
        return FormatError("line \(line + lines): not JSON: \(error.reason)")
    }
}
