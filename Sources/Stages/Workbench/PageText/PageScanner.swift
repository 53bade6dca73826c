import Experiment

/// Takes what stands for results out of a page's Markdown.
///
/// Each piece becomes one letter of a private plane that no text has, so that CommonMark reads the rest as if
/// a word stood there.
struct PageScanner {
    /// The text with letters for pieces, on the same lines.
    private(set) var markdown = ""
    /// The pieces, in the order of their letters.
    private(set) var pieces: [PagePiece] = []

    /// Holds a line of a piece that goes over several.
    static let filler: Character = "\u{10FFFD}"
    private static let firstLetter: UInt32 = 0x100000
    /// How many characters a piece may have.
    static let longest = 8_000
    /// How many pieces a page may have.
    static let mostPieces = 20_000

    private let characters: [Character]
    private var at = 0
    private var line: Int
    private var column = 1
    private var isLineStart = true

    /// Scans the text that begins on a line.
    init(_ text: Substring, line: Int) {
        characters = Array(text)
        self.line = line
        while at < characters.count { scan() }
    }

    /// The piece that a letter stands for; `nil` for letters of texts.
    static func index(of letter: Character) -> Int? {
        guard let scalar = letter.unicodeScalars.first, scalar.value >= firstLetter else {
            return nil
        }
        return letter == filler ? nil : Int(scalar.value - firstLetter)
    }

    /// Whether a text has letters of the private plane itself.
    static func isReserved(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.value >= firstLetter }
    }

    private mutating func scan() {
        if characters[at...].starts(with: "$${") {
            take(3, .escape)
        } else if characters[at...].starts(with: "${") {
            if let end = end(from: at + 2, countsBraces: false) {
                take(end + 1 - at, .value)
            } else {
                take(
                    2,
                    .broken(
                        ResultError(
                            "`${` without its `}`", at: 0, ["to write `${` itself, write `$${`"])))
            }
        } else if isLineStart, characters[at] == "{", let length = wordLength() {
            placing(length)
        } else {
            isLineStart =
                PageScanner.isNewline(characters[at]) || isLineStart && characters[at] == " "
            markdown.append(characters[at])
            advance()
        }
    }

    /// How long the word behind a brace is; `nil` where no placing begins.
    private func wordLength() -> Int? {
        let word = characters[(at + 1)...].prefix { $0.isASCII && $0.isLetter && $0.isLowercase }
        let next = at + 1 + word.count
        guard !word.isEmpty, next < characters.count, ":}".contains(characters[next]) else {
            return nil
        }
        return word.count
    }

    private mutating func placing(_ wordLength: Int) {
        guard let end = end(from: at + 1, countsBraces: true) else {
            take(
                wordLength + 1,
                .broken(
                    ResultError(
                        "`{\(String(characters[(at + 1)...(at + wordLength)]))` without its `}`",
                        at: 0,
                        ["it ends before the next empty line; to write `{` itself, write `\\{`"])))
            return
        }
        do throws(ResultError) {
            let inner = Array(characters[(at + 1)..<end])
            take(end + 1 - at, .placing(try Placing(inner, at: 1)))
        } catch { take(end + 1 - at, .broken(error)) }
    }

    /// The brace that closes, outside quotes and before an empty line.
    private func end(from start: Int, countsBraces: Bool) -> Int? {
        var quote: Character?
        var depth = 0
        var isBlank = false
        for place in start..<min(characters.count, start + PageScanner.longest) {
            let character = characters[place]
            if PageScanner.isNewline(character) {
                if isBlank { return nil }
                isBlank = true
                continue
            }
            if !character.isWhitespace { isBlank = false }
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                let before = characters[place - 1]
                if !(before.isLetter || before.isNumber) { quote = character }
            } else if character == "{", countsBraces {
                depth += 1
            } else if character == "}" {
                if depth == 0 { return place }
                depth -= 1
            }
        }
        return nil
    }

    private mutating func take(_ count: Int, _ content: PagePiece.Content) {
        let written = String(characters[at..<(at + count)])
        let firstLine = written.prefix { !PageScanner.isNewline($0) }
        let place = Place(line: line, column: column, length: firstLine.count)
        let number = pieces.count
        guard number < PageScanner.mostPieces,
            let scalar = Unicode.Scalar(PageScanner.firstLetter + UInt32(number))
        else {
            at = characters.count
            return
        }
        markdown.append(Character(scalar))
        for _ in 0..<count {
            if PageScanner.isNewline(characters[at]) { markdown += "\n\(PageScanner.filler)" }
            advance()
        }
        isLineStart = false
        pieces.append(PagePiece(content: content, written: written, place: place))
    }

    private mutating func advance() {
        if PageScanner.isNewline(characters[at]) {
            line += 1
            column = 1
        } else {
            column += 1
        }
        at += 1
    }

    /// The ends of lines that editors count.
    static func isNewline(_ character: Character) -> Bool {
        character == "\n" || character == "\r" || character == "\r\n"
    }
}
