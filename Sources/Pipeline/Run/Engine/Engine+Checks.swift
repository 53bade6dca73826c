import Canon
import Experiment
import LocalStore

/// Results that are checked before they are published: `--twice`, and `check` of a stage.
extension Engine {
    /// What became of an execution of an action whose result is checked.
    enum Verdict {
        /// This is what counts.
        case counts(ActionResult)
        /// Another execution follows.
        case again
        /// The check failed.
        case fails(String)
    }

    /// How a new result of an action is checked; one that `--force` repeats was checked before.
    private func checks(of index: Int) -> Set<ResultCheck> {
        let stage = graph.stage(of: graph.actions[index])
        if again.isOpen(index) { return [] }
        return switch options.doubleCheck {
        case .never: []
        case .whereAsked: stage.rules.checks
        case .everyProgram:
            stage.rules.checks.union(stage.kind.runsForeignProgram ? [.twice] : [])
        }
    }

    /// Whether an action's result is checked before it is published.
    func isChecked(_ index: Int) -> Bool { !checks(of: index).isEmpty }

    /// Looks at what an execution gave; nothing is published before all that follow agree with the first.
    func look(at result: ActionResult, of index: Int) -> Verdict {
        let checks = checks(of: index)
        guard !checks.isEmpty else { return .counts(result) }
        guard let first = resultChecks.first(of: index) else {
            if checks.contains(.resume), options.account == nil {
                return .fails(
                    "`check: resume` needs checkpoints that this account kept, and it has no secret to "
                        + "prove that by\n  fix: bitlaw doctor tells why")
            }
            resultChecks.begin(index, result, checks)
            return .again
        }
        let turn = resultChecks.turn(of: index)
        if let fault = fault(of: turn, result, index) { return .fails(fault) }
        let stage = graph.stage(of: graph.actions[index])
        let differences = OutputDifference.list(
            stage, first, result, in: store, formats: options.formats)
        if differences.contains(where: { $0.standing == .refused }) {
            return .fails(text(of: differences, stage, turn))
        }
        tellAllowed(differences, index, turn)
        return resultChecks.endTurn(of: index) ? .again : .counts(first)
    }

    /// Whether the next execution of an action has nothing to go on from.
    func beginsAnew(_ index: Int) -> Bool {
        switch resultChecks.turn(of: index) {
        case .first: checks(of: index).contains(.resume)
        case .second, .killed: true
        case .resumed: false
        }
    }

    /// Why an execution failed; where its first one ended well, that is told too.
    func told(_ reason: String, of index: Int) -> String {
        let which: String? =
            switch resultChecks.turn(of: index) {
            case .first: nil
            case .second: "its second execution"
            case .killed: "the execution that `check: resume` kills"
            case .resumed: "the execution that goes on from checkpoints for `check: resume`"
            }
        guard let which else { return reason }
        return reason + "\n  this was \(which): the first ended well, and nothing is published"
    }

    private func tellAllowed(
        _ differences: [OutputDifference], _ index: Int, _ turn: ResultChecks.Turn
    ) {
        for difference in differences {
            let how =
                difference.standing == .within
                ? "within what its stage allows" : "as its stage says"
            observe(
                .warning(
                    "\(graph.actions[index].name): \(Engine.words(turn)), `\(difference.output)` "
                        + "differs, \(how)" + (difference.comparison.map { ": \($0.text)" } ?? "")))
        }
    }

    /// What was done before two results were compared.
    private static func words(_ turn: ResultChecks.Turn) -> String {
        turn == .resumed ? "killed once and resumed" : "executed two times"
    }

    /// What a person needs to find out why two executions differ.
    private func text(
        of differences: [OutputDifference], _ stage: ResolvedStage, _ turn: ResultChecks.Turn
    ) -> String {
        let lines = differences.flatMap { difference in
            [
                "\n  `\(difference.output)`: first \(difference.first?.hex ?? "nothing"), "
                    + "then \(difference.second?.hex ?? "nothing")"
            ] + (difference.comparison.map { ["\n    \($0.text)"] } ?? [])
                + (difference.standing == .refused ? [] : ["\n    its stage allows that"])
        }
        let names = differences.filter { $0.standing == .refused }.map { $0.output }
        let fix =
            turn == .resumed
            ? "keep in its checkpoints all that its next steps depend on, such as the state of its "
                + "random numbers"
            : "give its program a seed, one thread and no clock"
        return
            "\(Engine.words(turn)), and \(counted(names.count, "output differs", "outputs differ")): "
            + "nothing is published" + lines.joined()
            + "\n  both are blobs of the store until the next bitlaw gc: \(paths(of: differences))"
            + "\n  fix: \(fix); or let stage "
            + "`\(stage.name)` say `compare: {\(names.first ?? ""): {rtol: 1e-6}}`, or `deterministic: false`"
    }

    private func paths(of differences: [OutputDifference]) -> String {
        let digests = differences.flatMap { [$0.first, $0.second] }.compactMap { $0 }
        return digests.compactMap { store.path(of: $0) }.prefix(4).map { "zstd -dc '\($0)'" }
            .joined(separator: ", ")
    }
}

// MARK: Kills in the middle

extension Engine {
    /// From when on an action is killed that is executed to be killed: half of what its first execution took.
    func middle(of index: Int) -> ContinuousClock.Instant? {
        guard resultChecks.turn(of: index) == .killed,
            let first = resultChecks.first(of: index)
        else { return nil }
        return ContinuousClock.now + .seconds(first.seconds / 2)
    }

    /// Whether an action is in its middle, and has something to go on from.
    func isInMiddle(_ work: WorkerAssignment, _ now: ContinuousClock.Instant) -> Bool {
        guard let middle = work.middle, now >= middle else { return false }
        return store.hasCheckpoints(for: work.action.document.key)
    }

    /// Lets an action go on from its checkpoints that was killed in its middle.
    func goOn(_ index: Int) {
        _ = resultChecks.endTurn(of: index)
        if isStopping { return }
        observe(.retrying(index, reason: "killed in its middle, to go on from its checkpoints"))
        schedule.repeatAttempt(index)
    }

    /// Forgets what an attempt kept that did not end well, where its action has to begin anew all the same.
    ///
    /// Called while nobody else may execute the action.
    func leaveNoCheckpoints(of work: WorkerAssignment) {
        guard checks(of: work.action.index).contains(.resume) else { return }
        removeCheckpoints(of: work.action.document.key)
        resultChecks.forgetKill(of: work.action.index)
    }

    /// Why an execution is not the one that its turn asks for; `nil` where it is.
    private func fault(of turn: ResultChecks.Turn, _ result: ActionResult, _ index: Int) -> String?
    {
        let folder = graph.stage(of: graph.actions[index]).rules.checkpoints ?? ""
        let fix = "or take `resume` out of `check`\n  nothing is published"
        switch turn {
        case .first, .second: return nil
        case .killed where store.hasCheckpoints(for: result.key):
            return
                "`check: resume`: expected a program that runs on after its first checkpoint, found that it "
                + "ended before it could be killed\n  fix: let it write checkpoints to `\(folder)/` "
                + "earlier, \(fix)"
        case .killed:
            return
                "`check: resume`: expected checkpoints in `\(folder)/` before the program ended, found none"
                + "\n  fix: let it write them there while it runs, \(fix)"
        case .resumed where !result.isResumed:
            return
                "`check: resume`: expected checkpoints in `\(folder)/` after the program was killed, found "
                + "none\n  fix: let it keep them when it is asked to end, \(fix)"
        case .resumed: return nil
        }
    }
}
