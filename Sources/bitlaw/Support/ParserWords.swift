import Experiment
import Workbench

/// What the parser of arguments says of a mistake, in the form of our own messages.
enum ParserWords {
    private static let unknown = "Error: Unknown option '--"
    /// What `--format` takes, by the command's line of usage.
    private static var formats: [String: [String]] {
        [
            "bitlaw table ": ResultTableFormat.allCases.map { $0.rawValue },
            "bitlaw graph ": GraphFormat.allCases.map { $0.rawValue },
        ]
    }
    private static let stages = ["stage", "stages", "action", "target", "kind"]

    /// An unknown option with what was meant by it: a form is `--format csv`, a stage a word of its own.
    private static func meant(_ text: String) -> String {
        guard text.hasPrefix(unknown) else { return text }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let name = String(lines[0].dropFirst(unknown.count).prefix { $0 != "'" })
        let usage = lines.dropFirst().joined(separator: " ")
        let said: String
        if formats.contains(where: { usage.contains($0.key) && $0.value.contains(name) }) {
            said = "Write '--format \(name)'."
        } else if stages.contains(name)
            && (usage.contains("<stages>") || usage.contains("<targets>"))
        {
            said = "Write the name alone, behind the experiment file."
        } else {
            return text
        }
        lines[0] = "\(unknown)\(name)'. \(said)"
        return lines.joined(separator: "\n")
    }

    private static let missing = "Error: Missing expected argument '"

    /// The text with what was expected first; a missing experiment names those of this folder.
    static func ours(_ text: String) -> String {
        guard text.hasPrefix("Error: ") else { return text }
        // The parser of arguments has a capital where we have none.
        guard text.hasPrefix(missing) else { return "e" + meant(text).dropFirst() }
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
