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

    /// Describes an action whose inputs' digests are known, in the order of its sources.
    package init(
        action: Action, kind: Kind, profile: String?, machine: String? = nil, graph: ActionGraph,
        digests: (InputSource) -> Digest
    ) {
        var bytes = Array(#"{"bitlaw":"action/1","inputs":{"#.utf8)
        for (number, input) in action.inputs.sorted(by: { $0.port < $1.port }).enumerated() {
            if number > 0 { bytes.append(UInt8(ascii: ",")) }
            KeyDocument.append(input, graph, digests, to: &bytes)
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
        JSON.object(parameters).append(to: &bytes)
        bytes += Array(#","profile":"#.utf8)
        KeyDocument.append(kind.usesProfile ? profile : nil, to: &bytes)
        bytes += Array(#","seed":"#.utf8)
        KeyDocument.append(action.seed.map(DerivedSeed.text), to: &bytes)
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
    private static func append(
        _ input: ActionInput, _ graph: ActionGraph, _ digests: (InputSource) -> Digest,
        to bytes: inout [UInt8]
    ) {
        JSON.append(input.port, to: &bytes)
        bytes += Array(":[".utf8)
        for (place, source) in input.sources.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "{"))
            var output = ""
            var coordinates: [Coordinate]?
            switch source {
            case .file: break
            case .action(let producer, let name):
                (output, coordinates) = (name, graph.actions[producer].coordinates)
            case .replay(_, _, let at, let name): (output, coordinates) = (name, at)
            }
            if input.isCollection, let coordinates {
                bytes += Array(#""at":"#.utf8)
                KeyDocument.append(coordinates, to: &bytes)
                bytes.append(UInt8(ascii: ","))
            }
            bytes += Array(#""digest":""#.utf8)
            bytes += Array(digests(source).hex.utf8)
            bytes += Array(#"","output":"#.utf8)
            JSON.append(output, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
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
