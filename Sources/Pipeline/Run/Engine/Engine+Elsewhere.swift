import Experiment
import LocalStore

/// Results that were made with other tools than are here.
extension Engine {
    /// The cached results of the run that were made with another interpreter, processor or driver.
    func madeElsewhere() -> MadeElsewhere {
        var elsewhere = MadeElsewhere()
        for index in graph.actions.indices where schedule.states[index] == .cached {
            guard let made = resolution.results[index]?.madeWith else { continue }
            elsewhere.add(made, here: factsHere(of: index))
        }
        return elsewhere
    }

    /// Tells of tools that changed while actions used them: what was made meanwhile may come of either.
    func tellChangedTools() {
        let users = graph.actions.indices.filter { index in
            schedule.states[index] == .ran && !(resolution.tools[index]?.digests ?? [:]).isEmpty
        }
        if users.isEmpty { return }
        for place in resolution.changedTools() {
            observe(
                .warning(
                    "tools: \(place) changed while the run used it: results of this run may come of either "
                        + "of its contents. fix: bitlaw run \(graph.file) --force"))
        }
    }

    /// Whether a stored result of an action was made with other tools than are here.
    func isMadeElsewhere(_ stored: ActionResult, _ index: Int) -> Bool {
        guard let made = stored.madeWith else { return false }
        var elsewhere = MadeElsewhere()
        return elsewhere.add(made, here: factsHere(of: index))
    }

    private func factsHere(of index: Int) -> MadeWith {
        StartedInterpreters(
            of: graph.actions[index].parameters, project: graph.project, person: options.person,
            isConfined: options.consent.confinesPrograms
        ).facts(passing: passed(to: index))
    }

    /// The variables of the person that an action's program is given.
    func passed(to index: Int) -> PassedVariables {
        PassedVariables(of: graph.actions[index].parameters, from: options.person)
    }
}
