import Canon

/// A page for `man`: what a command's help says, in the language of troff.
struct ManualPage {
    /// The page's name, such as `bitlaw-run`.
    let name: String
    private let command: JSON
    /// The words that a person types for the command.
    private let words: String

    private init(_ command: JSON) {
        self.command = command
        let path = (command["superCommands"]?.elements ?? []).compactMap { $0.text }
        let words = path + [command["commandName"]?.text ?? ""]
        (self.words, name) = (words.joined(separator: " "), words.joined(separator: "-"))
    }

    /// The pages of a command and of its commands, as the parser of arguments describes them.
    static func all(_ command: JSON) -> [ManualPage] {
        guard isShown(command) else { return [] }
        return [ManualPage(command)] + commands(of: command).flatMap(all)
    }

    /// The page.
    var text: String {
        let abstract = command["abstract"]?.text ?? ""
        var text = ".TH \(name.uppercased()) 1 \"\" \"bitlaw \(BitlawVersion.number)\" \"Bitlaw\"\n"
        text += ".SH NAME\n\(escaped(name)) \\- \(escaped(abstract))\n"
        text += ".SH SYNOPSIS\n.B \(escaped(words))\n\(escaped(synopsis))\n"
        text += description
        let arguments = (command["arguments"]?.elements ?? []).filter(ManualPage.isShown)
        let (positional, options) = (
            arguments.filter { $0["kind"] == "positional" },
            arguments.filter { $0["kind"] != "positional" }
        )
        for (title, list) in [("ARGUMENTS", positional), ("OPTIONS", options)] where !list.isEmpty {
            text += ".SH \(title)\n"
            for argument in list {
                text += ".TP\n\\fB\(escaped(label(argument)))\\fR\n"
                text += "\(escaped(argument["abstract"]?.text ?? ""))\n"
            }
        }
        let commands = ManualPage.commands(of: command).filter(ManualPage.isShown)
        if !commands.isEmpty {
            text += ".SH COMMANDS\n"
            for one in commands {
                text += ".TP\n\\fB\(escaped(one["commandName"]?.text ?? ""))\\fR\n"
                text += "\(escaped(one["abstract"]?.text ?? ""))\n"
            }
        }
        return text + seeAlso(commands)
    }

    private func seeAlso(_ commands: [JSON]) -> String {
        var names = commands.map { ManualPage($0).name }
        if let above = name.lastIndex(of: "-") { names.insert(String(name[..<above]), at: 0) }
        if names.isEmpty { return "" }
        return ".SH SEE ALSO\n"
            + names.map { ".BR \(escaped($0)) (1)" }.joined(separator: " ,\n") + "\n"
    }

    /// The discussion: headings in capitals begin sections, lines that are set in stand as they are.
    private var description: String {
        var text = ".SH DESCRIPTION\n\(escaped(command["abstract"]?.text ?? ""))\n"
        var isExample = false
        for line in (command["discussion"]?.text ?? "").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let isSetIn = line.hasPrefix("  ")
            if isExample != isSetIn && (isSetIn || !line.isEmpty) {
                text += isSetIn ? ".nf\n" : ".fi\n"
                isExample = isSetIn
            }
            if line.isEmpty {
                text += isExample ? "" : ".PP\n"
            } else if !isSetIn, line.allSatisfy({ $0.isUppercase || $0 == " " }) {
                text += ".SH \(line)\n"
            } else {
                text += "\(escaped(String(line)))\n"
            }
        }
        return text + (isExample ? ".fi\n" : "")
    }

    private var synopsis: String {
        var parts: [String] = []
        for argument in (command["arguments"]?.elements ?? []).filter(ManualPage.isShown) {
            var part = label(argument)
            if argument["kind"] == "positional" { part = part.uppercased() }
            if argument["isRepeating"] == true { part += " ..." }
            parts.append(argument["isOptional"] == true ? "[\(part)]" : part)
        }
        if !ManualPage.commands(of: command).isEmpty { parts.append("COMMAND") }
        return parts.joined(separator: " ")
    }

    /// How an argument is written: `-j, --jobs N`.
    private func label(_ argument: JSON) -> String {
        let value = argument["valueName"]?.text ?? ""
        if argument["kind"] == "positional" { return value }
        let names = (argument["names"]?.elements ?? []).compactMap { entry -> String? in
            entry["name"]?.text.map { entry["kind"] == "long" ? "--\($0)" : "-\($0)" }
        }
        let shown = names.sorted { $0.utf8.count < $1.utf8.count }.joined(separator: ", ")
        return argument["kind"] == "option" ? "\(shown) \(value.uppercased())" : shown
    }

    private static func commands(of command: JSON) -> [JSON] {
        (command["subcommands"]?.elements ?? []).filter { $0["commandName"] != "help" }
    }

    private static func isShown(_ entry: JSON) -> Bool { entry["shouldDisplay"] != false }

    /// A text without meaning for troff: backslashes, hyphens that are typed, and dots that begin a line.
    private func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&\(plain)" : plain
    }
}
