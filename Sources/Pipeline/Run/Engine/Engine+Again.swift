import Experiment
import LocalStore

extension Engine {
    /// Lets an action be executed again whose result is there, as `--force` asks, and `--same-tools` where
    /// it was made with others.
    ///
    /// - Returns: whether it is; one without a result is executed as any other.
    func beginAgain(_ action: KeyedAction) throws -> Bool {
        let index = action.index
        let isForced = selected.repeated.contains(index)
        guard isForced || mayNeedSameTools(index), !again.isDone(index) else { return false }
        if !again.isOpen(index) {
            guard try resolution.lookUp(index, key: action.document.key) != nil,
                let stored = resolution.results[index]
            else { return false }
            guard isForced || isMadeElsewhere(stored, index) else { return false }
            // From the beginning: a state that was kept would repeat only the rest.
            removeCheckpoints(of: action.document.key)
            again.begin(index, stored: stored)
        }
        admit(action)
        return true
    }

    private func mayNeedSameTools(_ index: Int) -> Bool {
        let action = graph.actions[index]
        return options.asksForSameTools && selected.mayRun(index) && action.frozen == nil
            && graph.stage(of: action).kind.runsForeignProgram
    }
}
