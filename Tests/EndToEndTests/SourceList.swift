import TestSupport

/// The works that `docs/SOURCES.md` lists, and how claims may speak of them.
struct SourceList {
    /// A row: a work, and what of it was read.
    struct Work {
        /// The name by which claims call it, such as `arXiv 2404.10102`.
        let name: String
        /// What was read, in the words that the page explains.
        let read: [String]
        /// The whole row.
        let row: String
    }

    /// The works, in their order.
    let works: [Work]
    /// The words that the page explains, in their order.
    let words: [String]

    /// Reads the page: the first table explains words, all others have columns `name` and `read`.
    init(_ text: String) {
        var works: [Work] = []
        var words: [String] = []
        var columns: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = SourceList.cells(line)
            if cells.isEmpty {
                columns = []
            } else if columns.isEmpty {
                columns = cells
            } else if cells.allSatisfy({ $0.allSatisfy { $0 == "-" } }) {
                continue
            } else if columns.first == "read" {
                words.append(cells[0])
            } else if columns.first == "name", let place = columns.firstIndex(of: "read"),
                place < cells.count
            {
                let read = cells[place].split(separator: ",").map {
                    String($0.drop { $0 == " " })
                }
                works.append(Work(name: cells[0], read: read, row: String(line)))
            }
        }
        self.works = works
        self.words = words
    }

    private static func cells(_ line: Substring) -> [String] {
        guard line.hasPrefix("|") else { return [] }
        return line.split(separator: "|").map { cell in
            String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The works whose name stands in a text.
    func named(in text: String) -> [Work] { works.filter { text.contains($0.name) } }

    /// Why a claim may not speak so of a work.
    ///
    /// - Parameters:
    ///   - basis: the word of the claims file: `paper`, `code`, `theory` or `ours`.
    ///   - source: where it says that the claim comes from.
    ///   - head: what stands above the claims of the file.
    /// - Returns: the reason, or `nil` where it may.
    func objection(basis: String, source: String, head: String) -> String? {
        if let unknown = unlisted(in: source).first { return "\(unknown) has no row" }
        let own = named(in: source)
        let meant = own.isEmpty ? named(in: head) : own
        switch basis {
        case "ours": return nil
        case "theory": return source.isEmpty ? "no word on where it is derived" : nil
        case "code":
            if meant.isEmpty { return "no listed work is named" }
            return meant.contains { $0.read.contains("code") }
                ? nil : "the code of \(meant[0].name) was not read"
        default:
            if meant.isEmpty { return "no listed work is named" }
            if meant.contains(where: { $0.read.contains("text") }) { return nil }
            let ways = meant.flatMap { $0.read }.filter {
                !["code", "data", "recalled"].contains($0)
            }
            return ways.contains { source.contains(SourceList.stem($0)) }
                ? nil
                : "the text of \(meant[0].name) was not read, and the source does not say by which of "
                    + "these it is known: \(ways.joined(separator: ", "))"
        }
    }

    /// What `summary` and `summaries`, `quotes` and `quoted` begin with.
    private static func stem(_ word: String) -> String {
        String(word.reversed().drop { "syeo".contains($0) }.reversed())
    }

    /// The numbers of works in a text that have no row: those that `arXiv` stands before, within a line.
    func unlisted(in text: String) -> [String] {
        let known = Set(works.map { $0.name })
        return SourceList.numbers(in: text).map { "arXiv \($0)" }.filter { !known.contains($0) }
    }

    /// The numbers of arXiv in a text.
    static func numbers(in text: String) -> [String] {
        let characters = Array(text.utf8)
        let point = UInt8(ascii: ".")
        var found: [String] = []
        for place in characters.indices where characters[place] == point && place >= 4 {
            let year = characters[(place - 4)..<place]
            let rest = characters[(place + 1)...].prefix { isDigit($0) }
            guard year.allSatisfy(isDigit), (4...5).contains(rest.count),
                place == 4 || !isDigit(characters[place - 5])
            else { continue }
            let before = String(
                decoding: characters[max(0, place - 64)..<(place - 4)], as: UTF8.self)
            guard before.contains("arXiv") else { continue }
            found.append(String(decoding: year + [point] + rest, as: UTF8.self))
        }
        return found
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
