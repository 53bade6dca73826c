import Canon

/// A part of a stage's sweep, as a person writes it: `train[n>=1000, model.name=polar]`, `train[*]`.
struct SweepPart {
    /// The whole of it, as it was written.
    let text: String
    /// The stage.
    let stage: String
    /// What each action has to pass; nothing for `[*]`.
    let tests: [CoordinateTest]

    /// Reads a part of a sweep.
    ///
    /// - Throws: ``TargetError`` with the column.
    init(_ text: String) throws(TargetError) {
        self.text = text
        var parser = SweepPartParser(text)
        (stage, tests) = try parser.part()
    }

    /// The actions of the part, in the graph's order.
    ///
    /// - Throws: ``TargetError`` where there is no such stage, axis or value, or no action is left.
    func actions(in graph: ActionGraph) throws(TargetError) -> [Int] {
        let stages = graph.stages.filter { $0.name.isSameText(as: stage) }
        guard let found = stages.first else {
            var names = graph.stages.map { $0.name }
            if let nearest = nearestName(to: stage, among: names) {
                names = [nearest + text.dropFirst(stage.count)]
            }
            throw .unknown(text, in: graph, among: names)
        }
        let whole = graph.actions.filter { action in
            graph.stage(of: action).name.isSameText(as: found.name)
        }
        var left = whole
        for test in tests {
            let values = try test.values(of: whole, stage: found, part: text)
            let passes = try test.criterion(
                among: values.compactMap { $0 }, labels: test.labels(of: whole), part: text)
            let passing = zip(whole, values).filter { $1.map(passes) ?? false }.map { $0.0.index }
            guard !passing.isEmpty else {
                throw TargetError(
                    "no action of `\(found.name)` has `\(test.text)`",
                    ValueNotes.of(values.compactMap { $0 }, of: test.path))
            }
            let remaining = Set(passing)
            left = left.filter { remaining.contains($0.index) }
        }
        guard !left.isEmpty else {
            throw TargetError(
                "no action of `\(found.name)` agrees with all of `\(text)`",
                ["each condition holds for some action, but no action holds all of them"])
        }
        return left.map { $0.index }
    }
}
