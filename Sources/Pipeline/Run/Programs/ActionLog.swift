import Experiment
import Synchronization
import System

/// The log of the action that a worker executes: what its programs print, with the last line as the action's
/// note, and what the stage itself says.
final class ActionLog: PrintedBytes {
    private struct State {
        var note = ProgramNote()
        /// Whether the last note waits to be shown.
        var isWaiting = false
    }

    let log: BoundedLog
    private let reports: ThinnedReports
    private let state = Mutex(State())

    /// Begins to write into an empty log.
    init(_ log: BoundedLog, reports: ThinnedReports) {
        self.log = log
        self.reports = reports
    }

    /// Adds a line that the stage says.
    func add(_ line: String) {
        // What cannot be written is told nowhere but here.
        try? log.write(Array((line + "\n").utf8))
    }

    func take(_ bytes: [UInt8]) throws {
        state.withLock { state in
            if state.note.read(bytes) { state.isWaiting = true }
            if state.isWaiting { state.isWaiting = !reports.report(state.note.progress) }
        }
        try log.write(bytes)
    }

    /// As long as a note waits, the program may be silent for long after it.
    var patience: CInt? { state.withLock { $0.isWaiting ? ThinnedReports.milliseconds : nil } }

    func rest() {
        state.withLock { state in
            if state.isWaiting { state.isWaiting = !reports.report(state.note.progress) }
        }
    }
}
