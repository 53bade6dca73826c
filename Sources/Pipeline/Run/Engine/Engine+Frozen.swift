import Canon
import Experiment
import LocalStore

extension Engine {
    /// Lets an action without a result wait for a worker; one that may not be executed has failed then.
    func enqueue(_ action: KeyedAction) {
        if !selected.mayRun(action.index) {
            return fail(
                action.index,
                "its result was there when the run began, and is gone; --only does not execute it\n"
                    + "  fix: bitlaw run \(graph.file) '\(graph.actions[action.index].name)'", "")
        }
        guard let entry = graph.actions[action.index].frozen else { return admit(action) }
        let lost = ((try? resolution.lost(entry, of: action.index)) ?? [])
            .map { "`\($0.name)` (\($0.digest.short))" }
        fail(
            action.index,
            "frozen, but neither the store nor a remote has its output "
                + "\(lost.joined(separator: ", "))\n"
                + "  fix: bitlaw pull \(graph.file) --from WHERE IT IS; or take `freeze` away, and it "
                + "is executed", "")
    }
}
