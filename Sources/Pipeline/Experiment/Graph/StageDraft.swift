import Canon
import System

/// An action before anything runs, for its kind to look at: parameters, files of the project, and the names
/// of what stages will give.
package struct StageDraft {
    /// The parameters, with defaults filled in.
    package let parameters: Parameters
    /// What each stage of the experiment gives: its outputs by name.
    package let outputs: [String: [String]]
    private let inputsByPort: (String) -> [StageInput]
    private let written: (String) -> YAMLValue?
    private let stage: Place
    private let diagnostics: Diagnostics

    init(
        _ stage: ExperimentSyntax.Stage, _ parameters: [String: JSON],
        outputs: [String: [String]], _ diagnostics: Diagnostics,
        inputs: @escaping (String) -> [StageInput]
    ) {
        self.parameters = Parameters(checked: parameters)
        self.outputs = outputs
        self.stage = stage.name.place
        self.diagnostics = diagnostics
        inputsByPort = inputs
        written = stage.written
    }

    /// What arrives at a port: files with their bytes, and outputs of stages, which have none yet.
    package func inputs(_ port: String) -> [StageInput] { inputsByPort(port) }

    /// Notes the mistakes of a file.
    package func add(_ error: ExperimentError) { diagnostics.add(error) }

    /// Reads a parameter, or a part of it, and notes what is wrong there.
    ///
    /// - Parameters:
    ///   - name: the parameter.
    ///   - path: members and elements that lead to the part.
    ///   - offset: where in the text the reading begins, in characters.
    ///   - read: reads it; an ``ExpressionError`` tells its place in the text.
    package func reading(
        _ name: String, _ path: [String] = [], from offset: Int = 0, _ read: () throws -> Void
    ) {
        do { try read() } catch {
            let value = path.reduce(written(name)) { value, step in
                value?.members?.first { $0.key.name == step }?.value
                    ?? Int(step).flatMap { place in
                        value?.elements.flatMap { $0.indices.contains(place) ? $0[place] : nil }
                    } ?? value
            }
            let said = ([name] + path).joined(separator: ".")
            guard let error = error as? ExpressionError else {
                let text = "\(error)"
                let isNamed = text.hasPrefix("\(name):")
                return diagnostics.add(
                    isNamed ? text : "\(said): \(text)", value?.place ?? stage)
            }
            let moved = ExpressionError(
                offset: error.offset + offset, message: "\(said): \(error.message)",
                notes: error.notes)
            guard let value, !ValueReader.hasExpression(value) else {
                return diagnostics.add(moved.message, value?.place ?? stage, moved.notes)
            }
            diagnostics.add(moved, in: value)
        }
    }

    /// Reads parameters that are expressions; empty ones and `null` are none.
    package func expressions(_ names: String...) {
        for name in names {
            guard let text = parameters.value(name).text, !text.isEmpty else { continue }
            reading(name) { _ = try Expression.parse(text) }
        }
    }

    /// Reads a parameter that is a list of expressions, or of `name = expression`.
    package func expressions(of name: String, areNamed: Bool = false) {
        for (place, element) in (parameters.value(name).elements ?? []).enumerated() {
            guard let text = element.text else { continue }
            guard areNamed else {
                reading(name, ["\(place)"]) { _ = try Expression.parse(text) }
                continue
            }
            let lead = text.prefix { $0 != "=" }
            reading(name, ["\(place)"], from: lead.count + 1) {
                guard lead.count < text.count else {
                    throw ExpressionError(
                        offset: -1 - lead.count, message: "expected `name = expression`",
                        notes: ["such as tokens = 20 * n"])
                }
                _ = try Expression.parse(String(text.dropFirst(lead.count + 1)))
            }
        }
    }
}
