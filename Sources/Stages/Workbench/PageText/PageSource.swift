import Canon
import Experiment
import System

/// A page as its author wrote it: front matter, and Markdown with pieces that stand for results.
struct PageSource {
    /// The largest page.
    static let largest = 1 << 20

    let title: String
    let subtitle: String
    /// The Markdown as steps; pieces stand in it as letters.
    private(set) var events: [MarkdownEvent]
    let pieces: [PagePiece]
    /// The text, for diagnostics.
    let source: SourceText

    /// Reads the bytes of a page; the path is for messages.
    ///
    /// - Throws: ``ExperimentError`` with every mistake and its place.
    init(path: String, bytes: [UInt8]) throws {
        let text = try PageSource.text(path, bytes)
        let source = SourceText(path: path, text: text)
        self.source = source
        func mistake(_ message: String, _ place: Place, _ notes: [String]) -> ExperimentError {
            ExperimentError([Diagnostic(message, at: place, in: source, notes: notes)])
        }
        let lines = source.lines
        var head: [String: YAMLValue] = [:]
        var first = 0
        if lines.first.map(PageSource.isFence) == true {
            guard let end = lines.dropFirst().firstIndex(where: PageSource.isFence) else {
                throw mistake(
                    "the front matter does not end", Place(line: 1, column: 1, length: 3),
                    ["expected: a line --- behind title and subtitle"])
            }
            head = try PageSource.head(path, lines[1..<end], source)
            first = end + 1
        }
        guard let title = head["title"]?.text, !title.isEmpty else {
            throw mistake(
                "the page has no title", Place(line: 1, column: 1),
                ["expected as its first lines: ---, title: What it is about, ---"])
        }
        self.title = title
        subtitle = head["subtitle"]?.text ?? ""
        let body = lines.indices.contains(first) ? text[lines[first].startIndex...] : ""
        let scanner = PageScanner(body, line: first + 1)
        pieces = scanner.pieces
        if let last = pieces.last, pieces.count >= PageScanner.mostPieces {
            throw mistake(
                "more than \(PageScanner.mostPieces) values and placings", last.place,
                ["expected: fewer; a {table: …} shows many values"])
        }
        do {
            events = try Markdown.events(
                of: String(repeating: "\n", count: first) + scanner.markdown)
        } catch {
            throw mistake(
                "the text nests deeper than \(Markdown.deepest) levels",
                Place(line: error.line, column: 1),
                ["expected: fewer quotes and lists in one another"])
        }
    }

    /// The same text below its title as a heading, its own headings a level deeper.
    var asSection: PageSource {
        var section = self
        let deeper = events.map { event in
            guard case .heading(let level) = event.node else { return event }
            return MarkdownEvent(
                node: .heading(max(3, level + 1)), edge: event.edge, line: event.line)
        }
        section.events =
            [
                MarkdownEvent(node: .heading(2), edge: .opens, line: 1),
                MarkdownEvent(node: .text(title), edge: .stands, line: 1),
                MarkdownEvent(node: .heading(2), edge: .closes, line: 1),
            ] + deeper
        return section
    }

    private static func isFence(_ line: Substring) -> Bool {
        line.hasPrefix("---") && line.dropFirst(3).allSatisfy { $0 == " " }
    }

    private static func text(_ path: String, _ bytes: [UInt8]) throws -> String {
        let source = SourceText(path: path, text: "")
        guard bytes.count <= largest else {
            throw ExperimentError([
                Diagnostic(
                    "the page has \(bytes.count) bytes", at: nil, in: source,
                    notes: ["expected: at most \(largest) bytes"])
            ])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ExperimentError([
                Diagnostic(
                    "the page is not UTF-8", at: nil, in: source, notes: ["save the file as UTF-8"])
            ])
        }
        let whole = SourceText(path: path, text: text)
        for (number, line) in whole.lines.enumerated() {
            guard let place = line.firstIndex(where: PageScanner.isReserved) else { continue }
            let column = line.distance(from: line.startIndex, to: place) + 1
            throw ExperimentError([
                Diagnostic(
                    "a character of Unicode's private plane 16",
                    at: Place(line: number + 1, column: column), in: whole,
                    notes: ["expected: text; no font shows it the same everywhere"])
            ])
        }
        return text.unicodeScalars.first == "\u{FEFF}"
            ? String(String.UnicodeScalarView(text.unicodeScalars.dropFirst())) : text
    }

    private static func head(
        _ path: String, _ lines: ArraySlice<Substring>, _ source: SourceText
    ) throws -> [String: YAMLValue] {
        let diagnostics = Diagnostics(source: source)
        // The lines keep their numbers: an empty one stands for the fence above them.
        let yaml = try YAMLReader(
            path: path, bytes: Array(("\n" + lines.joined(separator: "\n")).utf8))
        let value = try yaml.read()
        let members = checkedMapping(value, "the front matter", ["title", "subtitle"], diagnostics)
        try diagnostics.throwIfAny()
        return members ?? [:]
    }
}
