import Canon
import Glibc
import Synchronization
package import System

/// Starts pilots as job arrays of Slurm.
///
/// `squeue` is asked for JSON, and for columns from then on where it has none: an old version, or a Slurm
/// that was built without it.
package final class SlurmLauncher: Launcher {
    /// How long a client may take, in seconds.
    private static let patience = 30.0

    private let executor: ExecutorConfiguration
    private let person: EnvironmentVariables
    /// Whether `squeue` has no JSON here.
    private let hasColumnsAlone = Atomic<Bool>(false)

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

    /// The variables of clients: those by which a person has their own `squeue` and `scancel` show or choose
    /// other jobs are left out.
    private var variables: [String] {
        person.words.filter { word in
            !["SQUEUE_", "SCANCEL_", "SLURM_BITSTR_LEN="].contains { word.hasPrefix($0) }
        } + ["SLURM_BITSTR_LEN=0"]
    }

    private func begin(
        _ words: [String], seconds: Double = SlurmLauncher.patience
    ) throws -> TimedProgram {
        do {
            return try TimedProgram(words, environment: variables, seconds: seconds)
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
        let answer = try call(["sinfo"] + clusters + ["--noheader", "--format=%R"])
        guard answer.isGood else { throw SlurmLauncher.error("sinfo", answer) }
        let known = answer.output.split(separator: "\n").map { String($0) }
            .filter { !$0.hasPrefix("CLUSTER: ") }
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
        var most = longestArray()
        var pilots: [String] = []
        while pilots.count < count {
            let part = min(most, count - pilots.count)
            let words = ["sbatch"] + options(order, part, run) + settings.3 + [script]
            let answer = try call(words)
            guard answer.isGood, let id = SlurmLauncher.job(in: answer.output) else {
                // What an account may have counts each task of an array: fewer may fit.
                if !answer.isGood, part > 1, SlurmLauncher.isTooMany(answer.words) {
                    most = part / 2
                    continue
                }
                // What was submitted stays; the rest is asked for again.
                if !pilots.isEmpty { return pilots }
                throw SlurmLauncher.error("sbatch", answer)
            }
            pilots += (0..<part).map { "\(id)_\($0)" }
        }
        return pilots
    }

    /// The number of a job in what `sbatch` printed.
    ///
    /// It is `NUMBER` or `NUMBER;CLUSTER`, on the last such line: sites print words of their own before it.
    private static func job(in text: String) -> String? {
        text.split(separator: "\n").reversed().lazy.compactMap { line in
            let number = line.prefix { $0 != ";" }.drop { $0 == " " }
            return Int(number).map { String($0) }
        }.first
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
        let answer = try? call(["scontrol"] + clusters + ["show", "config"])
        // A site may allow fewer tasks than numbers: `SchedulerParameters=max_array_tasks=…`.
        let marks = ["MaxArraySize", "max_array_tasks"]
        let words = (answer?.output ?? "").split { " =,\n".contains($0) }
        let found = zip(words, words.dropFirst()).filter { marks.contains(String($0.0)) }
            .compactMap { Int($0.1) }.filter { $0 > 1 }
        return found.min() ?? 1001
    }

    /// The clusters that further words for `sbatch` name: the other clients ask there too.
    private var clusters: [String] {
        let words = settings.3
        for (place, word) in words.enumerated() {
            if word.hasPrefix("--clusters=") { return [word] }
            if word == "--clusters" || word == "-M", place + 1 < words.count {
                return ["--clusters=\(words[place + 1])"]
            }
            if word.hasPrefix("-M") && word.count > 2 { return ["--clusters=\(word.dropFirst(2))"] }
        }
        return []
    }

    /// One question for all jobs of the run, those that ended a moment ago too.
    package func ask(about pilots: [String], of run: ClusterFolder) throws -> [TimedProgram] {
        let form =
            hasColumnsAlone.load(ordering: .relaxed)
            ? ["--noheader", "--array", SlurmQueue.columns] : ["--json"]
        let which = ["--states=all", "--name=\(jobName(run))", "--user=\(geteuid())"]
        return [try begin(["squeue"] + clusters + form + which)]
    }

    /// Reads what `squeue` said; jobs of the run that nobody remembers are among them.
    package func states(
        of pilots: [String], in run: ClusterFolder, _ answers: [TimedProgram.Answer]
    ) -> [String: PilotState]? {
        guard let answer = answers.first else { return nil }
        if hasColumnsAlone.load(ordering: .relaxed) {
            return answer.isGood ? SlurmQueue.states(inColumns: answer.output) : nil
        }
        if answer.isGood,
            let states = SlurmQueue.states(inJSON: answer.output, of: jobName(run))
        {
            return states
        }
        // Where Slurm itself does not answer, that is no word about JSON.
        let words = answer.words.lowercased()
        let isAboutJSON = ["json", "serializer", "option", "usage"].contains { words.contains($0) }
        if answer.isGood || answer.status != nil && isAboutJSON {
            hasColumnsAlone.store(true, ordering: .relaxed)
        }
        return nil
    }

    /// Cancels all jobs of the run, by their name: also those of which no answer ever came.
    package func cancel(
        _ pilots: [String], of run: ClusterFolder, _ how: PilotCancellation
    ) throws {
        let which = clusters + ["--name=\(jobName(run))", "--user=\(geteuid())"]
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

    private static func isTooMany(_ words: String) -> Bool {
        ["MaxSubmit", "job submit limit", "Invalid job array"].contains { words.contains($0) }
    }

    private static func error(_ client: String, _ answer: TimedProgram.Answer) -> LauncherError {
        let words = answer.words
        return LauncherError(
            message: "\(client): \(words)",
            remedy: "these are Slurm's own words; executors in ~/.config/bitlaw/config.yaml name "
                + "partition, account, qos and time",
            isPassing: passing.contains { words.contains($0) })
    }
}
