import Experiment

/// What the parser of arguments says of a mistake, in the form of our own messages.
enum ParserWords {
    private static let missing = "Error: Missing expected argument '"

    /// The text with what was expected first; a missing experiment names those of this folder.
    static func ours(_ text: String) -> String {
        guard text.hasPrefix("Error: ") else { return text }
        // The parser of arguments has a capital where we have none.
        guard text.hasPrefix(missing) else { return "e" + text.dropFirst() }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let name = lines[0].dropFirst(missing.count).prefix { $0 != "'" }
        lines[0] = "error: expected \(name), found nothing"
        if name == "<experiment>" {
            let found = MissingExperiment.experiments(in: ".")
            let note =
                found.isEmpty
                ? "this folder has none; `bitlaw init FOLDER` makes one"
                : "in this folder: \(found.prefix(10).joined(separator: ", "))"
            lines.insert("  \(note)", at: min(2, lines.count))
        }
        return lines.map { $0.hasPrefix("Help:  ") ? "  " + $0.dropFirst(7) : $0 }
            .joined(separator: "\n")
    }
}
