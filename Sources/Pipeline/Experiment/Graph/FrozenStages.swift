import Canon

/// The stages with `freeze: true`: their actions give what the lock file says, whatever they would give now.
struct FrozenStages {
    let diagnostics: Diagnostics
    /// The path of the lock file.
    let path: String
    /// What it says; `nil` where there is none.
    let lock: ResultList?

    /// The graph with the locked results of its frozen actions, which read nothing.
    ///
    /// Mistakes go to the diagnostics, at the word `freeze`.
    func apply(to graph: ActionGraph) -> ActionGraph {
        var actions = graph.actions
        for (number, stage) in graph.stages.enumerated() {
            guard let place = stage.freeze else { continue }
            guard let lock else {
                diagnostics.add(
                    "stage `\(stage.name)` is frozen, but \(path) is not there", place,
                    [
                        "expected: the lock file, with a line for each of its actions",
                        "fix: take `freeze` away, then bitlaw run and bitlaw lock \(graph.file)",
                    ])
                continue
            }
            var missing: [String] = []
            for index in actions.indices where actions[index].stage == number {
                guard let entry = FrozenStages.entry(of: actions[index], stage.kind, lock) else {
                    missing.append(actions[index].name)
                    continue
                }
                actions[index] = actions[index].frozen(as: entry)
            }
            if missing.isEmpty { continue }
            diagnostics.add(
                "stage `\(stage.name)` is frozen, but \(path) lacks "
                    + "\(counted(missing.count, "action")) of it, such as `\(missing[0])`", place,
                [
                    "expected: a line for each action, with every output of kind \(stage.kind.name)",
                    "fix: take `freeze` away, then bitlaw run and bitlaw lock \(graph.file)",
                ])
        }
        return graph.with(actions)
    }

    /// What the lock file says of an action: the outputs of its kind; `nil` where it lacks one.
    private static func entry(
        of action: Action, _ kind: Kind, _ lock: ResultList
    ) -> ResultList.Entry? {
        guard let entry = lock[action.name], entry.key != nil else { return nil }
        let names = kind.outputs.map { $0.name }
        guard names.allSatisfy({ entry.digest($0) != nil }) else { return nil }
        return entry
    }
}
