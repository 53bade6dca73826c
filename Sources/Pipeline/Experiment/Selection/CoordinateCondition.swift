import Canon

/// A condition of `--where`: an expression over axes that holds for the actions that are meant.
struct CoordinateCondition {
    private let text: String
    private let expression: Expression
    private let axes: Set<String>
    private let graph: ActionGraph

    /// Reads a condition; every name in it has to be an axis of some stage.
    ///
    /// - Throws: ``TargetError``.
    init(_ text: String, in graph: ActionGraph) throws(TargetError) {
        self.text = text
        self.graph = graph
        do {
            expression = try Expression.parse(text)
        } catch {
            throw CoordinateCondition.error(text, error.message, at: error.offset, error.notes)
        }
        let known = Set(graph.stages.flatMap { $0.axes })
        for (name, offset) in expression.names where !known.contains(name) {
            throw CoordinateCondition.error(
                text, "no stage varies over `\(name)`", at: offset,
                notes(forUnknown: name, allowed: known))
        }
        axes = Set(expression.names.map { $0.name })
        if axes.isEmpty {
            throw CoordinateCondition.error(
                text, "the condition names no axis", at: 0, notes(forUnknown: "", allowed: known))
        }
    }

    /// Those of some actions that have every axis of the condition and hold it.
    ///
    /// - Throws: ``TargetError`` where none does, and where the expression has no truth value.
    func filter(_ actions: [Int]) throws(TargetError) -> [Int] {
        let able = actions.filter { index in
            axes.isSubset(of: graph.stage(of: graph.actions[index]).axes)
        }
        guard !able.isEmpty else {
            let names = axes.sorted().joined(separator: " and ")
            throw TargetError(
                "--where '\(text)': nothing that is named varies over \(names)",
                ["expected: a stage that does: \(stages)"])
        }
        var found: [Int] = []
        for index in able where try holds(graph.actions[index]) { found.append(index) }
        guard !found.isEmpty else {
            throw TargetError(
                "--where '\(text)': holds for none of \(counted(able.count, "action"))",
                axes.sorted().flatMap { axis in
                    ValueNotes.of(
                        able.compactMap { index in
                            graph.actions[index].coordinates.first { $0.axis == axis }?.value
                        }, of: axis)
                })
        }
        return found
    }

    private func holds(_ action: Action) throws(TargetError) -> Bool {
        let values = Dictionary(action.coordinates.map { ($0.axis, $0.value) }) { first, _ in first
        }
        let value: JSON
        do {
            value = try expression.value(values)
        } catch {
            throw CoordinateCondition.error(
                text, "\(action.name): \(error.message)", at: error.offset, error.notes)
        }
        guard let holds = value.bool else {
            throw CoordinateCondition.error(
                text, "expected true or false, found \(value.canonicalText)", at: 0,
                ["expected: a comparison, such as n <= 1000"])
        }
        return holds
    }

    /// The stages that have every axis of the condition.
    private var stages: String {
        let names = graph.stages.filter { axes.isSubset(of: $0.axes) }.map { $0.name }
        return names.isEmpty ? "there is none" : names.joined(separator: ", ")
    }

    private static func error(_ text: String, _ message: String, at offset: Int, _ notes: [String])
        -> TargetError
    {
        TargetError("--where '\(text)', character \(offset + 1): \(message)", notes)
    }
}
