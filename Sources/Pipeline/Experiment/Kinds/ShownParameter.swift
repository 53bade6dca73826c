package import Canon

extension JSON {
    /// A parameter for people: the words of a program as they are written in a file, anything else as it is.
    package var shownParameter: String {
        guard let words = ProgramWords(json: self) else { return canonicalText }
        switch words {
        case .list(let list):
            return JSON.array(list.map { .string($0.map { $0.written }.joined()) }).canonicalText
        case .script(let pieces):
            return JSON.string(pieces.map { $0.written }.joined()).canonicalText
        }
    }
}

extension ProgramPiece {
    /// The piece as it is written in a file.
    var written: String {
        switch self {
        case .text(let text), .value(let text): text
        case .input(let name): "${inputs.\(name)}"
        case .inputTable(let name): "${inputs.\(name).table}"
        case .inputFolder(let name): "${inputs.\(name).folder}"
        case .output(let name): "${outputs.\(name)}"
        case .seed: "${seed}"
        case .seed32: "${seed32}"
        case .parameters: "${params}"
        }
    }
}
