package import Canon
package import Experiment

/// What the places in a program's words stand for: paths in its work folder, and its seed.
package struct ProgramPlaces: Sendable {
    /// The inputs, but for the program's files.
    package let inputs: [ProgramInput]
    /// The content of the file of coordinates and parameters, where the program is given one.
    package let parameters: JSON?
    private let outputs: ProgramOutputs
    private let seed: UInt64
    private let pieces: [ProgramPiece]

    /// The path of the file of coordinates and parameters.
    package static let parametersPath = "\(ProgramOutputs.inputs)/params.json"

    /// Names the places of a program.
    package init(_ call: ProgramCall, inputs: [ProgramInput], seed: UInt64) {
        self.inputs = inputs
        self.seed = seed
        outputs = call.outputs
        pieces = call.words.pieces + call.environment.flatMap { $0.word }
        parameters =
            pieces.lazy.compactMap { piece in
                if case .parameters(let json) = piece { json } else { JSON?.none }
            }.first
    }

    /// Whether a word stands for the table of an input.
    func asksForTable(of input: String) -> Bool { pieces.contains(.inputTable(input)) }

    /// Words with their places filled in.
    ///
    /// - Throws: ``ActionFailure`` where a script could not tell a text from its own.
    package func words(_ words: ProgramWords) throws -> [String] {
        switch words {
        case .list(let list):
            return list.flatMap { word -> [String] in
                // An input that stands alone gives a word for each of its files.
                if word.count == 1, case .input(let name) = word[0] { return paths(of: name) }
                return [text(word)]
            }
        case .script(let pieces): return ["sh", "-eu", "-c", try script(pieces)]
        }
    }

    /// A word with its places filled in.
    package func text(_ word: [ProgramPiece]) -> String { word.map { text($0) }.joined() }

    private func script(_ pieces: [ProgramPiece]) throws -> String {
        var script = ShellText()
        for piece in pieces {
            do throws(ShellText.Unfit) {
                switch piece {
                case .text(let text): script.append(written: text)
                case .input(let name):
                    for (number, path) in paths(of: name).enumerated() {
                        if number > 0 { script.append(written: " ") }
                        try script.append(value: path)
                    }
                default: try script.append(value: text(piece))
                }
            } catch {
                throw ActionFailure(
                    description: "`\(visible(text(piece), most: 80))` cannot be put within "
                        + "\(error.reason) of the script\n  fix: give it as a variable: "
                        + "env: {NAME: \"${…}\"}, and \"$NAME\" in the script")
            }
        }
        return script.script
    }

    private func paths(of name: String) -> [String] {
        inputs.first { $0.name == name }?.places ?? []
    }

    private func text(_ piece: ProgramPiece) -> String {
        switch piece {
        case .text(let text), .value(let text): text
        case .input(let name): paths(of: name).joined(separator: " ")
        case .inputTable(let name):
            inputs.first { $0.name == name }?.table ?? "\(ProgramOutputs.inputs)/\(name)"
        case .inputFolder(let name): "\(ProgramOutputs.inputs)/\(name)"
        case .output(let name):
            outputs.list.first { $0.name == name }.map { $0.isFolder ? $0.path + "/" : $0.path }
                ?? name
        case .seed: String(seed)
        case .seed32: String(seed >> 32)
        case .parameters: ProgramPlaces.parametersPath
        }
    }
}
