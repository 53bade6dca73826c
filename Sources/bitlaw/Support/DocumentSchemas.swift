import Canon
import Experiment

/// The schemas of what commands print for programs, as `Schemas/json.yaml` has them.
///
/// The file leaves out what is the same of every object: it has no other members, those that are not
/// `optional` are always there, and a document has its `format`.
struct DocumentSchemas {
    private let commands: [String: JSON]
    private let forms: [String: JSON]
    private let shared: [String: JSON]

    /// Reads the file.
    init() throws {
        let reader = try YAMLReader(path: "json.yaml", bytes: Array(PackageResources.json_yaml))
        let file = try reader.read().json
        commands = file["commands"]?.members ?? [:]
        forms = file["formats"]?.members ?? [:]
        shared = file["$defs"]?.members ?? [:]
    }

    /// The words of every command that prints JSON, such as `claims check`.
    var names: [String] { JSON.sorted(commands.keys) }

    /// The schema of what a command prints with `--json`; `nil` for a command that has none.
    func schema(of command: String) -> JSON? {
        guard let entry = commands[command], let prints = entry["prints"]?.text else { return nil }
        let one = forms(entry["formats"])
        var choices =
            prints == "array" ? [["type": "array", "items": DocumentSchemas.either(one)]] : one
        // What some words of the command print in the place of an array.
        choices += forms(entry["instead"])
        var schema = DocumentSchemas.either(choices).members ?? [:]
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = .string("bitlaw \(command) --json")
        schema["description"] = entry["description"]
        schema["x-prints"] = .string(prints)
        schema["x-example"] = .string("bitlaw \(entry["example"]?.text ?? command) --json")
        let names = sharedNames(in: .object(schema))
        if !names.isEmpty {
            schema["$defs"] = .object(
                shared.filter { names.contains($0.key) }.mapValues(DocumentSchemas.closed))
        }
        return .object(schema)
    }

    /// The schemas of formats.
    private func forms(_ formats: JSON?) -> [JSON] {
        (formats?.elements ?? []).compactMap { $0.text }.map { format in
            let schema = forms[format] ?? .null
            let name = schema["$ref"]?.text.map(DocumentSchemas.sharedName)
            return DocumentSchemas.document(of: format, name.flatMap { shared[$0] } ?? schema)
        }
    }

    private static func either(_ schemas: [JSON]) -> JSON {
        schemas.count == 1 ? schemas[0] : ["oneOf": .array(schemas)]
    }

    private static func sharedName(_ reference: String) -> String {
        reference.split(separator: "/").last.map(String.init) ?? reference
    }

    /// The shared parts that a schema names, and those that these name.
    private func sharedNames(in schema: JSON) -> Set<String> {
        var found: Set<String> = []
        var rest = [schema]
        while let next = rest.popLast() {
            rest += Array((next.members ?? [:]).values) + (next.elements ?? [])
            guard let name = next["$ref"]?.text.map(DocumentSchemas.sharedName),
                found.insert(name).inserted
            else { continue }
            rest += shared[name].map { [$0] } ?? []
        }
        return found
    }

    /// The schema of a document, which may have several forms of one format.
    private static func document(of format: String, _ schema: JSON) -> JSON {
        if let forms = schema["oneOf"]?.elements {
            var members = schema.members ?? [:]
            members["oneOf"] = .array(forms.map { document(of: format, $0) })
            return .object(members)
        }
        var members = schema.members ?? [:]
        var properties = members["properties"]?.members ?? [:]
        properties["format"] = [
            "const": .string(format), "description": "What this is, and in which version.",
        ]
        members["properties"] = .object(properties)
        return closed(.object(members))
    }

    /// A schema whose objects say which members they always have, and that they have no others.
    private static func closed(_ schema: JSON) -> JSON {
        guard var members = schema.members else {
            return schema.elements.map { .array($0.map(closed)) } ?? schema
        }
        if let properties = members["properties"]?.members {
            let always = properties.filter { $0.value["optional"] != true }
            members["type"] = "object"
            members["additionalProperties"] = false
            members["required"] = .array(JSON.sorted(always.keys).map { .string($0) })
            members["properties"] = .object(
                properties.mapValues { property in
                    var own = closed(property).members ?? [:]
                    own["optional"] = nil
                    return .object(own)
                })
            return .object(members)
        }
        return .object(members.mapValues(closed))
    }
}
