/// The words at the end of a command line that are files for sure: the parser of arguments takes time that
/// grows with the square of their number.
enum TrailingWords {
    /// How many words are left to the parser in any case.
    private static let few = 64

    /// Splits a command line of `add`, whose options take one value at most, into what is parsed and the
    /// files that follow.
    ///
    /// Of the words after the last option the first may be its value; the second is a file, so that the
    /// parser finds one.
    static func split(_ words: [String]) -> (parsed: [String], files: [String]) {
        guard words.first == "add", words.count > few else { return (words, []) }
        let start = (words.lastIndex { $0.hasPrefix("-") } ?? 0) + 1
        let end = min(words.count, start + 2)
        return (Array(words[..<end]), Array(words[end...]))
    }

    /// The command line of this program, split.
    static let own = split(Array(CommandLine.arguments.dropFirst()))
}
