package import Canon
import Experiment

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

    /// The places that are filled in when it starts.
    private var places: [String] {
        words.flatMap { Placeholder.pieces($0) }.compactMap {
            if case .place(let name) = $0 { return name }
            return nil
        }
    }

    /// Whether the program writes its output itself; else what it prints is the output.
    package var writesOutput: Bool { places.contains("output") }

    /// Whether the program asks for random numbers: without a place for its seed, it cannot draw any.
    package var usesSeed: Bool { places.contains("seed") }

    /// Whether a place may stand for an input.
    package var readsInputs: Bool { places.contains { $0 != "output" && $0 != "seed" } }

    /// A word that looks like a place for an input or the like, and is none.
    ///
    /// Only a whole word, or a word of a shell's script, is looked at: braces inside of other texts are
    /// theirs.
    func mistake(inputs: Int) -> ParameterMistake? {
        for (number, word) in words.enumerated() where word.contains("{") {
            for part in isScript(number) ? word.split(separator: " ") : [word[...]] {
                guard part.hasPrefix("{"), part.hasSuffix("}") else { continue }
                let name = String(part.dropFirst().dropLast())
                let last = inputs - 1
                if let place = Int(name), place > last, name.utf8.allSatisfy({ $0 >= 0x30 }) {
                    let has =
                        inputs == 0 ? "the stage has no `inputs`" : "the last one is {\(last)}"
                    return ParameterMistake(
                        parameter: "run", element: number, message: "`\(part)` stands for no input",
                        notes: ["the first input is {0}; \(has)"])
                }
                if let meant = CommandCall.meant[name.lowercased()], meant != name {
                    return ParameterMistake(
                        parameter: "run", element: number, message: "`\(part)` stands for nothing",
                        notes: [
                            "expected: {inputs}, {0}, {1}, …, {output} or {seed}",
                            "did you mean `{\(meant)}`?",
                        ])
                }
            }
        }
        return nil
    }

    /// What is meant by names that are not quite those of our places.
    private static let meant = [
        "input": "inputs", "inputs": "inputs", "out": "output", "output": "output",
        "outputs": "output", "seed": "seed",
    ]

    /// Whether a word is the script of a shell: the one after `-c`.
    private func isScript(_ number: Int) -> Bool {
        guard number >= 2, words[number - 1].hasPrefix("-"), words[number - 1].hasSuffix("c") else {
            return false
        }
        let program = words[number - 2].split(separator: "/").last ?? ""
        return ["sh", "bash", "dash", "zsh"].contains(program)
    }

    /// The place of an input, as seen from the folder that the program runs in.
    package static func place(ofInput number: Int) -> String { "../in/inputs-\(number)" }

    /// The words with their places filled in; a number beyond the inputs is text.
    package func arguments(inputs: [String], seed: UInt64) -> [String] {
        words.flatMap { word -> [String] in
            let pieces = Placeholder.pieces(word)
            if pieces == [.place("inputs")] { return inputs }
            let parts = pieces.map { piece -> String in
                switch piece {
                case .text(let text): return text
                case .place("output"): return "./out"
                case .place("seed"): return String(seed)
                case .place("inputs"): return inputs.joined(separator: " ")
                case .place(let name):
                    guard let number = Int(name), number < inputs.count else { return "{\(name)}" }
                    return inputs[number]
                }
            }
            return [parts.joined()]
        }
    }
}
