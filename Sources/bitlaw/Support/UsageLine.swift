/// The line of a help that says how a command is called, which the parser of arguments leaves unbroken.
enum UsageLine {
    /// A help or an error of the parser whose line of usage is broken between arguments, not inside of one.
    static func fitted(_ text: String, to width: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard let lead = ["USAGE: ", "Usage: "].first(where: line.hasPrefix) else {
                return String(line)
            }
            var depth = 0
            let joined = line.map { character -> Character in
                if character == "[" { depth += 1 }
                if character == "]" { depth -= 1 }
                return character == " " && depth > 0 ? "\u{A0}" : character
            }
            return TerminalWidth.wrapped(String(joined), hanging: lead.count, to: width)
                .replacing("\u{A0}", with: " ")
        }.joined(separator: "\n")
    }
}
