import ArgumentParser
import Canon
import Glibc

/// Finds a command that does not exist among the words of a command line, before they are parsed: the parser
/// of arguments would call it an unexpected argument, and `help` would pass over it.
enum MistypedCommand {
    /// Refuses a command, or a command of a command, that `root` does not have.
    static func check(_ words: [String], of root: any ParsableCommand.Type) throws {
        var command = root
        var path = [name(of: root)]
        var words = words[...]
        let asksForHelp = words.first == "help"
        if asksForHelp { words = words.dropFirst() }
        while let word = words.first, !word.hasPrefix("-") {
            let subcommands = command.configuration.subcommands
            if subcommands.isEmpty { return }
            if let next = subcommands.first(where: { names(of: $0).contains(word) }) {
                command = next
                path.append(name(of: next))
                words = words.dropFirst()
                continue
            }
            if word == "help" { return }
            if command.configuration.defaultSubcommand != nil && !asksForHelp {
                // A word of the command that is meant where none is named, such as a file.
                let isFile = unsafe access(word, F_OK) == 0
                guard !isFile, nearestName(to: word, among: subcommands.map(name)) != nil else {
                    return
                }
            }
            throw unknown(word, after: path.joined(separator: " "), subcommands)
        }
    }

    private static func unknown(
        _ word: String, after path: String, _ commands: [any ParsableCommand.Type]
    ) -> UsageError {
        let shown = commands.filter { $0.configuration.shouldDisplay }.map(name)
        var text = "no command `\(path) \(visible(word))`"
        if let nearest = nearestName(to: word, among: shown) {
            text += "\n  did you mean `\(path) \(nearest)`?"
        } else {
            text += "\n  expected: \(shown.joined(separator: ", "))"
        }
        let root = path.split(separator: " ")
        let help = ([root[0], "help"] + root.dropFirst()).joined(separator: " ")
        return UsageError(text: text + "\n  `\(help)` tells what each does")
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [name(of: command)] + command.configuration.aliases
    }
}
