/// The exit codes, and what each means to whoever reads it.
enum Code {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let store: Int32 = 3
    static let difference: Int32 = 4
    static let interrupted: Int32 = 130
    /// Nobody reads what is printed any more: the code of a program that SIGPIPE ends.
    static let readerGone: Int32 = 141

    /// Each code with its meaning and what to do, at most 54 columns each.
    ///
    /// The only place that says it: `bitlaw --help` prints it, and `docs/reference` is made from that.
    static let meanings: [(code: Int32, meaning: String, remedy: String)] = [
        (done, "All that was asked is done.", "Nothing is left to do."),
        (
            failed, "An action failed, or `--only` lacks an input.",
            "`bitlaw log FILE ACTION` prints the log."
        ),
        (
            usage, "An option or the experiment file is wrong.",
            "The message names file, line and column."
        ),
        (
            store, "The store, a file or a remote cannot be used.",
            "The message names it; `bitlaw doctor` tells more."
        ),
        (
            difference, "Bits or numbers are not the expected ones.",
            "`bitlaw why` and `bitlaw diff` show where."
        ),
        (
            interrupted, "You interrupted it; what finished is kept.",
            "The same command goes on from there."
        ),
        (
            readerGone, "The reader of the output closed it, as `head` does.",
            "Nothing is wrong."
        ),
    ]

    /// The codes as a section of a help text: a line for the meaning, a line for what to do.
    static var section: String {
        let lines = meanings.flatMap { one in
            let code = "\(one.code)"
            let space = String(repeating: " ", count: 5 - code.utf8.count)
            return ["  \(code)\(space)\(one.meaning)", "       \(one.remedy)"]
        }
        return "EXIT CODES\n" + lines.joined(separator: "\n")
    }
}
