import Experiment
import LocalStore

extension Engine {
    /// Lets an action be executed again whose result is there, as `--force` asks.
    ///
    /// - Returns: whether it is; one without a result is executed as any other.
    func beginAgain(_ action: KeyedAction) throws -> Bool {
        let index = action.index
        guard selected.repeated.contains(index), !again.isDone(index) else { return false }
        if !again.isOpen(index) {
            guard try resolution.lookUp(index, key: action.document.key) != nil,
                let stored = resolution.results[index]
            else { return false }
            // From the beginning: a state that was kept would repeat only the rest.
            removeCheckpoints(of: action.document.key)
            again.begin(index, stored: stored)
        }
        admit(action)
        return true
    }
}
