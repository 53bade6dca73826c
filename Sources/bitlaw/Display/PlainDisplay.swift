import Experiment
import LocalStore
import Run

/// Prints a line for each action that was executed; a verbose one also where the others came from.
final class PlainDisplay: QuietDisplay {
    private let isVerbose: Bool
    private let store: Store

    init(graph: ActionGraph, isVerbose: Bool, store: Store) {
        self.isVerbose = isVerbose
        self.store = store
        super.init(graph: graph)
    }

    override func show(_ event: RunEvent) {
        super.show(event)
        let count = "[\(done)/\(total)]"
        switch event {
        case .cached(let index, let layer) where isVerbose:
            Output.error("\(count) \(name(index))  from \(store.path(ofLayer: layer))\n")
        case .fetched(let index, let remote) where isVerbose:
            Output.error("\(count) \(name(index))  from \(remote)\n")
        case .running(let index, let expected) where isVerbose:
            let about = expected.map { "  about \(Duration.text($0))" } ?? ""
            Output.error("\(count) \(name(index))  begins\(about)\n")
        case .finished(let index, let seconds):
            Output.error("\(count) \(name(index))  \(Duration.text(seconds))\n")
        case .remade(let index, let reason):
            Output.error("\(count) \(name(index))  again: \(reason)\n")
        case .waiting(let index):
            Output.error("\(count) \(name(index))  another process is executing it; waiting\n")
        default: break
        }
    }
}
