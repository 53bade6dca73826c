package import Canon

/// A part of a program's word: text, or a place that is filled in when the program starts.
///
/// What is filled in is never read again.
package enum ProgramPiece: Equatable, Sendable {
    /// Text as it stands in the file.
    case text(String)
    /// In a script, the text of an axis, a constant or an expression: the shell reads it as one word.
    case value(String)
    /// An input: the path of the file, or the paths of all.
    case input(String)
    /// The table of an input of many files: a CSV file with their paths and coordinates.
    case inputTable(String)
    /// The folder that an input's files are in.
    case inputFolder(String)
    /// An output: the path where the program writes it.
    case output(String)
    /// The action's seed, a whole number below 2⁶⁴.
    case seed
    /// The same for programs that take less: a whole number below 2³².
    case seed32
    /// A JSON file with the coordinates and the parameters of the action.
    case parameters(JSON)

    /// The piece as it stands in a key.
    package var json: JSON {
        switch self {
        case .text(let text): .string(text)
        case .value(let text): ["value": .string(text)]
        case .input(let name): ["input": .string(name)]
        case .inputTable(let name): ["table": .string(name)]
        case .inputFolder(let name): ["folder": .string(name)]
        case .output(let name): ["output": .string(name)]
        case .seed: ["seed": 64]
        case .seed32: ["seed": 32]
        case .parameters(let json): ["params": json]
        }
    }

    /// Reads a piece of a key; `nil` for what is none.
    package init?(json: JSON) {
        if let text = json.text {
            self = .text(text)
            return
        }
        guard let members = json.members, members.count == 1, let (name, value) = members.first
        else { return nil }
        switch (name, value.text) {
        case ("value", let text?): self = .value(text)
        case ("input", let name?): self = .input(name)
        case ("table", let name?): self = .inputTable(name)
        case ("folder", let name?): self = .inputFolder(name)
        case ("output", let name?): self = .output(name)
        case ("seed", nil) where value.integer == 64: self = .seed
        case ("seed", nil) where value.integer == 32: self = .seed32
        case ("params", _) where value.members != nil: self = .parameters(value)
        default: return nil
        }
    }
}
