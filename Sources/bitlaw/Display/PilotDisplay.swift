import Canon
import Experiment
import Glibc
import Run
import System

/// Tells the front end of a run on a cluster what its pilot does: lines in a file of its own.
final class PilotDisplay: RunDisplay {
    private let inner: PlainDisplay
    private let graph: ActionGraph
    private let path: String
    private var lastProgress: [Int: ContinuousClock.Instant] = [:]

    init(_ inner: PlainDisplay, graph: ActionGraph, duty: PilotDuty, folder: ClusterFolder) {
        self.inner = inner
        self.graph = graph
        path = "\(folder.events)/\(duty.name).ndjson"
        write([
            "event": "pilot", "node": .string(duty.node), "need": .string(duty.need.text),
            "process": .number(Double(getpid())),
        ])
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
        if let members = event.members(in: graph) { write(members) }
    }

    func end() { inner.end() }

    /// Tells why the pilot leaves.
    func leave(_ why: String) { write(["event": "left", "why": .string(why)]) }

    /// Adds a line; the front end looks for results in the store too, so one that is lost is no loss.
    private func write(_ members: [String: JSON]) {
        guard let file = try? FileHandle.open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW)
        else { return }
        let line = JSON.object(members).canonical() + [10]
        try? unsafe line.withUnsafeBytes { try unsafe file.write($0, path: path) }
    }
}
