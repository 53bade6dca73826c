import Canon
import Experiment
import Workbench

/// One member of `steps`: what `law.fit` would be told, and how the step stands in its chain.
struct ChainStepText {
    /// What law.fit takes of a step; all else of it speaks of plots and intervals, which are the chain's.
    private static let ofTheFit = [
        "form", "x", "y", "columns", "parameters", "per", "shared", "sigma", "breaks", "chance",
        "objective", "delta", "space", "weight", "fix", "starts", "where", "group",
    ]
    /// What a step has besides.
    private static let ofTheChain = ["name", "as", "input", "actual"]

    /// What messages call the step.
    let name: String
    /// The input that holds its points: `points` or `then`.
    let input: String
    /// The column that its value becomes for later steps.
    let gives: String
    /// The column of the targets that its value is compared with; `nil` for that of y.
    let actual: String?
    /// The parameters of the fit.
    let parameters: Parameters

    /// Reads a step.
    ///
    /// - Throws: ``FormatError`` naming the step and what does not fit.
    init(_ json: JSON, place: Int) throws {
        let fallback = "step\(place + 1)"
        guard let members = json.members else {
            throw FormatError(
                "steps: \(fallback): expected a mapping such as {form: E + A/N^alpha, y: loss}, found "
                    + visible(json.canonicalText, most: 60))
        }
        let name = members["name"]?.text ?? fallback
        for key in JSON.sorted(members.keys)
        where !(ChainStepText.ofTheFit + ChainStepText.ofTheChain).contains(key) {
            let known = ChainStepText.ofTheFit + ChainStepText.ofTheChain
            throw FormatError(
                "steps: \(name): unknown member `\(key)`; "
                    + notes(forUnknown: key, allowed: known).joined(separator: "; "))
        }
        func text(_ key: String) throws -> String? {
            guard let value = members[key] else { return nil }
            if let text = value.text { return text }
            throw FormatError(
                "steps: \(name): \(key): expected a name, found "
                    + visible(value.canonicalText, most: 60))
        }
        self.name = name
        _ = try text("name")
        input = try text("input") ?? "points"
        guard ["points", "then"].contains(input) else {
            throw FormatError(
                "steps: \(name): input: expected points or then, found \(input)")
        }
        parameters = try ChainStepText.parameters(members, name)
        gives = try text("as") ?? parameters.text("y")
        actual = try text("actual")
    }

    /// The parameters of law.fit: those that are given, and the defaults of the others.
    private static func parameters(_ members: [String: JSON], _ name: String) throws -> Parameters {
        var values: [String: JSON] = [:]
        for parameter in LawFitStage.kind.parameters {
            guard let value = members[parameter.name] ?? parameter.defaultValue else {
                throw FormatError(
                    "steps: \(name): expected the member `\(parameter.name)`: \(parameter.summary)")
            }
            guard let normal = parameter.type.normalized(value) else {
                throw FormatError(
                    "steps: \(name): \(parameter.name): expected \(parameter.type.text), found "
                        + visible(value.canonicalText, most: 60))
            }
            values[parameter.name] = normal
        }
        return Parameters(checked: values)
    }
}
