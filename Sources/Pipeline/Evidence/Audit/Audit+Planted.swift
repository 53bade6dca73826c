import Canon
import Experiment
import LocalStore
import Run

/// Results that nothing but a program of the experiment can have put into the audit's store.
extension Audit {
    /// Whether the experiment has programs that could write into the audit's store.
    var runsPrograms: Bool {
        graph.stages.contains { $0.kind.runsForeignProgram }
    }

    /// Marks the actions of which results were planted, by the keys that they had or were recorded with.
    ///
    /// - Returns: planted results of actions that the experiment does not have.
    func planted(
        _ again: Rerun, _ fresh: Store, _ actions: inout [Int: AuditReport.Action]
    ) throws -> [AuditReport.Action] {
        guard runsPrograms else { return [] }
        let planted = try FreshResults.planted(in: fresh, own: again.engine.believed)
        if planted.isEmpty { return [] }
        let text =
            "a result of it that this audit did not make came into the audit's store while its programs ran. "
            + "It was not used"
        var places: [Digest: Int] = [:]
        for (key, index) in zip(again.keys, again.places) { if let key { places[key] = index } }
        for (index, action) in graph.actions.enumerated() {
            if let key = expected[action.name]?.key, places[key] == nil { places[key] = index }
        }
        var unknown: [AuditReport.Action] = []
        for key in planted {
            if let index = places[key] {
                let action = actions[index] ?? missing(index, "")
                actions[index] = action.withVerdict(.planted, text)
            } else {
                unknown.append(
                    AuditReport.Action(
                        name: "key \(key.short)", kind: "unknown kind", key: nil, foundKey: nil,
                        verdict: .planted, outputs: [], reason: text, fields: [], entered: [],
                        seconds: 0))
            }
        }
        return unknown
    }
}

extension AuditReport.Action {
    /// The same action with another verdict, and why.
    fileprivate func withVerdict(_ verdict: AuditReport.Verdict, _ reason: String)
        -> AuditReport.Action
    {
        AuditReport.Action(
            name: name, kind: kind, key: key, foundKey: foundKey, verdict: verdict,
            outputs: outputs, reason: reason, fields: fields, entered: entered, seconds: seconds,
            isChosen: isChosen, agreesWithItself: agreesWithItself, contradiction: contradiction)
    }
}
