/// Follows the text of a POSIX shell's script, and knows what stands around each place in it.
struct ShellReader {
    /// How the shell reads what comes next.
    enum Context {
        /// Outside quotes: at the top, in parentheses, or in `$(…)`.
        case plain
        case double, single, comment
        /// In `$((…))`.
        case arithmetic
        /// In a `${…}` of the shell.
        case parameter
    }

    private var contexts: [Context] = [.plain]
    /// What makes everything from there on uncertain; `nil` while all of it is understood.
    private(set) var doubt: String?
    /// Whether a backslash stands right before.
    private var isEscaped = false
    /// Whether a `$` stands right before, or its `(`.
    private var (isDollar, isSubstitution) = (false, false)
    /// The byte before, as far as it ends a word.
    private var before = UInt8(ascii: "\n")
    /// The beginning of the word so far, outside quotes.
    private var word: [UInt8] = []

    /// What stands around the place.
    var context: Context { contexts.last ?? .plain }

    /// Whether a text would become a part of a name.
    var isName: Bool { isDollar }

    /// Why only ordinary texts can stand here; `nil` where any can.
    var doubtHere: String? {
        if isEscaped { return "an escape (\\)" }
        if isDollar { return "a name ($)" }
        return switch context {
        case .arithmetic: "arithmetic ($((…)))"
        case .parameter: "a parameter (${…})"
        default: nil
        }
    }

    /// Passes over a text that was put in.
    mutating func passValue() {
        (isEscaped, isDollar, isSubstitution) = (false, false, false)
        pass(UInt8(ascii: "x"))
    }

    /// Reads the next byte of the script.
    mutating func read(_ byte: UInt8) {
        let (wasDollar, wasSubstitution) = (isDollar, isSubstitution)
        (isDollar, isSubstitution) = (false, false)
        if isEscaped {
            isEscaped = false
            // A line that goes on: the shell takes both bytes away.
            if byte != UInt8(ascii: "\n") { pass(UInt8(ascii: "x")) }
            return
        }
        let character = Character(Unicode.Scalar(byte))
        switch (context, character) {
        case (.comment, "\n"), (.single, "'"), (.double, "\""), (.parameter, "}"):
            contexts.removeLast()
        case (.comment, _), (.single, _): break
        case (_, "\\"):
            isEscaped = true
            return
        case (_, "$"): isDollar = !wasDollar
        case (_, "`"): doubt = doubt ?? "backquotes"
        case (_, "("): open(wasDollar: wasDollar, wasSubstitution: wasSubstitution)
        case (_, "{") where wasDollar: contexts.append(.parameter)
        case (.double, _): break
        case (_, ")"): if contexts.count > 1, context != .parameter { contexts.removeLast() }
        case (_, "'"), (_, "\""): quote(character, wasDollar: wasDollar)
        case (.plain, "#"): if ShellReader.isBorder(before) { contexts.append(.comment) }
        case (.plain, "<"):
            if before == UInt8(ascii: "<") { doubt = doubt ?? "a here-document (<<)" }
        default: break
        }
        pass(byte)
    }

    private mutating func open(wasDollar: Bool, wasSubstitution: Bool) {
        switch context {
        case .plain where wasSubstitution:
            contexts[contexts.count - 1] = .arithmetic
            contexts.append(.arithmetic)
        case .arithmetic where !wasDollar: contexts.append(.arithmetic)
        case .plain where !wasDollar: contexts.append(.plain)
        default:
            guard wasDollar else { return }
            contexts.append(.plain)
            isSubstitution = true
        }
    }

    private mutating func quote(_ quote: Character, wasDollar: Bool) {
        let outside = contexts.dropLast().last
        switch context {
        case .arithmetic: doubt = doubt ?? "arithmetic with quotes"
        // Shells differ in which quotes count there.
        case .parameter where outside != .plain: doubt = doubt ?? "a quoted ${…} with quotes"
        default:
            if quote == "'" && wasDollar { doubt = doubt ?? "$'…'" }
            contexts.append(quote == "'" ? .single : .double)
        }
    }

    /// Takes a byte as the one before, and for the word so far.
    private mutating func pass(_ byte: UInt8) {
        before = byte
        guard context == .plain, ShellReader.isBorder(byte) else {
            if word.count < 5 { word.append(byte) }
            return
        }
        // The parentheses of its patterns have no partners.
        if contexts.count > 1 && word == Array("case".utf8) {
            doubt = doubt ?? "a case within parentheses"
        }
        word = []
    }

    /// Whether a word ends at a byte, outside quotes.
    private static func isBorder(_ byte: UInt8) -> Bool { " \t\n;&|()<>".utf8.contains(byte) }
}
