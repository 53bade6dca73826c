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
        if kind.usesProfile, let profile {
            JSON.append(profile, to: &bytes)
        } else {
            bytes += Array("null".utf8)
        }
        bytes += Array(#","seed":"#.utf8)
        if let seed = action.seed {
            JSON.append(seedText(seed), to: &bytes)
        } else {
            bytes += Array("null".utf8)
        }
        bytes += Array(#","version":\#(kind.version)}"#.utf8)
        self.bytes = bytes
        key = Digest(of: bytes.span)
    }

    private static func append(_ coordinates: [Coordinate], to bytes: inout [UInt8]) {
        let members = Dictionary(coordinates.map { ($0.axis, $0.value) }) { first, _ in first }
        JSON.object(members).append(to: &bytes)
    }
}

/// A seed as keys and people see it: `0x` and 16 digits.
package func seedText(_ seed: UInt64) -> String {
    let digits = String(seed, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
}
