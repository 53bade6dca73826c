import Canon
import Experiment
import Glibc
import Run
import System

/// Tells the front end of a run on a cluster what its pilot does, event by event.
final class PilotDisplay: RunDisplay {
    private let inner: PlainDisplay
    private let graph: ActionGraph
    private let tell: (JSON) -> Void
    private var lastProgress: [Int: ContinuousClock.Instant] = [:]

    /// Shows events, and hands each to `tell`; that the pilot begins is the first.
    init(
        _ inner: PlainDisplay, graph: ActionGraph, duty: PilotDuty, need: NeedClass,
        tell: @escaping (JSON) -> Void
    ) {
        self.inner = inner
        self.graph = graph
        self.tell = tell
        tell([
            "event": "pilot", "node": .string(duty.node), "need": .string(need.text),
            "process": .number(Double(getpid())),
        ])
    }

    /// What adds each event to the pilot's file in the store that it shares with its front end.
    static func adding(to folder: ClusterFolder, _ duty: PilotDuty) -> (JSON) -> Void {
        let path = folder.events(of: duty.name)
        // The front end looks for results in the store too, so a line that is lost is no loss.
        return { try? ClusterFolder.add($0.canonical() + [10], to: path) }
    }

    func show(_ event: RunEvent) {
        inner.show(event)
        switch event {
        case .progress(let index, _):
            let now = ContinuousClock.now
            if let last = lastProgress[index], now - last < .seconds(1) { return }
            lastProgress[index] = now
        case .running, .finished, .failed, .retrying, .warning: break
        default: return
        }
        if let members = event.members(in: graph) { tell(.object(members)) }
    }

    func end() { inner.end() }

    /// Tells why the pilot leaves.
    func leave(_ why: String) { tell(["event": "left", "why": .string(why)]) }
}
