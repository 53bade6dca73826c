package import Canon
import Experiment
import LocalStore
package import System

/// The variables of the person that a stage passes on to its program.
///
/// They are in no key. Their values reach the program and nothing else: what is recorded of one is whether it
/// is set, and its value only where its name says that it is no secret.
package struct PassedVariables: Sendable, Equatable {
    /// What the names of their facts begin with.
    package static let lead = "pass."
    /// The fact of a variable that is not set.
    package static let unset = "not set"

    /// The names that the stage lists.
    private let names: [String]
    /// `NAME=VALUE` of those that are set.
    package let words: [String]

    /// Passes nothing on.
    package init() { (names, words) = ([], []) }

    /// Takes those that the parameters of an action name from a person's variables.
    package init(of parameters: [String: JSON], from person: EnvironmentVariables) {
        names = ToolSource.distinct(ProgramParameters.passed(parameters))
        words = person.words(names)
    }

    /// What is recorded of them with a result.
    package var facts: [String: String] {
        let set = EnvironmentVariables(words: words)
        return Dictionary(names.map { ("\(Self.lead)\($0)", fact(of: $0, in: set)) }) { first, _ in
            first
        }
    }

    private func fact(of name: String, in set: EnvironmentVariables) -> String {
        guard set.has(name) else { return Self.unset }
        guard ProgramParameters.isOpen(variable: name) else { return "set" }
        guard let value = set[name] else { return "set to nothing" }
        let fact = "set to \(value)"
        return MadeWith.isPlain(fact)
            ? fact : "set to what hashes to \(Digest(of: Array(value.utf8).span).short)"
    }

    /// The first of them whose value is no text; a program would be given another value.
    var unreadable: String? {
        words.first { $0.unicodeScalars.contains("\u{FFFD}") }.map(EnvironmentVariables.name)
    }

    /// What a worker has to know of them.
    package var json: JSON {
        [
            "names": .array(names.map { .string($0) }), "words": .array(words.map { .string($0) }),
        ]
    }

    /// Reads what a worker is told; what is not as expected is passed over.
    package init(json: JSON?) {
        names = (json?["names"]?.elements ?? []).compactMap { $0.text }
        words = (json?["words"]?.elements ?? []).compactMap { $0.text }
    }
}
