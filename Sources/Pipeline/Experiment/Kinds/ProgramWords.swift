package import Canon

/// A program and its arguments, or a text that a shell runs, with places that are filled in at its start.
package enum ProgramWords: Equatable, Sendable {
    /// The program and its arguments.
    case list([[ProgramPiece]])
    /// A script for `sh -eu`.
    case script([ProgramPiece])

    /// The most words.
    package static let most = 1000

    /// All pieces.
    package var pieces: [ProgramPiece] {
        switch self {
        case .list(let words): words.flatMap { $0 }
        case .script(let pieces): pieces
        }
    }

    /// Whether the program is given its seed.
    package var usesSeed: Bool { pieces.contains { $0 == .seed || $0 == .seed32 } }

    /// The file below the project that the program is, where it is named by such a path, as in `./train.sh`.
    var ownProgram: String? {
        guard case .list(let words) = self, case .text(let text)? = words.first?.first,
            words[0].count == 1, text.contains("/"), !text.hasPrefix("/")
        else { return nil }
        let parts = text.split(separator: "/").filter { $0 != "." }
        return parts.contains("..") ? nil : parts.joined(separator: "/")
    }

    /// The words as they stand in a key: a list, or an object with the member `script`.
    package var json: JSON {
        switch self {
        case .list(let words): .array(words.map(ProgramWords.json))
        case .script(let pieces): ["script": .array(pieces.map { $0.json })]
        }
    }

    /// Reads the words of a key; `nil` for what is none.
    package init?(json: JSON) {
        if let elements = json.elements {
            let words = elements.compactMap(ProgramWords.word)
            guard words.count == elements.count, (1...ProgramWords.most).contains(words.count)
            else { return nil }
            self = .list(words)
        } else if let elements = json["script"]?.elements, json.members?.count == 1 {
            let pieces = elements.compactMap { ProgramPiece(json: $0) }
            guard pieces.count == elements.count else { return nil }
            self = .script(pieces)
        } else {
            return nil
        }
    }

    /// One word as it stands in a key: a text, or a list of pieces.
    package static func json(_ word: [ProgramPiece]) -> JSON {
        if word.isEmpty { return "" }
        if word.count == 1, case .text(let text) = word[0] { return .string(text) }
        return .array(word.map { $0.json })
    }

    /// Reads a word of a key; `nil` for what is none.
    package static func word(_ json: JSON) -> [ProgramPiece]? {
        if let text = json.text { return text.isEmpty ? [] : [.text(text)] }
        guard let elements = json.elements else { return nil }
        let pieces = elements.compactMap { ProgramPiece(json: $0) }
        return pieces.count == elements.count ? pieces : nil
    }
}
