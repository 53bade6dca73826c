import Canon
package import Experiment
package import LocalStore
package import Run
package import Trust

/// The results that somebody wants to sign, by what their signature would rest on.
package struct SignableResults: Sendable {
    /// What the account made: it saw these bits.
    package private(set) var made: [ActionResult] = []
    /// What came from elsewhere, by the actions that can be executed here to see.
    package private(set) var others: [Int: ActionResult] = [:]
    /// Actions of which no execution could tell: downloads, measurements, frozen ones.
    package private(set) var silent: [Int] = []
    /// How many actions have no result.
    package private(set) var missing = 0

    /// Sorts the results of the wanted actions.
    package init(
        of graph: ActionGraph, plan: Plan, store: Store, wanted: [Bool], account: AccountSecret
    ) throws {
        for index in graph.actions.indices where wanted[index] {
            let action = graph.actions[index]
            let kind = graph.stage(of: action).kind
            guard case .cached = plan.states[index], let key = plan.keys[index] else {
                missing += 1
                continue
            }
            let result = try plan.results[index] ?? store.result(for: key)?.result
            let isSilent = kind.isDownload || kind.isMeasurement || action.frozen != nil
            if let result, result.isMade(by: account) {
                made.append(result)
            } else if let result, !isSilent, result.outputs == plan.outputs[index] {
                others[index] = result
            } else {
                silent.append(index)
            }
        }
    }
}
