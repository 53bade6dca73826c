/// Actions that a run with `--only` may not execute, and that have no result.
package struct MissingInputs: Error, CustomStringConvertible {
    let file: String
    let actions: [String]

    /// Each of them, with the command that makes it.
    package var description: String {
        let most = 20
        var text = "\(file): --only executes nothing else, and these inputs have no result:\n"
        for name in actions.prefix(most) {
            text += "  \(name)   fix: bitlaw run \(file) '\(name)'\n"
        }
        if actions.count > most { text += "  and \(actions.count - most) more\n" }
        return text + "  or without --only: what is missing is made then"
    }
}
