import Canon

/// Reads the words and the environment of a program: `${…}` in them is an expression, or a place that is
/// filled in when the program starts.
///
/// The names of the file come first: `${seed}` is the axis or the constant of that name, where there is one.
struct WordReader {
    /// What the places may name.
    struct Ports {
        /// The inputs.
        let inputs: [String]
        /// The outputs; empty where what is printed is the output.
        let outputs: [String]
        /// The axes of the stage.
        let axes: [String]
    }

    let diagnostics: Diagnostics
    let ports: Ports
    /// Whether the names have no values yet: then only they themselves are looked at.
    var isTrial = false
    /// The coordinates for the file of them; `nil` where the names have them.
    var coordinates: [(axis: String, value: JSON)]?
    private var templates: [String: Template?] = [:]
    /// Old places that were told.
    private var told: Set<Place> = []

    init(diagnostics: Diagnostics, ports: Ports) {
        self.diagnostics = diagnostics
        self.ports = ports
    }

    /// The words where the names have these values; `nil` after a mistake, which is told.
    ///
    /// `parameters` are those of the action, for the file with its coordinates and parameters.
    mutating func words(_ written: YAMLValue, _ names: Names, _ parameters: [String: JSON])
        -> JSON?
    {
        guard let elements = written.elements else { return script(written, names, parameters) }
        guard (1...ProgramWords.most).contains(elements.count) else {
            diagnostics.add(
                "a program of \(elements.count) words", written.place,
                ["expected: 1 to \(ProgramWords.most) words"])
            return nil
        }
        var words: [[ProgramPiece]] = []
        for (number, element) in elements.enumerated() {
            let isCode = number > 1 && isProgramText(elements, number)
            guard let word = word(element, names, parameters, isCode: isCode) else { return nil }
            words.append(word)
        }
        return ProgramWords.list(words).json
    }

    /// The variables where the names have these values; `nil` after a mistake, which is told.
    mutating func environment(_ written: YAMLValue, _ names: Names, _ parameters: [String: JSON])
        -> JSON?
    {
        guard let members = written.members else {
            diagnostics.add(
                "`env` is \(written.found)", written.place, ["expected: a mapping, NAME: value"])
            return nil
        }
        var variables: [String: JSON] = [:]
        for (key, member) in members {
            if let (message, advice) = ProgramParameters.refusal(ofVariable: key.name) {
                diagnostics.add(message, key.place, [advice])
                return nil
            }
            guard let word = word(member, names, parameters, isCode: true) else { return nil }
            variables[key.name] = ProgramWords.json(word)
        }
        return .object(variables)
    }

    /// Whether a word is a program's text for another interpreter than a shell: braces are its own there.
    private func isProgramText(_ elements: [YAMLValue], _ number: Int) -> Bool {
        guard let flag = elements[number - 1].text, flag.hasPrefix("-"),
            flag.hasSuffix("c") || flag.hasSuffix("e")
        else { return false }
        let program = elements[number - 2].text?.split(separator: "/").last ?? ""
        return !["sh", "bash", "dash", "zsh", "ksh"].contains(program)
    }

    private mutating func script(
        _ written: YAMLValue, _ names: Names, _ parameters: [String: JSON]
    ) -> JSON? {
        guard case .scalar(let value, let text, _) = written.content, value.json.text != nil,
            !text.allSatisfy({ $0.isWhitespace })
        else {
            diagnostics.add(
                "`run` is \(written.found)", written.place,
                ["expected: a list of words, or a text for sh"])
            return nil
        }
        guard let pieces = pieces(written, text, names, parameters, isScript: true) else {
            return nil
        }
        tellOldPlaces(in: text, written, isCode: false)
        return ProgramWords.script(pieces).json
    }

    private mutating func word(
        _ written: YAMLValue, _ names: Names, _ parameters: [String: JSON], isCode: Bool
    ) -> [ProgramPiece]? {
        guard case .scalar(let value, let text, _) = written.content else {
            diagnostics.add("a word is \(written.found)", written.place, ["expected: a text"])
            return nil
        }
        guard Template.isNeeded(text) else {
            do {
                let json = try ParameterType.text.fitted(value)
                let pieces = json.text.map { $0.isEmpty ? [] : [ProgramPiece.text($0)] } ?? []
                guard isWhole(pieces, written) else { return nil }
                tellOldPlaces(in: text, written, isCode: isCode)
                return pieces
            } catch {
                diagnostics.add(
                    "a word is \(error.found)", written.place, ["expected: a text"] + error.advice)
                return nil
            }
        }
        guard let pieces = pieces(written, text, names, parameters, isScript: false) else {
            return nil
        }
        tellOldPlaces(in: text, written, isCode: isCode)
        return pieces
    }

    /// The pieces of a text, with what expressions give put in.
    private mutating func pieces(
        _ written: YAMLValue, _ text: String, _ names: Names, _ parameters: [String: JSON],
        isScript: Bool
    ) -> [ProgramPiece]? {
        do throws(ExpressionError) {
            let found = try filled(text, names, parameters, isScript: isScript)
            let joined = WordReader.joined(found)
            return isWhole(joined, written) ? joined : nil
        } catch {
            diagnostics.add(error, in: written)
            return nil
        }
    }

    private mutating func filled(
        _ text: String, _ names: Names, _ parameters: [String: JSON], isScript: Bool
    ) throws(ExpressionError) -> [ProgramPiece] {
        if templates[text] == nil { templates[text] = .some(try Template.parse(text)) }
        guard let template = templates[text] ?? nil else { return [.text(text)] }
        var pieces: [ProgramPiece] = []
        var size = 0
        for piece in template.pieces {
            switch piece {
            case .text(let plain): pieces.append(.text(plain))
            case .expression(let expression, let offset):
                if let place = try place(expression, offset, names, parameters) {
                    pieces.append(place)
                    continue
                }
                let value = try value(of: expression, offset, names, in: template)
                size += value.utf8.count
                pieces.append(isScript ? .value(value) : .text(value))
                if size <= Template.longest { continue }
                throw ExpressionError(
                    offset: offset, message: "a text of more than \(Template.longest) bytes",
                    notes: ["expected: at most \(Template.longest) bytes with all values put in"])
            }
        }
        return pieces
    }

    /// What an expression puts into the text; in a trial some text, where every name is known.
    private func value(
        of expression: Expression, _ offset: Int, _ names: Names, in template: Template
    ) throws(ExpressionError) -> String {
        do throws(ExpressionError) {
            guard isTrial else { return try template.text(of: expression, offset, names) }
            try template.check(expression, offset, names)
            return "value"
        } catch {
            guard let unknown = error.unknownName,
                let nearest = nearestName(to: unknown, among: WordReader.places)
            else { throw error }
            throw ExpressionError(
                offset: error.offset, message: error.message,
                notes: ["did you mean `${\(nearest)\(WordReader.tail(nearest))}`?"] + error.notes,
                unknownName: unknown)
        }
    }

    /// The pieces with texts side by side made one, so that one word has one form.
    private static func joined(_ pieces: [ProgramPiece]) -> [ProgramPiece] {
        var joined: [ProgramPiece] = []
        for piece in pieces {
            if case .text(let next) = piece, case .text(let before)? = joined.last {
                joined[joined.count - 1] = .text(before + next)
            } else if piece != .text("") {
                joined.append(piece)
            }
        }
        return joined
    }

    /// Whether no text has a NUL in it, which would end the word there; one is told.
    private func isWhole(_ pieces: [ProgramPiece], _ written: YAMLValue) -> Bool {
        let hasEnd = pieces.contains { piece in
            switch piece {
            case .text(let text), .value(let text): text.utf8.contains(0)
            default: false
            }
        }
        if hasEnd {
            diagnostics.add(
                "a word with the character NUL in it", written.place,
                ["expected: a text that a program can be given"])
        }
        return !hasEnd
    }

    /// Tells places as they were written before; what is filled in has none.
    private mutating func tellOldPlaces(in text: String, _ written: YAMLValue, isCode: Bool) {
        let pieces = (templates[text] ?? nil)?.pieces ?? [.text(text)]
        for case .text(let plain) in pieces {
            for old in OldPlace.all(in: plain, isCode: isCode) {
                guard told.insert(written.place).inserted else { return }
                let note = "`${…}` is the only thing that is filled in: write \(old.now)"
                if old.isAlone {
                    diagnostics.add(
                        "`\(old.text)` stands for nothing any more", written.place,
                        [note, "where the text is meant: ${'\(old.text)'}"])
                } else {
                    diagnostics.warn(
                        "`\(old.text)` is text, and nothing is filled in there", written.place,
                        [note + ", if that is meant"])
                }
            }
        }
    }
}

extension WordReader {
    /// The place that an expression names; `nil` for any other expression.
    private func place(
        _ expression: Expression, _ offset: Int, _ names: Names, _ parameters: [String: JSON]
    ) throws(ExpressionError) -> ProgramPiece? {
        guard case .path(let name, let members, let start) = expression else {
            let other = expression.names.first { named in
                names[named.name] == nil && WordReader.places.contains(named.name)
            }
            guard let other else { return nil }
            throw ExpressionError(
                offset: offset + other.offset, message: "`\(other.name)` in an expression",
                notes: ["expected: it alone, as in ${\(other.name)\(WordReader.tail(other.name))}"])
        }
        guard names[name] == nil, WordReader.places.contains(name) else { return nil }
        let path = members.map { $0.name }
        let at = offset + start
        // The file of a kind knows no axes, and has its coordinates given.
        if coordinates == nil, !isTrial, diagnostics.axes.contains(name) {
            throw ExpressionError(
                offset: at, message: "`\(name)` is an axis that the stage does not run over",
                notes: [
                    "fix: add it to `over` of the stage; give the axis another name where "
                        + "${\(name)\(WordReader.tail(name))} is to be filled in by Bitlaw"
                ])
        }
        switch (name, path.count) {
        case ("seed", 0): return .seed
        case ("seed32", 0): return .seed32
        case ("params", 0): return .parameters(file(names, parameters))
        case ("inputs", 1), ("inputs", 2): return try input(path, members, at)
        case ("outputs", 1):
            guard ports.outputs.contains(path[0]) else {
                throw ExpressionError(
                    offset: at, message: "no output `\(visible(path[0]))`",
                    notes: ports.outputs.isEmpty
                        ? [
                            "what the program prints is the output; or declare `outputs: {NAME: FILE}`"
                        ]
                        : notes(forUnknown: path[0], allowed: ports.outputs))
            }
            return .output(path[0])
        default:
            throw ExpressionError(
                offset: at, message: "`\(([name] + path).joined(separator: "."))` is no place",
                notes: ["expected: ${\(name)\(WordReader.tail(name))}"])
        }
    }

    private func input(_ path: [String], _ members: [Expression.Member], _ at: Int)
        throws(ExpressionError) -> ProgramPiece
    {
        guard ports.inputs.contains(path[0]) else {
            throw ExpressionError(
                offset: at, message: "no input `\(visible(path[0]))`",
                notes: ports.inputs.isEmpty
                    ? ["the stage has no `inputs`"]
                    : notes(forUnknown: path[0], allowed: ports.inputs))
        }
        switch path.count == 2 ? path[1] : "" {
        case "": return .input(path[0])
        case "table": return .inputTable(path[0])
        case "folder": return .inputFolder(path[0])
        default:
            throw ExpressionError(
                offset: at, message: "an input has no `\(visible(path[1]))`",
                notes: ["expected: inputs.\(path[0]), inputs.\(path[0]).table or .folder"])
        }
    }

    /// The names of places that a parameter's name would hide.
    static let mappings = ["inputs", "outputs", "params"]

    private static let places = mappings + ["seed", "seed32"]

    private static func tail(_ name: String) -> String {
        name == "inputs" || name == "outputs" ? ".NAME" : ""
    }

    /// What the file of coordinates and parameters says.
    private func file(_ names: Names, _ parameters: [String: JSON]) -> JSON {
        let coordinates = coordinates ?? ports.axes.map { ($0, names[$0]?.json ?? .null) }
        let members = Dictionary(coordinates.map { ($0.axis, $0.value) }) { first, _ in first }
        return [
            "coordinates": .object(members),
            "parameters": .object(parameters),
        ]
    }
}
