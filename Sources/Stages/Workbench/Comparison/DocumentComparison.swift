import Canon
import Experiment
import System

/// Tables, JSON documents and texts, compared value by value.
enum DocumentComparison {
    /// Two CSV tables, cell by cell; `nil` where either is none.
    static func tables(_ a: [UInt8], _ b: [UInt8], _ tolerance: Tolerance?) -> TypedComparison? {
        guard let old = try? Table(csv: a), let new = try? Table(csv: b) else { return nil }
        var tally = DistanceTally(tolerance: tolerance)
        if old.columns != new.columns {
            tally.differ(
                old.columns.joined(separator: ","), new.columns.joined(separator: ","),
                at: "the header")
        }
        if old.rows.count != new.rows.count {
            tally.differ(
                "\(old.rows.count) rows", "\(new.rows.count) rows", at: "the number of rows")
        }
        for row in 0..<min(old.rows.count, new.rows.count) {
            for (column, name) in old.columns.enumerated() where column < new.columns.count {
                values(old.rows[row][column], new.rows[row][column], &tally) {
                    "row \(row + 1), column \(name)"
                }
            }
        }
        return tally.comparison(format: "table", unit: "cell")
    }

    /// Two JSON documents, value by value; `nil` where either is none.
    static func json(_ a: [UInt8], _ b: [UInt8], _ tolerance: Tolerance?) -> TypedComparison? {
        guard let old = try? JSON(parsing: a), let new = try? JSON(parsing: b) else { return nil }
        var tally = DistanceTally(tolerance: tolerance)
        walk(old, new, "", &tally)
        return tally.comparison(format: "JSON", unit: "value")
    }

    private static func walk(_ a: JSON, _ b: JSON, _ path: String, _ tally: inout DistanceTally) {
        if let x = a.members, let y = b.members {
            for name in JSON.sorted(Set(x.keys).union(y.keys)) {
                let place = path.isEmpty ? name : "\(path).\(name)"
                switch (x[name], y[name]) {
                case (let x?, let y?): walk(x, y, place, &tally)
                case (let x, let y):
                    tally.differ(
                        x?.canonicalText ?? "(none)", y?.canonicalText ?? "(none)", at: place)
                }
            }
        } else if let x = a.elements, let y = b.elements {
            if x.count != y.count {
                tally.differ("\(x.count) elements", "\(y.count) elements", at: path)
            }
            for place in 0..<min(x.count, y.count) {
                walk(x[place], y[place], "\(path)[\(place)]", &tally)
            }
        } else {
            values(a, b, &tally) { path.isEmpty ? "the document" : path }
        }
    }

    private static func values(
        _ a: JSON, _ b: JSON, _ tally: inout DistanceTally, _ place: () -> String
    ) {
        if a == b { return tally.same() }
        if let x = a.double, let y = b.double {
            tally.differ(x, y, ulp: ulpDistance(x, y), at: place())
        } else {
            tally.differ(a.canonicalText, b.canonicalText, at: place())
        }
    }

    /// Two texts, line by line.
    ///
    /// A line whose words agree and whose numbers do not counts as numbers:
    /// so a picture or a report is within tolerance when its numbers are.
    static func texts(_ a: String, _ b: String, _ tolerance: Tolerance?) -> TypedComparison {
        let (old, new) = (
            a.split(separator: "\n", omittingEmptySubsequences: false),
            b.split(separator: "\n", omittingEmptySubsequences: false)
        )
        var tally = DistanceTally(tolerance: tolerance)
        for line in 0..<max(old.count, new.count) {
            guard line < old.count, line < new.count else {
                tally.differ(
                    line < old.count ? String(old[line]) : "(none)",
                    line < new.count ? String(new[line]) : "(none)", at: "line \(line + 1)")
                continue
            }
            if old[line] == new[line] {
                tally.same()
            } else {
                lines(String(old[line]), String(new[line]), line + 1, &tally)
            }
        }
        return tally.comparison(format: "text", unit: "line or number", units: "lines and numbers")
    }

    private static func lines(_ a: String, _ b: String, _ line: Int, _ tally: inout DistanceTally) {
        let (x, y) = (words(a), words(b))
        let isAlike =
            x.count == y.count
            && zip(x, y).allSatisfy { $0.text == $1.text || $0.number != nil && $1.number != nil }
        guard isAlike else {
            // The part that differs, for the lines of a picture are long.
            let start = zip(a, b).prefix { $0 == $1 }.count
            let lead = max(0, start - 20)
            tally.differ(
                String(a.dropFirst(lead).prefix(60)), String(b.dropFirst(lead).prefix(60)),
                at: "line \(line), column \(start + 1)")
            return
        }
        for (x, y) in zip(x, y) where x.text != y.text {
            if let a = x.number, let b = y.number {
                tally.differ(
                    a, b, ulp: ulpDistance(a, b), at: "line \(line), column \(x.column)")
            }
        }
    }

    /// A line as numbers and what stands between them.
    private static func words(_ line: String) -> [(text: Substring, number: Double?, column: Int)] {
        var words: [(text: Substring, number: Double?, column: Int)] = []
        let bytes = line.utf8
        var start = bytes.startIndex
        var column = 1
        func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
        while start < bytes.endIndex {
            var end = start
            // A digit that follows a letter belongs to a name or a digest.
            let isNumber = isDigit(bytes[start]) || bytes[start] == UInt8(ascii: "-")
            if isNumber {
                var previous: UInt8 = 0
                while end < bytes.endIndex {
                    let byte = bytes[end]
                    let isExponentSign =
                        "+-".utf8.contains(byte) && "eE".utf8.contains(previous)
                    guard
                        isDigit(byte) || byte == UInt8(ascii: ".") || "eE".utf8.contains(byte)
                            || isExponentSign || end == start
                    else { break }
                    previous = byte
                    end = bytes.index(after: end)
                }
            } else {
                var isInWord = false
                var wordStart = start
                while end < bytes.endIndex {
                    let byte = bytes[end]
                    if !isInWord, end > start, isDigit(byte) || byte == UInt8(ascii: "-") { break }
                    // A letter by itself is a command of an SVG path, and a number may follow it.
                    let isCommand = isInWord && bytes.index(after: wordStart) == end
                    if isCommand, isDigit(byte) || byte == UInt8(ascii: "-"),
                        "MLHVCSQTAmlhvcsqta".utf8.contains(bytes[wordStart])
                    {
                        break
                    }
                    if !isInWord { wordStart = end }
                    isInWord =
                        byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte == UInt8(ascii: "#")
                        || isInWord && isDigit(byte)
                    end = bytes.index(after: end)
                }
            }
            let text = line[start..<end]
            words.append((text, isNumber ? Double(text) : nil, column))
            column += bytes.distance(from: start, to: end)
            start = end
        }
        return words
    }
}
