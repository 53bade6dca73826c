package import Canon
package import Experiment

/// A program as an action of a kind that runs one describes it.
package struct ProgramCall {
    /// The program and its arguments.
    package let words: ProgramWords
    /// Its variables, in the order of their names.
    package let environment: [(name: String, word: [ProgramPiece])]
    /// Its outputs.
    package let outputs: ProgramOutputs
    /// Whether it reaches the network.
    package let hasNetwork: Bool
    /// Whether libraries are told to compute alike on every CPU.
    package let isPinned: Bool

    /// Reads the parameters of an action; `nil` for those of no program.
    package init?(parameters all: [String: JSON]) {
        let parameters = ProgramParameters.of(all)
        guard let words = parameters["run"].flatMap({ ProgramWords(json: $0) }),
            let outputs = try? ProgramOutputs(json: parameters["outputs"] ?? .null)
        else { return nil }
        self.words = words
        self.outputs = outputs
        environment = (parameters["env"]?.members ?? [:]).sorted { $0.key < $1.key }.compactMap {
            name, json in ProgramWords.word(json).map { (name, $0) }
        }
        hasNetwork = parameters["network"]?.bool ?? false
        isPinned = parameters["pin"]?.bool ?? true
    }
}
