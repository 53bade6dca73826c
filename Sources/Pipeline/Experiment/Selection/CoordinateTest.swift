import Canon

/// One comparison of a part of a sweep: `n>=1000`, `model.name=polar`.
struct CoordinateTest {
    /// The axis, then members of its value.
    let names: [String]
    /// How its value is compared.
    let comparison: ConditionSign
    /// What it is compared with.
    let bound: WrittenValue
    /// As it was written.
    let text: String
    /// Where it stands, counted from 1.
    let column: Int

    /// The axis and the members as they were written.
    var path: String { names.joined(separator: ".") }

    /// The value of each action that is compared; `nil` where the mapping lacks the member.
    ///
    /// - Throws: ``TargetError`` where the stage lacks the axis, or every value the member.
    func values(of actions: [Action], stage: ResolvedStage, part: String) throws(TargetError)
        -> [JSON?]
    {
        guard stage.axes.contains(where: { $0.isSameText(as: names[0]) }) else {
            throw error(
                part, "stage `\(stage.name)` has no axis `\(names[0])`",
                stage.axes.isEmpty
                    ? ["the stage varies over no axis: write `\(stage.name)`"]
                    : notes(forUnknown: names[0], allowed: stage.axes))
        }
        var values = actions.map { action -> JSON? in
            action.coordinates.first { $0.axis.isSameText(as: names[0]) }?.value
        }
        for name in names.dropFirst() {
            let members = values.compactMap { $0?.members }
            guard !members.isEmpty else {
                throw error(
                    part, "`.\(name)` of values that are no mappings",
                    ["only an axis whose values are mappings has members"])
            }
            values = values.map { value in
                value?.members?.first { $0.key.isSameText(as: name) }?.value
            }
            guard values.contains(where: { $0 != nil }) else {
                throw error(
                    part, "no value has a member `\(name)`",
                    notes(forUnknown: name, allowed: Set(members.flatMap { $0.keys })))
            }
        }
        return values
    }

    /// The values of the axis by what they are called in the names of actions; nothing for a member.
    func labels(of actions: [Action]) -> [ExactText: JSON] {
        var labels: [ExactText: JSON] = [:]
        guard names.count == 1 else { return labels }
        for action in actions {
            for (coordinate, label) in zip(action.coordinates, action.labels)
            where coordinate.axis.isSameText(as: names[0]) {
                labels[ExactText(label)] = coordinate.value
            }
        }
        return labels
    }

    /// Whether a value passes, where these are the values that there are.
    ///
    /// - Throws: ``TargetError`` for a value that there is not, and for a comparison of what is no number.
    func criterion(among values: [JSON], labels: [ExactText: JSON], part: String)
        throws(TargetError) -> (JSON) -> Bool
    {
        switch comparison {
        case .equal, .notEqual:
            let meant = Set(bound.meant(among: values, labels: labels).map { $0.canonical() })
            guard !meant.isEmpty else {
                throw error(
                    part, "no value of `\(path)` is \(bound.text)",
                    ValueNotes.of(values, of: path, nearest: bound))
            }
            let wanted = comparison == .equal
            return { meant.contains($0.canonical()) == wanted }
        case .less: return try order(values, part, <)
        case .lessOrEqual: return try order(values, part, <=)
        case .greater: return try order(values, part, >)
        case .greaterOrEqual: return try order(values, part, >=)
        }
    }

    private func order(
        _ values: [JSON], _ part: String, _ holds: @escaping (Double, Double) -> Bool
    ) throws(TargetError) -> (JSON) -> Bool {
        guard let bound = bound.number else {
            throw error(
                part, "`\(comparison.rawValue)` compares numbers, found \(bound.text)",
                ["expected: a number, such as \(path)\(comparison.rawValue)1000"])
        }
        guard values.contains(where: { $0.double != nil }) else {
            throw error(
                part, "`\(comparison.rawValue)` compares numbers, and `\(path)` has none",
                ValueNotes.of(values, of: path))
        }
        return { value in value.double.map { holds($0, bound) } ?? false }
    }

    private func error(_ part: String, _ message: String, _ notes: [String]) -> TargetError {
        TargetError("target `\(part)`, column \(column): \(message)", notes)
    }
}
