import Canon
import Experiment
import Glibc
import Run
import System

/// A bar with count, rate and time left, and a line for each running action; for terminals.
final class LiveDisplay: QuietDisplay {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var lastDraw: ContinuousClock.Instant
    private var lines = 0
    private var executed = 0
    private var running: [(index: Int, since: ContinuousClock.Instant, progress: StageProgress?)] =
        []
    private let usesColor = !EnvironmentVariables.person.has("NO_COLOR")

    private let history: DurationHistory
    private let jobs: Int
    /// The actions that are not done yet.
    private var remaining: Set<Int>

    init(graph: ActionGraph, wanted: [Bool], history: DurationHistory, jobs: Int) {
        self.history = history
        self.jobs = jobs
        remaining = Set(graph.actions.indices.filter { wanted[$0] })
        start = ContinuousClock.now
        lastDraw = start
        super.init(graph: graph)
    }

    override func show(_ event: RunEvent) {
        switch event {
        case .cached(let index, _), .fetched(let index, _), .skipped(let index, _):
            remaining.remove(index)
        case .remade(let index, _): remaining.insert(index)
        case .running(let index, _): running.append((index, clock.now, nil))
        case .progress(let index, let progress):
            if let place = running.firstIndex(where: { $0.index == index }) {
                running[place].progress = progress
            }
        case .finished(let index, _):
            executed += 1
            remaining.remove(index)
            running.removeAll { $0.index == index }
        case .failed(let index, _, _):
            remaining.remove(index)
            running.removeAll { $0.index == index }
        case .retrying(let index, _): running.removeAll { $0.index == index }
        default: break
        }
        super.show(event)
        let now = clock.now
        if now - lastDraw > .milliseconds(100) {
            lastDraw = now
            draw()
        }
    }

    override func say(_ text: String) {
        erase()
        Output.error(text)
    }

    override func end() {
        erase()
        super.end()
    }

    private func erase() {
        if lines > 0 { Output.steer("\u{1B}[\(lines)F\u{1B}[J") }
        lines = 0
    }

    private func draw() {
        let width = terminalWidth()
        let elapsed = (clock.now - start) / .seconds(1)
        var status = " \(done)/\(total)"
        if executed > 0 {
            let rate = Double(executed) / max(elapsed, 0.001)
            status += "  \(Duration.decimals(rate, 1))/s"
            let left = secondsLeft() ?? Double(total - done) / rate
            status += "  \(Duration.text(left)) left"
        }
        let room = max(5, min(40, width - status.count - 2))
        let filled = total > 0 ? done * room / total : 0
        let bar = String(repeating: "━", count: filled)
        let rest = String(repeating: "─", count: room - filled)
        var drawn = [
            usesColor ? "\u{1B}[32m\(bar)\u{1B}[90m\(rest)\u{1B}[0m\(status)" : bar + rest + status
        ]
        for (index, since, progress) in running.prefix(16) {
            var line = "  \(name(index))  \(Duration.text((clock.now - since) / .seconds(1)))"
            if let progress {
                if progress.total > 0 { line += "  \(progress.done * 100 / progress.total) %" }
                if !progress.note.isEmpty { line += "  \(progress.note)" }
            }
            drawn.append(String(shown(line).prefix(max(10, width - 1))))
        }
        erase()
        Output.steer(drawn.joined(separator: "\n") + "\n")
        lines = drawn.count
    }

    /// What earlier runs took for what is left, over the workers; `nil` for a new experiment.
    private func secondsLeft() -> Double? {
        guard !history.isEmpty, !remaining.isEmpty else { return nil }
        var sum = 0.0
        for index in remaining { sum += history.seconds(of: index, in: graph) ?? 0 }
        for (index, since, _) in running {
            sum -= min(
                (clock.now - since) / .seconds(1), history.seconds(of: index, in: graph) ?? 0)
        }
        return max(0, sum) / Double(jobs)
    }

    private func terminalWidth() -> Int { TerminalWidth.ofTerminal(2) ?? 80 }
}
