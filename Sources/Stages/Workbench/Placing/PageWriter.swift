import Canon
import Experiment

/// Writes a page from its text, results and claims.
struct PageWriter {
    /// The page, then its sections.
    private let sources: [PageSource]
    /// What is written now.
    private(set) var source: PageSource
    let results: Results
    let claims: PageClaims
    let isJudged: Bool
    private var diagnostics: Diagnostics
    var page: ReportPage
    /// The claims that are placed and how they came out, in the order of the page.
    var judged: [(claim: Claim, outcome: ClaimOutcome)] = []

    private let anchors: PageAnchors
    private var headings = 0
    private var lists: [(isNumbered: Bool, isTight: Bool)] = []
    private var links = 0

    /// Takes what the page is made of.
    ///
    /// The first source gives the page its title.
    init(_ sources: [PageSource], _ results: Results, _ claims: PageClaims, isJudged: Bool) {
        let source = sources[0]
        self.sources = sources
        self.source = source
        self.results = results
        self.claims = claims
        self.isJudged = isJudged
        diagnostics = Diagnostics(source: source.source)
        anchors = PageAnchors(sources.flatMap { $0.events })
        page = ReportPage(title: source.title, subtitle: Markup.set(source.subtitle))
    }

    /// The page and its claims for programs.
    ///
    /// - Throws: ``ExperimentError`` with every mistake and its place; errors of outputs that cannot be read.
    mutating func write() throws -> (html: String, claims: JSON) {
        if !isJudged {
            page.paragraph(
                "<em>This run is a smoke test, too small to conclude from: its claims are told, and none "
                    + "is judged. The text tells of the full experiment and its sizes.</em>")
        }
        for next in sources {
            source = next
            diagnostics = Diagnostics(source: next.source)
            var at = 0
            while at < source.events.count {
                at = try step(at)
            }
            try diagnostics.throwIfAny()
        }
        notePlaced()
        return (page.html(), .array(judged.map { json($0.claim, $0.outcome) }))
    }

    /// Notes a mistake of a piece.
    func add(_ error: ResultError, in piece: PagePiece) {
        diagnostics.add(error.message, piece.place(of: error), error.notes)
    }

    private func add(_ message: String, _ event: MarkdownEvent, _ notes: [String]) {
        diagnostics.add(message, Place(line: event.line, column: 1), notes)
    }

    // MARK: Steps

    /// Writes the step at a place; the place of the next.
    private mutating func step(_ at: Int) throws -> Int {
        let event = source.events[at]
        switch event.node {
        case .paragraph:
            if event.edge == .opens, let (pieces, next) = placings(from: at) {
                try place(pieces)
                return next
            }
            let isBare = lists.last?.isTight ?? false
            page.add(isBare ? "" : event.edge == .opens ? "<p>" : "</p>\n")
        case .heading(let level): heading(max(2, level), event)
        case .list(let first, let isTight): list(first, isTight, event)
        case .link(let address): link(address, event)
        case .image(let address):
            guard event.edge == .opens else { break }
            add(
                "an image from `\(address.prefix(60))`", event,
                ["a page loads nothing; expected a picture of a result: {figure: law/plot}"])
        case .text(let text): page.add(try inline(text))
        case .code(let text): page.add("<code>\(verbatim(text))</code>")
        case .codeBlock(let text): page.add("<pre><code>\(verbatim(text))</code></pre>\n")
        case .html(let text, let isBlock):
            page.add(isBlock ? "<p>\(verbatim(text))</p>\n" : verbatim(text))
        case .softBreak: page.add("\n")
        case .lineBreak: page.add("<br>")
        case .rule: page.add("<hr>\n")
        case .quote: tag("blockquote", event)
        case .item: tag("li", event)
        case .emphasis: tag("em", event)
        case .strong: tag("strong", event)
        }
        return at + 1
    }

    private mutating func tag(_ name: String, _ event: MarkdownEvent) {
        // A quote in a tight list has paragraphs of its own.
        if event.node == .quote {
            if event.edge == .opens {
                lists.append((false, false))
            } else {
                lists.removeLast()
            }
        }
        page.add(event.edge == .opens ? "<\(name)>" : "</\(name)>")
    }

    private mutating func heading(_ level: Int, _ event: MarkdownEvent) {
        guard event.edge == .opens else { return page.add("</h\(level)>\n") }
        page.add("<h\(level) id=\"\(anchors.names[headings])\">")
        headings += 1
    }

    private mutating func list(_ first: Int?, _ isTight: Bool, _ event: MarkdownEvent) {
        let name = first == nil ? "ul" : "ol"
        guard event.edge == .opens else {
            lists.removeLast()
            return page.add("</\(name)>\n")
        }
        lists.append((first != nil, isTight))
        let start = first.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
        page.add("<\(name)\(start)>\n")
    }

    private mutating func link(_ address: String, _ event: MarkdownEvent) {
        guard event.edge == .opens else {
            links -= 1
            return page.add("</a>")
        }
        links += 1
        let written = verbatim(address)
        if address.hasPrefix("#") {
            let name = String(address.dropFirst())
            if !anchors.names.contains(name) {
                add(
                    "no heading is linked by `\(address.prefix(60))`", event,
                    ["expected: \(ForeignTable.names(anchors.names.map { "#\($0)" }))"]
                        + nearest(name, among: anchors.names).map { $0 })
            }
            return page.add("<a href=\"\(written)\">")
        }
        let scheme = address.prefix { $0 != ":" }.lowercased()
        guard ["http", "https", "mailto"].contains(scheme), address.contains(":") else {
            add(
                "a link to `\(address.prefix(60))`", event,
                ["expected: https:, http:, mailto:, or # and the words of a heading"])
            return page.add("<a>")
        }
        page.add("<a href=\"\(written)\" rel=\"noopener noreferrer\">")
    }

    // MARK: Pieces in text

    /// The placings of a paragraph that has nothing else, and the place behind it.
    private func placings(from start: Int) -> (pieces: [PagePiece], next: Int)? {
        var pieces: [PagePiece] = []
        var at = start + 1
        while at < source.events.count, source.events[at].edge != .closes {
            switch source.events[at].node {
            case .softBreak: break
            case .text(let text):
                for character in text where character != PageScanner.filler && character != " " {
                    guard let index = PageScanner.index(of: character),
                        case .placing = source.pieces[index].content
                    else { return nil }
                    pieces.append(source.pieces[index])
                }
            default: return nil
            }
            at += 1
        }
        return pieces.isEmpty ? nil : (pieces, at + 1)
    }

    /// Text with values for its pieces, as markup.
    private mutating func inline(_ text: String) throws -> String {
        var out = ""
        var plain = ""
        for character in text where character != PageScanner.filler {
            guard let index = PageScanner.index(of: character), index < source.pieces.count else {
                plain.append(character)
                continue
            }
            let isPower = plain.hasSuffix("^")
            out += Markup.set(isPower ? String(plain.dropLast()) : plain)
            plain = ""
            let value = try value(source.pieces[index])
            out += isPower ? "<sup>\(value)</sup>" : value
        }
        return out + Markup.set(plain)
    }

    private mutating func value(_ piece: PagePiece) throws -> String {
        do {
            switch piece.content {
            case .escape: return "${"
            case .value: return try values(of: piece.written)
            case .placing(let placing):
                throw ResultError(
                    "`{\(placing.word.text): …}` in a line of text", at: 0,
                    ["expected: it stands in a paragraph of its own, with empty lines around it"])
            case .broken(let error): throw error
            }
        } catch let error as ResultError {
            add(error, in: piece)
            return ""
        }
    }

    /// A text with `${…}` as markup: each value linked to where it came from.
    mutating func values(of text: String) throws -> String {
        var out = ""
        for piece in try ResultTemplate(text, about: results).pieces {
            switch piece {
            case .text(let text): out += Markup.set(text)
            case .value(let expression, let format):
                let series = try expression.value(in: results)
                out += number(ResultTemplate.text(series, format), from: series.sources)
            }
        }
        return out
    }

    /// A text with `${…}` as plain text, such as a title within a picture.
    func text(of written: String) throws -> String {
        try ResultTemplate(written, about: results).pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .value(let expression, let format):
                ResultTemplate.text(try expression.value(in: results), format)
            }
        }.joined()
    }

    /// A text that links to the outputs it was read from; plain inside a link, and where there are none.
    mutating func number(_ text: String, from sources: [Int]) -> String {
        if sources.isEmpty || links > 0 { return Markup.setValue(text) }
        return page.number(text, from: sources.map { results.inputs[$0] })
    }

    /// The number of an entry of the list of origins, in brackets, that links there.
    mutating func mark(from sources: [Int]) -> String {
        page.mark(from: sources.map { results.inputs[$0] })
    }

    /// Code and the like, as it was written, pieces too.
    private func verbatim(_ text: String) -> String {
        var out = ""
        for character in text where character != PageScanner.filler {
            let index = PageScanner.index(of: character) ?? .max
            out += index < source.pieces.count ? source.pieces[index].written : String(character)
        }
        return Markup.escape(out)
    }

    // MARK: Placings

    /// Places the pieces of a paragraph; figures that follow each other stand side by side.
    private mutating func place(_ pieces: [PagePiece]) throws {
        var beside: [(svg: String, caption: String)] = []
        for piece in pieces {
            guard case .placing(let placing) = piece.content else { continue }
            do {
                if placing.word.text == "figure" {
                    beside += try figures(placing)
                    continue
                }
                show(&beside)
                switch placing.word.text {
                case "table": try table(placing)
                case "law": try summaries(placing, isLaw: true)
                case "results": try summaries(placing, isLaw: false)
                default: try claims(placing)
                }
            } catch let error as ResultError { add(error, in: piece) }
        }
        show(&beside)
    }

    private mutating func show(_ figures: inout [(svg: String, caption: String)]) {
        if !figures.isEmpty { page.figures(figures) }
        figures = []
    }
}
