/// Words for a shell.
package enum ShellWords {
    /// The words, each quoted, as one line.
    package static func quoted(_ words: [String]) -> String {
        words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
    }

    /// A command that starts a program which outlives the shell, and prints its number.
    ///
    /// What the program prints goes to a file of its own: `logs`, its number and `.log`.
    package static func leaving(_ words: [String], logs: String) -> String {
        let start = ["sh", "-c", "exec \"$@\" >>\"$0$$.log\" 2>&1", logs] + words
        return "{ nohup setsid \(quoted(start)) >/dev/null 2>&1 </dev/null & echo $!; }"
    }
}
