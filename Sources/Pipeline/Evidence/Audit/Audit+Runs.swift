import Canon
import Experiment
import LocalStore

extension Audit {
    /// Looks up what the store's runs recorded of actions that turned out different.
    ///
    /// A run that recorded other bits under the same key contradicts what is expected: somebody changed the
    /// store since, or the action is not deterministic.
    /// - Returns: the distinct environments in which runs made what turned out different.
    func compareWithRuns(_ actions: inout [Int: AuditReport.Action]) throws -> [JSON] {
        var places: [String: Int] = [:]
        for (index, action) in actions where action.verdict >= .within && action.verdict != .missing
        {
            if let key = action.key { places[key.hex] = index }
        }
        if places.isEmpty { return [] }
        var environments: [JSON] = []
        for name in try store.runNames() {
            guard let record = try store.run(name) else { continue }
            var madeOne = false
            record.forEachAction { entry in
                guard let index = entry["key"]?.text.flatMap({ places[$0] }),
                    let outputs = entry["outputs"]?.members, !outputs.isEmpty
                else { return }
                if entry["state"] == "ran" { madeOne = true }
                if let action = actions[index], action.contradiction == nil {
                    actions[index]?.contradiction = action.contradiction(name, outputs)
                }
            }
            if madeOne, let environment = record.head["environment"],
                !environments.contains(environment)
            {
                environments.append(environment)
            }
        }
        return environments
    }
}

extension AuditReport.Action {
    /// What a run says against the expected outputs, if it says anything.
    fileprivate func contradiction(_ run: String, _ recorded: [String: JSON])
        -> AuditReport.Contradiction?
    {
        let compared = outputs.filter { recorded[$0.name]?.text != nil }
        guard compared.contains(where: { recorded[$0.name]?.text != $0.expected?.hex }) else {
            return nil
        }
        return AuditReport.Contradiction(
            run: run,
            isWhatWasFound: compared.allSatisfy { recorded[$0.name]?.text == $0.found?.hex })
    }
}
