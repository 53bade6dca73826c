package import Canon
import System

/// The canonical description of an action: its SHA-256 is the action key.
///
/// RFC 8785 canonical JSON, written directly in canonical order because a run with nothing to do
/// consists of little else; the tests compare it with the general writer.
package struct KeyDocument: Sendable {
    /// The canonical bytes: also a blob of the store.
    package let bytes: [UInt8]
    /// The action key.
    package let key: Digest

    /// Describes an action whose inputs' contents are known, in the order of its sources.
    ///
    /// `tools` are the digests of what a program is given besides, by name.
    package init(
        action: Action, kind: Kind, profile: String?, machine: String? = nil, graph: ActionGraph,
        tools: [String: Digest] = [:], contents: (InputSource) -> SourceContent
    ) {
        var bytes = Array(#"{"bitlaw":"action/1","inputs":{"#.utf8)
        for (number, input) in action.inputs.sorted(by: { $0.port < $1.port }).enumerated() {
            if number > 0 { bytes.append(UInt8(ascii: ",")) }
            KeyDocument.append(input, kind, graph, contents, to: &bytes)
        }
        bytes += Array(#"},"kind":"#.utf8)
        JSON.append(kind.name, to: &bytes)
        // Only measurements have this member: all other keys are the same everywhere.
        if kind.isMeasurement {
            bytes += Array(#","machine":"#.utf8)
            JSON.append(machine ?? "", to: &bytes)
        }
        bytes += Array(#","parameters":"#.utf8)
        var parameters = action.parameters
        for parameter in kind.parameters where !parameter.isInKey {
            parameters[parameter.name] = nil
        }
        if kind.runsForeignProgram { parameters = ProgramParameters.inKey(parameters) }
        JSON.object(parameters).append(to: &bytes)
        bytes += Array(#","profile":"#.utf8)
        KeyDocument.append(kind.usesProfile ? profile : nil, to: &bytes)
        bytes += Array(#","seed":"#.utf8)
        KeyDocument.append(action.seed.map(DerivedSeed.text), to: &bytes)
        // Only programs with tools have this member.
        if !tools.isEmpty {
            bytes += Array(#","tools":"#.utf8)
            JSON.object(tools.mapValues { .string($0.hex) }).append(to: &bytes)
        }
        bytes += Array(#","version":\#(kind.version)}"#.utf8)
        self.bytes = bytes
        key = Digest(of: bytes.span)
    }

    /// Stands for a key that is known already, as a lock file has it; nothing is executed by it.
    package init(locked key: Digest) {
        bytes = []
        self.key = key
    }

    /// Writes the port and, for each source, coordinates (of a collection), digest and output.
    ///
    /// A kind that tells who made its inputs has their names, too.
    /// A program also sees the names of its inputs, whether they are folders, and which of them may be
    /// executed; and it sees a collection of files as one.
    private static func append(
        _ input: ActionInput, _ kind: Kind, _ graph: ActionGraph,
        _ contents: (InputSource) -> SourceContent, to bytes: inout [UInt8]
    ) {
        JSON.append(input.port, to: &bytes)
        bytes += Array(":[".utf8)
        for (place, source) in input.sources.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "{"))
            var output = ""
            var coordinates: [Coordinate]?
            switch source {
            case .file, .folder: coordinates = kind.runsForeignProgram ? [] : nil
            case .action(let producer, let name):
                (output, coordinates) = (name, graph.actions[producer].coordinates)
            case .replay(let copy): (output, coordinates) = (copy.output, copy.coordinates)
            }
            let content = contents(source)
            if input.isCollection, let coordinates {
                bytes += Array(#""at":"#.utf8)
                KeyDocument.append(coordinates, to: &bytes)
                bytes.append(UInt8(ascii: ","))
            }
            bytes += Array(#""digest":""#.utf8)
            bytes += Array(content.digest.hex.utf8)
            bytes.append(UInt8(ascii: "\""))
            if kind.runsForeignProgram {
                if content.isExecutable { bytes += Array(#","executable":true"#.utf8) }
                bytes += Array(#","name":"#.utf8)
                JSON.append(graph.name(of: source, in: input), to: &bytes)
            }
            bytes += Array(#","output":"#.utf8)
            JSON.append(output, to: &bytes)
            if kind.namesProducers {
                bytes += Array(#","producer":"#.utf8)
                JSON.append(producerName(of: source, in: graph), to: &bytes)
            }
            if content.isTree { bytes += Array(#","tree":true"#.utf8) }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func producerName(of source: InputSource, in graph: ActionGraph) -> String {
        switch source {
        case .action(let index, _): graph.actions[index].name
        case .replay(let copy): copy.producer
        case .file(let path), .folder(let path, _): path
        }
    }

    private static func append(_ text: String?, to bytes: inout [UInt8]) {
        guard let text else { return bytes += Array("null".utf8) }
        JSON.append(text, to: &bytes)
    }

    private static func append(_ coordinates: [Coordinate], to bytes: inout [UInt8]) {
        let members = Dictionary(coordinates.map { ($0.axis, $0.value) }) { first, _ in first }
        JSON.object(members).append(to: &bytes)
    }
}
