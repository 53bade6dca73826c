import System
import TestSupport
import Testing

/// How a test starts programs: both ways have to hold.
enum Started: String, CaseIterable, CustomTestStringConvertible {
    case confined, unconfined

    var testDescription: String { rawValue }
}

/// A project with one experiment, `pipelines/p.yaml`, whose programs are started in one of both ways.
final class ProgramWorld {
    let project = Project()
    private let started: Started
    /// Further variables of the person, as a shell takes them before a command.
    var variables = ""

    /// Writes the stages of the experiment; `nil`, and says so, where nothing can be confined.
    init?(_ started: Started, stages: String) {
        self.started = started
        let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])
        if started == .confined, case .fails = SandboxTrial.run(person) {
            skip("no bubblewrap works here, so no confined program was tried")
            return nil
        }
        project.write("confined/config.yaml", "programs: asked\n")
        project.write("pipelines/p.yaml", "experiment: p\nseed: 1\nstages:\n\(stages)\n")
    }

    /// The settings under which commands run, before a command of a shell.
    private var settings: String {
        (started == .confined ? "BITLAW_CONFIG='\(project.path)/confined' " : "") + variables
    }

    /// Runs the command, started by another where one is named.
    func bitlaw(_ arguments: String, before starter: String = "") -> Project.Outcome {
        project.bitlaw(arguments, environment: "\(settings) \(starter)")
    }

    /// Starts a run in the background, in a script whose `$engine` it is; its words go to `out` and `err`.
    func whileRunning(_ script: String) { whileRunning("-j1", script) }

    /// The same with options of the run.
    func whileRunning(_ options: String, _ script: String) {
        project.shell(
            """
            rm -rf .cache/tmp/attempt-*
            \(settings) '\(Project.command)' run pipelines/p.yaml \(options) >out 2>err </dev/null & engine=$!
            logged() { until grep -qs "$1" .cache/tmp/attempt-*/.log-*; do sleep 0.01; done; }
            \(script)
            """)
    }

    /// Whether a process lives whose words match.
    func lives(_ pattern: String) -> Bool {
        project.shell("pgrep -f '\(pattern)' >/dev/null") == 0
    }

    /// The logs that are kept of attempts without a result.
    var keptLogs: String {
        project.shell("cat .cache/logs/* > kept 2>/dev/null")
        return project.read("kept")
    }

    /// How many results the store has.
    var results: Int {
        project.shell("find .cache/actions -type f | wc -l > count")
        return Int(project.read("count").trimmed) ?? -1
    }
}

extension String {
    fileprivate var trimmed: String { String(filter { !$0.isWhitespace }) }
}
