package import Canon
package import Experiment

/// What stages gave, by name: `law[k=1].parameters.alpha`, `errors.test_loss`.
///
/// Tables, figures, pages and claims read results through it.
/// Documents are read once, when they are first asked for.
package final class Results {
    /// All outputs, in the order in which they were given.
    package let inputs: [StageInput]
    /// The stages, in that order.
    package let stages: [String]
    /// The places of the outputs of each stage, by the output's name.
    private var places: [String: [(output: String, inputs: [Int])]] = [:]
    private var documents: [Int: JSON] = [:]
    /// The columns of the outputs that are tables, in their order.
    private var columns: [Int: [String]] = [:]

    /// Names what there is to read.
    package init(_ inputs: [StageInput]) {
        self.inputs = inputs
        var stages: [String] = []
        for (place, input) in inputs.enumerated() {
            let stage = input.stage
            if places[stage] == nil { stages.append(stage) }
            var outputs = places[stage] ?? []
            if let known = outputs.firstIndex(where: { $0.output == input.output }) {
                outputs[known].inputs.append(place)
            } else {
                outputs.append((input.output, [place]))
            }
            places[stage] = outputs
        }
        self.stages = stages
    }

    /// The outputs of a stage that there are; the first is meant where none is named.
    package func outputs(of stage: String) -> [String] {
        (places[stage] ?? []).map { $0.output }
    }

    /// The places of what a stage gave under an output's name, or under its first.
    package func inputs(of stage: String, output: String?) -> [Int] {
        let outputs = places[stage] ?? []
        let found = output.map { name in outputs.first { $0.output == name } } ?? outputs.first
        return found?.inputs ?? []
    }

    /// The content of an output: JSON as it is, a table as a list of its rows.
    ///
    /// - Throws: ``FormatError`` naming the action whose output is neither.
    package func document(_ place: Int) throws -> JSON {
        if let known = documents[place] { return known }
        let input = inputs[place]
        let bytes = try input.bytes()
        let document: JSON
        if let json = try? JSON(parsing: bytes) {
            document = json
        } else {
            let table = try ForeignTable(input).whole(from: input.producer)
            columns[place] = table.columns
            document = .array(
                table.rows.map { row in
                    .object(Dictionary(zip(table.columns, row)) { first, _ in first })
                })
        }
        documents[place] = document
        return document
    }

    /// The columns of a table in their order; `nil` for other outputs, and for those not read yet.
    func tableColumns(_ place: Int) -> [String]? { columns[place] }
}
