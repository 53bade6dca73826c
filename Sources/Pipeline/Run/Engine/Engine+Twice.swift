import Canon
import Experiment
import LocalStore

/// Results that have to come out twice: `--twice`, and `check: twice` of a stage.
extension Engine {
    /// What became of an execution of an action that is executed two times.
    enum SecondLook {
        /// This is what counts.
        case counts(ActionResult)
        /// It was the first: the second begins.
        case again
        /// The two do not agree.
        case disagrees(String)
    }

    /// Whether an action is executed two times; one that `--force` repeats was executed before.
    private func isDouble(_ index: Int) -> Bool {
        let stage = graph.stage(of: graph.actions[index])
        if again.isOpen(index) { return false }
        switch options.doubleCheck {
        case .never: return false
        case .whereAsked: return stage.rules.checks.contains(.twice)
        case .everyProgram:
            return stage.kind.runsForeignProgram || stage.rules.checks.contains(.twice)
        }
    }

    /// Looks at what an execution gave; nothing is published before the second agrees with the first.
    func look(at result: ActionResult, of index: Int) -> SecondLook {
        guard isDouble(index) else { return .counts(result) }
        guard let first = doubles.take(index) else {
            doubles.begin(index, result)
            // A state that was kept would repeat only the rest.
            store.removeCheckpoint(for: result.key)
            return .again
        }
        let (action, stage) = (graph.actions[index], graph.stage(of: graph.actions[index]))
        let differences = OutputDifference.list(
            stage, first, result, in: store, formats: options.formats)
        if differences.contains(where: { $0.standing == .refused }) {
            return .disagrees(text(of: differences, stage))
        }
        doubles.agree(index)
        for difference in differences {
            let how =
                difference.standing == .within
                ? "within what its stage allows" : "as its stage says"
            observe(
                .warning(
                    "\(action.name): executed two times, `\(difference.output)` differs, \(how)"
                        + (difference.comparison.map { ": \($0.text)" } ?? "")))
        }
        return .counts(first)
    }

    /// Why an execution failed; where its first one ended well, that is told too.
    func told(_ reason: String, of index: Int) -> String {
        if !doubles.hasBegun(index) { return reason }
        return reason
            + "\n  this was its second execution: the first ended well, and nothing is published"
    }

    /// What a person needs to find out why two executions differ.
    private func text(of differences: [OutputDifference], _ stage: ResolvedStage) -> String {
        let lines = differences.flatMap { difference in
            [
                "\n  `\(difference.output)`: first \(difference.first?.hex ?? "nothing"), "
                    + "then \(difference.second?.hex ?? "nothing")"
            ] + (difference.comparison.map { ["\n    \($0.text)"] } ?? [])
                + (difference.standing == .refused ? [] : ["\n    its stage allows that"])
        }
        let names = differences.filter { $0.standing == .refused }.map { $0.output }
        return
            "executed two times, and \(counted(names.count, "output differs", "outputs differ")): "
            + "nothing is published" + lines.joined()
            + "\n  both are blobs of the store until the next bitlaw gc: \(paths(of: differences))"
            + "\n  fix: give its program a seed, one thread and no clock; or let stage "
            + "`\(stage.name)` say `compare: {\(names.first ?? ""): {rtol: 1e-6}}`, or `deterministic: false`"
    }

    private func paths(of differences: [OutputDifference]) -> String {
        let digests = differences.flatMap { [$0.first, $0.second] }.compactMap { $0 }
        return digests.compactMap { store.path(of: $0) }.prefix(4).map { "zstd -dc '\($0)'" }
            .joined(separator: ", ")
    }
}
