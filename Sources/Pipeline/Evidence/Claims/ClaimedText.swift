import Canon
import Experiment
import System

/// The numbers of a text that are bound to claims, and whether they are the claimed ones.
///
/// Between `<!-- claims FILE: NAMES -->` and `<!-- end of claims -->` every number of a Markdown page is the
/// value of the next claim of that file (relative to the page), or the next number of a claimed text; a
/// name that ends in `*` stands for all claims that begin so. Behind `|` the marker may name columns: then
/// only they count, of a table.
package struct ClaimedText: Sendable, Equatable {
    /// The path of the page.
    package let path: String
    /// How many numbers are as claimed.
    package private(set) var count = 0
    /// What is not as claimed: one line a fact, with its place.
    package private(set) var problems: [String] = []

    /// A number of the page.
    private struct Token {
        let text: String
        let line: Int
    }

    private static let opening = "<!-- claims "
    private static let closing = "<!-- end of claims -->"

    /// Compares the marked numbers of a page with their claims; what the outputs say is
    /// ``ClaimChecker``'s to find out.
    ///
    /// - Throws: ``ExperimentError`` or ``OperationalError`` for a claims file or a page that cannot be read.
    /// - Complexity: linear in the page; each claims file is read once.
    package init(path: String) throws {
        guard let bytes = try readWholeFile(path) else {
            throw ExperimentError.noSuchFile(
                path, expected: "a Markdown page with <!-- claims FILE: NAMES -->")
        }
        self.path = path
        var files: [String: ClaimsFile] = [:]
        let text = String(decoding: bytes, as: UTF8.self)
        var rest = text[...]
        var line = 1
        func skip(to index: String.Index) {
            line += rest[..<index].count { $0 == "\n" }
            rest = rest[index...]
        }
        while let start = rest.firstRange(of: ClaimedText.opening) {
            skip(to: start.upperBound)
            let opened = line
            guard let end = rest.firstRange(of: "-->"), let marker = Marker(rest[..<end.lowerBound])
            else {
                problems.append(
                    "\(path):\(line): expected <!-- claims FILE: NAMES -->, found "
                        + "\"\(rest.prefix { $0 != "\n" }.prefix(60))\"")
                continue
            }
            skip(to: end.upperBound)
            guard let close = rest.firstRange(of: ClaimedText.closing) else {
                problems.append(
                    "\(path):\(opened): expected \(ClaimedText.closing) behind it, found none")
                break
            }
            let file =
                try files[marker.file]
                ?? ClaimsFile.load(path: "\(ProjectFolder.folder(of: path))/\(marker.file)")
            files[marker.file] = file
            let block = rest[..<close.lowerBound]
            let tokens = ClaimedText.tokens(block, from: line, columns: marker.columns)
            compare(tokens, marker.claims(of: file), marker, opened)
            skip(to: close.upperBound)
        }
    }

    private mutating func compare(
        _ tokens: [Token], _ claims: [(name: String, text: String?)], _ marker: Marker,
        _ opened: Int
    ) {
        for (token, claim) in zip(tokens, claims) {
            if let text = claim.text, ClaimedText.plain(token.text) == ClaimedText.plain(text) {
                count += 1
            } else {
                problems.append(
                    "\(path):\(token.line): \(marker.file) claims \(claim.text ?? "no such number") "
                        + "(\(claim.name)), the text says \(token.text)")
            }
        }
        if tokens.count != claims.count {
            problems.append(
                "\(path):\(opened): expected \(counted(claims.count, "number")) up to the end of these "
                    + "claims, found \(tokens.count)")
        }
    }

    // MARK: Numbers

    /// The numbers of a block, in reading order.
    private static func tokens(_ block: Substring, from line: Int, columns: [String]) -> [Token] {
        var found: [Token] = []
        var wanted: [Int]?
        for (offset, row) in block.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard !columns.isEmpty else {
                found += numbers(row).map { Token(text: $0, line: line + offset) }
                continue
            }
            guard row.hasPrefix("|") else { continue }
            let cells = cells(row)
            guard let places = wanted else {
                wanted = cells.indices.filter { columns.contains(cells[$0]) }
                continue
            }
            for place in places where place < cells.count {
                found += numbers(cells[place][...]).map { Token(text: $0, line: line + offset) }
            }
        }
        return found
    }

    private static func cells(_ row: Substring) -> [String] {
        row.dropFirst().split(separator: "|", omittingEmptySubsequences: false).map { cell in
            let start = cell.drop { $0 == " " }
            return String(start.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// Decimal numbers, with a sign where one stands before them and a power of ten.
    fileprivate static func numbers(_ text: Substring) -> [String] {
        var found: [String] = []
        let characters = Array(text)
        var place = 0
        func isDigit(_ index: Int) -> Bool {
            index < characters.count && characters[index].isASCII && characters[index].isNumber
        }
        while place < characters.count {
            let isStart = isDigit(place) || characters[place] == "." && isDigit(place + 1)
            let isWord = place > 0 && (characters[place - 1].isLetter || isDigit(place - 1))
            guard isStart, !isWord else {
                place += 1
                continue
            }
            var number = ""
            if place > 0, "-−".contains(characters[place - 1]) { number = "-" }
            while isDigit(place) || place < characters.count && characters[place] == "."
                || place < characters.count && characters[place] == "," && isDigit(place + 1)
                    && isDigit(place - 1)
            {
                number.append(characters[place])
                place += 1
            }
            if place < characters.count, characters[place] == "e" {
                let sign = place + 1 < characters.count && "-+".contains(characters[place + 1])
                if isDigit(place + (sign ? 2 : 1)) {
                    number += "e" + (sign ? String(characters[place + 1]) : "")
                    place += sign ? 2 : 1
                    while isDigit(place) {
                        number.append(characters[place])
                        place += 1
                    }
                }
            }
            while number.hasSuffix(".") || number.hasSuffix(",") { number.removeLast() }
            found.append(number)
        }
        return found
    }

    /// A number without what only typography adds: commas between thousands, the 0 before the point.
    private static func plain(_ number: String) -> String {
        var text = number.replacing(",", with: "").replacing("+", with: "")
        let sign = text.hasPrefix("-") ? "-" : ""
        text = String(text.dropFirst(sign.count))
        return sign + (text.hasPrefix(".") ? "0" : "") + text
    }
}

/// What stands in an opening marker.
private struct Marker {
    let file: String
    let names: [Substring]
    let columns: [String]

    init?(_ text: Substring) {
        let parts = text.split(separator: "|", maxSplits: 1)
        // `columns A, B`: the word is for readers.
        guard let head = parts.first, let colon = head.firstIndex(of: ":") else { return nil }
        file = String(head[..<colon])
        names = head[head.index(after: colon)...].split(whereSeparator: \.isWhitespace)
        guard !file.isEmpty, !names.isEmpty else { return nil }
        guard parts.count == 2 else {
            columns = []
            return
        }
        columns = parts[1].replacing(" columns ", with: "").split(separator: ",").map { name in
            let start = name.drop(while: \.isWhitespace)
            return String(start.reversed().drop(while: \.isWhitespace).reversed())
        }
    }

    /// The numbers of the named claims in their order; a claim that is not there has none.
    func claims(of file: ClaimsFile) -> [(name: String, text: String?)] {
        names.flatMap { name -> [(name: String, text: String?)] in
            let found =
                name.hasSuffix("*")
                ? file.claims.filter { $0.name.hasPrefix(name.dropLast()) }
                : file.claims.filter { $0.name == name }
            if found.isEmpty { return [(String(name), nil)] }
            return found.flatMap { claim -> [(name: String, text: String?)] in
                switch claim.expectation {
                case .number(let number, _): [(claim.name, number.text)]
                case .window(let low, let high):
                    [low, high].compactMap { $0 }.map { (claim.name, $0.text) }
                case .text(let text):
                    ClaimedText.numbers(text[...]).map { (claim.name, $0) }
                case .figure, .condition, nil: [(claim.name, nil)]
                }
            }
        }
    }
}
