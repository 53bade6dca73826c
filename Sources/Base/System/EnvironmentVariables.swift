/// Environment variables as a value.
///
/// Only the program reads its own environment, once; everything below it is given this value, or what it
/// needs of it. So nothing that a result could depend on comes in unseen.
package struct EnvironmentVariables: Sendable, Equatable {
    /// `NAME=VALUE` each, in their order: what a program that is started gets.
    package let words: [String]
    private let values: [String: String]

    /// Takes words as a process has them; of two with one name the first counts, as for getenv(3).
    package init(words: [String] = []) {
        self.words = words
        let pairs = words.compactMap { word -> (String, String)? in
            guard let end = word.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return (String(word[..<end]), String(word[word.utf8.index(after: end)...]))
        }
        values = Dictionary(pairs) { first, _ in first }
    }

    /// The value of a variable; `nil` where it is not set, or empty.
    package subscript(name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a variable is set, if only to nothing.
    package func has(_ name: String) -> Bool { values[name] != nil }

    /// The named variables, where they are set.
    package func words(_ names: [String]) -> [String] {
        names.compactMap { name in values[name].map { "\(name)=\($0)" } }
    }

    /// The name in `NAME=VALUE`.
    ///
    /// It ends with the byte `=`, also where the value begins with a mark that joins the character before it.
    package static func name(of word: String) -> String {
        String(word[..<(word.utf8.firstIndex(of: UInt8(ascii: "=")) ?? word.endIndex)])
    }

    /// The folder for temporary files: `TMPDIR`, else `/tmp`.
    package var temporaryFolder: String { self["TMPDIR"] ?? "/tmp" }
}
