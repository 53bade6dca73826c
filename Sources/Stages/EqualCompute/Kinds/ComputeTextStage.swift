import Canon
package import Experiment
import System
import Workbench

/// Generates text for comparisons of character models.
package enum ComputeTextStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "compute.text", version: 1,
        summary:
            "Generates text of our own: words, sentences and paragraphs with statistics at three distances.",
        source:
            "our own; in place of the books of Stanić et al. (2023), arXiv 2309.11197, which we do not use",
        parameters: [
            Parameter(
                "characters", .integer(1000...1_000_000_000), default: 1_000_000,
                "Characters of training text."),
            Parameter(
                "test", .integer(1000...1_000_000_000), default: 100_000, "Characters of test text."
            ),
            Parameter("words", .integer(10...100_000), default: 500, "Words of the language."),
            Parameter("branching", .integer(1...1000), default: 20, "Successors of a word."),
        ],
        outputs: [
            OutputPort(
                "train", fileName: "train.txt",
                "Training text: a to z, space, comma, full stop, new line."),
            OutputPort("test", fileName: "test.txt", "Test text in the same language."),
        ], isRandom: true)

    /// Generates.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        for (index, name) in ["characters", "test"].enumerated() {
            var generator = TextGenerator(
                words: parameters.integer("words"), branching: parameters.integer("branching"),
                seed: context.seed, index: UInt64(index))
            let text = generator.text(characters: parameters.integer(name))
            try context.write(index == 0 ? "train" : "test", text)
        }
    }

    /// The characters that there are, in the order of their classes.
    static let alphabet: [UInt8] = [10, 32, 44, 46] + Array(97...122)

    /// Classes of characters.
    ///
    /// - Throws: ``FormatError`` naming the first character that is none of the alphabet.
    static func tokens(_ input: StageInput) throws -> [Int32] {
        var classes = [Int32](repeating: -1, count: 256)
        for (number, character) in alphabet.enumerated() { classes[Int(character)] = Int32(number) }
        return try input.bytes().enumerated().map { place, character in
            guard classes[Int(character)] >= 0 else {
                throw FormatError(
                    "\(input.producer): byte \(place + 1): expected a to z, space, comma, full stop or "
                        + "new line, found byte \(character)")
            }
            return classes[Int(character)]
        }
    }
}

/// The parameters that say which network of characters, and how it reads.
enum TextParameters {
    static let shape = [
        Parameter(
            "architecture", .choice(TextArchitecture.allCases.map { $0.rawValue }),
            "window: embeddings of the last characters and a hidden ReLU layer; gru: a gated recurrent unit."
        ),
        Parameter("embedding", .integer(1...4096), default: 16, "Numbers of an embedding."),
        Parameter("hidden", .integer(1...8192), default: 128, "Hidden units."),
        Parameter("context", .integer(1...256), default: 8, "Characters that a window sees."),
        Parameter("batch", .integer(1...4096), default: 32, "Streams read side by side."),
        Parameter("length", .integer(2...4096), default: 32, "Characters of a stream in a step."),
    ]

    static func shape(_ parameters: Parameters) -> TextShape {
        TextShape(
            TextArchitecture(rawValue: parameters.text("architecture")) ?? .window,
            classes: ComputeTextStage.alphabet.count, embedding: parameters.integer("embedding"),
            hidden: parameters.integer("hidden"), context: parameters.integer("context"))
    }
}
