package import Canon

/// A program and its arguments as an experiment file gives them, with places that are filled in when
/// it starts: in the folder of the attempt, beside `../in` with the inputs.
package struct CommandCall {
    /// The program and its arguments as they were written.
    package let words: [String]

    /// Names a program and its arguments.
    package init(words: [String]) { self.words = words }

    /// The call of an action of the kind `command`.
    package init(parameters: [String: JSON]) {
        words = (parameters["run"]?.elements ?? []).compactMap { $0.text }
    }

    /// Whether the program writes its output itself; else what it prints is the output.
    package var writesOutput: Bool { words.contains { $0.contains("{output}") } }

    /// Whether the program is given the seed.
    package var asksForSeed: Bool { words.contains { $0.contains("{seed}") } }

    /// Whether a place may stand for an input.
    package var readsInputs: Bool { words.contains { $0.contains("{") } }

    /// The place of an input, as seen from the folder that the program runs in.
    package static func place(ofInput number: Int) -> String { "../in/inputs-\(number)" }

    /// The words with their places filled in.
    package func arguments(inputs: [String], seed: UInt64) -> [String] {
        var arguments: [String] = []
        for word in words {
            if word == "{inputs}" {
                arguments += inputs
                continue
            }
            var text = word
            if word.contains("{") {
                text = text.replacing("{output}", with: "./out")
                    .replacing("{seed}", with: String(seed))
                    .replacing("{inputs}", with: inputs.joined(separator: " "))
                for (number, path) in inputs.enumerated() where text.contains("{\(number)}") {
                    text = text.replacing("{\(number)}", with: path)
                }
            }
            arguments.append(text)
        }
        return arguments
    }
}
