import Canon
import Testing

/// Checks what a command prints with `--json` against the schema that `bitlaw schema` prints: by that part of
/// JSON Schema which these schemas use.
struct SchemaCheck {
    let schema: JSON

    /// The words of a schema that say nothing of a document.
    private static let silent: Set<String> = [
        "$schema", "$defs", "title", "description", "x-unit", "x-prints", "x-example",
    ]

    /// Asks for the schema of a command.
    init(_ command: String, _ project: Project = Project()) throws {
        let printed = project.bitlaw("schema \(command)")
        #expect(printed.code == 0, "schema \(command): \(printed.error)")
        schema = try JSON(parsing: printed.output)
    }

    /// The documents of what was printed: an array is one.
    static func documents(_ printed: String) throws -> [JSON] {
        try printed.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
    }

    /// What is wrong in all that a command printed: no JSON, too many documents, or not as the schema says.
    func problems(inPrinted printed: String) -> [String] {
        guard let documents = try? SchemaCheck.documents(printed) else {
            return ["no JSON: \(printed)"]
        }
        let isOne = schema["x-prints"] != "lines" && documents.count != 1
        return (isOne ? ["expected one document, found \(documents.count)"] : [])
            + documents.flatMap(problems)
    }

    /// What is wrong in a document.
    func problems(in document: JSON) -> [String] { problems(document, schema, "") }

    private func problems(_ value: JSON, _ schema: JSON, _ path: String) -> [String] {
        (schema.members ?? [:]).flatMap { word, rule in
            problems(value, word, rule, schema, path)
        }
    }

    private func problems(
        _ value: JSON, _ word: String, _ rule: JSON, _ schema: JSON, _ path: String
    ) -> [String] {
        let found = "\(path): \(value.canonicalText.prefix(200))"
        func wrong(unless holds: Bool, _ what: String) -> [String] {
            holds ? [] : ["\(found) is not \(what)"]
        }
        switch word {
        case _ where SchemaCheck.silent.contains(word): return []
        case "$ref":
            let name = rule.text?.split(separator: "/").last.map(String.init) ?? ""
            guard let shared = self.schema["$defs"]?[name] else { return ["no $defs of \(name)"] }
            return problems(value, shared, path)
        case "type":
            let types = (rule.elements ?? [rule]).compactMap { $0.text }
            return wrong(
                unless: types.contains { SchemaCheck.isOne(value, $0) }, "\(types)")
        case "const": return wrong(unless: value == rule, rule.canonicalText)
        case "minimum":
            return wrong(unless: (value.double ?? 0) >= (rule.double ?? 0), "large enough")
        case "pattern":
            let isDigest = rule == "^[0-9a-f]{64}$"
            let digits = value.text.map { (try? Digest(hex: $0)) != nil } ?? true
            return wrong(unless: isDigest && digits, "a digest")
        case "required":
            return (rule.elements ?? []).compactMap { $0.text }.filter {
                value.members?[$0] == nil && value.members != nil
            }.map { "\(path): no member \($0)" }
        case "properties":
            return (rule.members ?? [:]).flatMap { name, below in
                value[name].map { problems($0, below, "\(path).\(name)") } ?? []
            }
        case "additionalProperties":
            let others = (value.members ?? [:]).filter { schema["properties"]?[$0.key] == nil }
            return others.flatMap { name, other in
                rule == false
                    ? ["\(path): the schema has no member \(name)"]
                    : problems(other, rule, "\(path).\(name)")
            }
        case "items":
            return (value.elements ?? []).flatMap { problems($0, rule, "\(path)[]") }
        case "oneOf", "anyOf":
            let all = (rule.elements ?? []).map { problems(value, $0, path) }
            let fitting = all.count { $0.isEmpty }
            if fitting == 1 || fitting > 1 && word == "anyOf" { return [] }
            // The form that the document nearly has tells what is wrong.
            return ["\(found) has \(fitting) of the forms"]
                + (all.min { $0.count < $1.count } ?? [])
        default: return ["\(path): the schema has a word that is not checked: \(word)"]
        }
    }

    private static func isOne(_ value: JSON, _ type: String) -> Bool {
        switch type {
        case "null": value == .null
        case "boolean": value.bool != nil
        case "integer": value.integer != nil
        case "number": value.double != nil
        case "string": value.text != nil
        case "array": value.elements != nil
        case "object": value.members != nil
        default: false
        }
    }
}
