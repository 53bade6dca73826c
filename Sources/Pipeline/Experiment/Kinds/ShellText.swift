/// Puts texts into a script for a POSIX shell so that the shell reads each as the word that it is.
///
/// Where a place stands outside quotes the text is quoted; inside of double quotes what the shell would
/// read is escaped; inside of single quotes a single quote is. So no text becomes a part of the program.
package struct ShellText {
    /// Why a text cannot be put where it stands.
    package struct Unfit: Error, Equatable {
        /// What stands around the place.
        package let reason: String
    }

    private enum Context { case plain, double, single, comment }

    private var contexts: [Context] = [.plain]
    private var hasDocument = false
    private var isBackquoted = false
    private(set) var text = ""

    /// Begins with an empty script.
    package init() {}

    /// The script so far.
    package var script: String { text }

    /// Adds text of the script as it is written.
    package mutating func append(written: String) {
        var previous: Character = text.last ?? "\n"
        var isEscaped = false
        for character in written {
            defer {
                text.append(character)
                previous = character
            }
            if isEscaped {
                isEscaped = false
                continue
            }
            if character == "\\" && contexts.last != .single && contexts.last != .comment {
                isEscaped = true
                continue
            }
            step(character, after: previous)
        }
    }

    private mutating func step(_ character: Character, after previous: Character) {
        switch (contexts.last ?? .plain, character) {
        case (.comment, "\n"), (.single, "'"), (.double, "\""): contexts.removeLast()
        case (.comment, _), (.single, _): break
        case (.double, "("), (.plain, "("):
            if previous == "$" || contexts.last == .plain { contexts.append(.plain) }
        case (.plain, ")"): if contexts.count > 1 { contexts.removeLast() }
        case (.plain, "\""): contexts.append(.double)
        case (.plain, "'"): contexts.append(.single)
        case (.plain, "#"):
            if previous.isWhitespace || previous == ";" { contexts.append(.comment) }
        case (.plain, "<"): if previous == "<" { hasDocument = true }
        case (_, "`"): isBackquoted = true
        default: break
        }
    }

    /// Adds a text that the shell reads as a word, or a part of one.
    ///
    /// - Throws: ``Unfit`` where what stands around the place does not tell how the shell would read it.
    package mutating func append(value: String) throws(Unfit) {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy(ShellText.isOrdinary)
        if isPlain {
            text += value
            return
        }
        if hasDocument { throw Unfit(reason: "a here-document (<<)") }
        if isBackquoted { throw Unfit(reason: "backquotes") }
        switch contexts.last ?? .plain {
        case .plain: text += ShellText.quoted(value)
        case .single: text += value.replacing("'", with: "'\\''")
        case .double:
            for character in value.unicodeScalars {
                if "$`\"\\".unicodeScalars.contains(character) { text += "\\" }
                text.unicodeScalars.append(character)
            }
        case .comment: text += value.replacing("\n", with: " ")
        }
    }

    /// A text in single quotes.
    package static func quoted(_ text: String) -> String {
        "'\(text.replacing("'", with: "'\\''"))'"
    }

    /// Whether no shell reads anything but itself in a byte.
    private static func isOrdinary(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "_-./:=,@%+".utf8.contains(byte)
        }
    }
}
