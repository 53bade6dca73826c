/// The help of a terminal so narrow that names and texts have no room side by side: a text stands below its
/// name.
enum NarrowHelp {
    /// Where there are fewer columns, a text stands below its name.
    static let limit = 60
    /// So wide that the parser of arguments breaks no line.
    static let unbroken = 10_000
    /// Where the parser of arguments begins a text beside its name.
    private static let column = 26
    private static let margin = "      "

    /// A help that the parser made `unbroken`, laid out anew.
    static func laid(_ text: String, to width: Int) -> String {
        var isList = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            // The line of usage is broken elsewhere.
            if line.hasPrefix("USAGE: ") { return String(line) }
            if line.hasSuffix(":") && line.first?.isUppercase == true { isList = true }
            let lead = line.prefix { $0 == " " }.count
            guard isList, lead > 0 else {
                // An example goes on below its beginning.
                return TerminalWidth.wrapped(
                    String(line), hanging: lead > 0 ? lead + 4 : 0, to: width)
            }
            return entry(line, lead).map { part in
                TerminalWidth.wrapped(part, hanging: part.prefix { $0 == " " }.count, to: width)
            }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// The name and the text of a line of a list, each on a line of its own.
    private static func entry(_ line: Substring, _ lead: Int) -> [String] {
        if lead >= column { return [margin + line.dropFirst(lead)] }
        let name = line.prefix(column)
        let text = line.dropFirst(column)
        // A name that reaches into the column of texts has its text on the next line.
        guard name.last == " ", !text.isEmpty else { return [String(line)] }
        return [String(name.reversed().drop { $0 == " " }.reversed()), margin + text]
    }
}
