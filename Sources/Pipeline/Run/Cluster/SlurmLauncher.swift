import Canon
import Glibc
package import System

/// Starts pilots as job arrays of Slurm.
///
/// `squeue` is asked with a format and not with `--json`: its columns are the same in all versions, the
/// members of its JSON are not.
package struct SlurmLauncher: Launcher {
    /// How long a client may take, in seconds.
    private static let patience = 30.0

    private let executor: ExecutorConfiguration
    private let person: EnvironmentVariables

    /// Prepares to start pilots of an executor.
    package init(_ executor: ExecutorConfiguration, person: EnvironmentVariables) {
        self.executor = executor
        self.person = person
    }

    private var settings: (partition: String?, account: String?, quality: String?, [String]) {
        guard case .slurm(let partition, let account, let quality, let options) = executor.means
        else { return (nil, nil, nil, []) }
        return (partition, account, quality, options)
    }

    /// The name of a run's jobs.
    private func jobName(_ run: ClusterFolder) -> String { "bitlaw-\(run.name)" }

    private func call(_ words: [String]) throws -> TimedProgram.Answer {
        try begin(words).wait()
    }

    /// Slurm chooses the node.
    package var places: [String] { ["a node of Slurm"] }

    /// Starts a short program in a job of its own, which may wait for its node.
    package func begin(_ words: [String], at place: String, seconds: Double) throws -> TimedProgram
    {
        let srun = [
            "srun", "--quiet", "--nodes=1", "--ntasks=1", "--time=2", "--job-name=bitlaw-doctor",
        ]
        return try begin(srun + places(of: settings) + settings.3 + words, seconds: seconds)
    }

    private func places(
        of settings: (partition: String?, account: String?, quality: String?, [String])
    ) -> [String] {
        [
            settings.partition.map { "--partition=\($0)" },
            settings.account.map { "--account=\($0)" },
            settings.quality.map { "--qos=\($0)" },
        ].compactMap(\.self)
    }

    private func begin(
        _ words: [String], seconds: Double = SlurmLauncher.patience
    ) throws -> TimedProgram {
        do {
            return try TimedProgram(words, environment: person.words, seconds: seconds)
        } catch let error as OperationalError where error.code == .missing {
            throw LauncherError(
                message: "\(words[0]): no such program; expected the clients of Slurm on PATH",
                remedy: "run it on a login node of the cluster, or load its module",
                isPassing: false)
        }
    }

    /// Looks whether there is such a partition; an account is known only as a job is submitted.
    package func check() throws {
        guard let partition = settings.partition else { return }
        let answer = try call(["sinfo", "--noheader", "--format=%R"])
        guard answer.isGood else { throw SlurmLauncher.error("sinfo", answer) }
        let known = answer.output.split(separator: "\n").map { String($0) }
        let named = partition.split(separator: ",").map { String($0) }
        for name in named where !known.contains(name) {
            throw LauncherError(
                message: "executor \(executor.name): Slurm has no partition `\(name)`; it has "
                    + Set(known).sorted().joined(separator: ", "),
                remedy: "name one of them in ~/.config/bitlaw/config.yaml (sinfo lists them)",
                isPassing: false)
        }
    }

    /// Submits one array, or several where one would be longer than Slurm takes.
    package func submit(_ order: PilotOrder, count: Int, of run: ClusterFolder) throws -> [String] {
        let script = "\(run.path)/pilot-\(order.need.text).sh"
        let text = "#!/bin/sh\nexec \(ShellWords.quoted(order.words))\n"
        try writeWholeFile(Array(text.utf8), to: script, .none, drafts: run.path)
        let most = longestArray()
        var pilots: [String] = []
        while pilots.count < count {
            let part = min(most, count - pilots.count)
            let words = ["sbatch"] + options(order, part, run) + settings.3 + [script]
            let answer = try call(words)
            guard answer.isGood,
                let id = answer.output.split(whereSeparator: { ";\n".contains($0) }).first,
                Int(id) != nil
            else {
                // What was submitted stays; the rest is asked for again.
                if !pilots.isEmpty { return pilots }
                throw SlurmLauncher.error("sbatch", answer)
            }
            pilots += (0..<part).map { "\(id)_\($0)" }
        }
        return pilots
    }

    private func options(_ order: PilotOrder, _ count: Int, _ run: ClusterFolder) -> [String] {
        let need = order.need
        var words = [
            "--parsable", "--job-name=\(jobName(run))", "--array=0-\(count - 1)", "--nodes=1",
            "--ntasks=1", "--cpus-per-task=\(order.cpus)", "--time=\(time(order.seconds))",
            "--requeue", "--open-mode=append",
            "--output=\(order.logs)%A_%a.log",
            "--signal=B:TERM@\(executor.lead)", "--comment=bitlaw",
        ]
        if let memory = order.memory {
            words.append("--mem=\((memory + (1 << 20) - 1) >> 20)M")
        }
        if need.gpus > 0 { words.append("--gres=gpu:\(need.gpus)") }
        return words + places(of: settings)
    }

    /// Hours, minutes and seconds, as Slurm reads a time.
    private func time(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// How many tasks an array may have; where Slurm does not tell, what is usual.
    private func longestArray() -> Int {
        let answer = try? call(["scontrol", "show", "config"])
        for line in (answer?.output ?? "").split(separator: "\n")
        where line.hasPrefix("MaxArraySize") {
            if let number = line.split(separator: " ").last.flatMap({ Int($0) }), number > 1 {
                return number
            }
        }
        return 1001
    }

    /// One question for all jobs of the run, those that ended a moment ago too.
    package func ask(about pilots: [String], of run: ClusterFolder) throws -> [TimedProgram] {
        [
            try begin([
                "squeue", "--noheader", "--array", "--states=all", "--name=\(jobName(run))",
                "--user=\(geteuid())", "--format=%i|%T|%r",
            ])
        ]
    }

    /// Reads the lines of `squeue`; jobs of the run that nobody remembers are among them.
    package func states(
        of pilots: [String], _ answers: [TimedProgram.Answer]
    ) -> [String: PilotState]? {
        guard let answer = answers.first, answer.isGood else { return nil }
        var states: [String: PilotState] = [:]
        for line in answer.output.split(separator: "\n") {
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            guard fields.count >= 3 else { continue }
            states[String(fields[0])] = SlurmLauncher.state(String(fields[1]), String(fields[2]))
        }
        return states
    }

    private static let live = [
        "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT",
        "RESIZING",
    ]

    private static func state(_ state: String, _ reason: String) -> PilotState {
        if live.contains(state) { return .running }
        if ["PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"]
            .contains(state)
        {
            // Such jobs wait until a person or an administrator does something.
            let isStuck =
                reason.lowercased().contains("launch_failed")
                || reason.lowercased().contains("launch failed")
                || ["BadConstraints", "PartitionTimeLimit", "InvalidAccount", "InvalidQOS"]
                    .contains(reason)
            return isStuck ? .stuck(reason) : .waiting(reason)
        }
        let words = reason == "None" ? state : "\(state) (\(reason))"
        return ["PREEMPTED", "NODE_FAIL", "BOOT_FAIL"].contains(state)
            ? .taken(words) : .ended(words)
    }

    /// Cancels all jobs of the run, by their name: also those of which no answer ever came.
    package func cancel(
        _ pilots: [String], of run: ClusterFolder, _ how: PilotCancellation
    ) throws {
        let which = ["--name=\(jobName(run))", "--user=\(geteuid())"]
        if how != .atOnce {
            _ = try call(["scancel", "--state=PENDING"] + which)
            if how == .waiting { return }
            _ = try call(["scancel", "--batch", "--signal=TERM", "--state=RUNNING"] + which)
            return
        }
        let answer = try call(["scancel"] + which)
        if !answer.isGood { throw SlurmLauncher.error("scancel", answer) }
    }

    private static let passing = [
        "temporarily", "timed out", "Unable to contact", "Connection refused", "no answer in time",
        "MaxSubmit", "communication",
    ]

    private static func error(_ client: String, _ answer: TimedProgram.Answer) -> LauncherError {
        let words = answer.words
        return LauncherError(
            message: "\(client): \(words)",
            remedy: "these are Slurm's own words; executors in ~/.config/bitlaw/config.yaml name "
                + "partition, account, qos and time",
            isPassing: passing.contains { words.contains($0) })
    }
}

/// Words for a shell.
package enum ShellWords {
    /// The words, each quoted, as one line.
    package static func quoted(_ words: [String]) -> String {
        words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
    }

    /// A command that starts a program which outlives the shell, and prints its number.
    package static func leaving(_ words: [String], log: String) -> String {
        "{ nohup setsid \(quoted(words)) >>\(quoted([log])) 2>&1 </dev/null & echo $!; }"
    }
}
