import Experiment
import LocalStore
import Run
import System
import TestSupport
import Testing

/// What launchers make of the words of their clients, and how long these may take.
@Suite struct LauncherTests {
    private let folder = TemporaryFolder()

    private var person: EnvironmentVariables {
        EnvironmentVariables(words: ["PATH=\(folder.path):/usr/bin:/bin"])
    }

    private func launcher(_ partition: String?) -> SlurmLauncher {
        SlurmLauncher(
            ExecutorConfiguration(
                name: "lab",
                means: .slurm(partition: partition, account: nil, quality: nil, options: [])),
            person: person)
    }

    private func client(_ name: String, _ script: String) {
        folder.write(name, "#!/bin/sh\n\(script)\n")
        folder.run("chmod +x \(name)")
    }

    @Test func `a client that hangs is killed when its time is over`() throws {
        let clock = ContinuousClock()
        let begun = clock.now
        let answer = try TimedProgram(
            ["sleep", "60"], environment: person.words, seconds: 0.2
        ).wait()
        #expect(answer.status == nil && !answer.isGood)
        #expect(answer.words == "no answer in time")
        #expect(clock.now - begun < .seconds(30))
    }

    @Test func `what a client says is taken whole, its complaint before what it printed`() throws {
        let long = try TimedProgram(
            ["seq", "100000"], environment: person.words, seconds: 60
        ).wait()
        #expect(long.isGood && long.output.hasSuffix("\n100000\n"))
        let bad = try TimedProgram(
            ["sh", "-c", "echo out; echo first >&2; echo second >&2; exit 3"],
            environment: person.words, seconds: 60
        ).wait()
        #expect(bad.status == 3 && bad.words == "first; second")
    }

    /// What a client wrote down of its words.
    private var asked: String { String(decoding: folder.read("asked"), as: UTF8.self) }

    /// The run of which the clients speak: its jobs are named `bitlaw-r`.
    private func run() throws -> ClusterFolder {
        ClusterFolder("r", in: try Store.open("\(folder.path)/store"))
    }

    private static let states: [String: PilotState] = [
        "12_0": .running, "12_1": .waiting("Resources"),
        "12_2": .stuck("launch_failed_requeued_held"), "12_3": .ended("TIMEOUT"),
        "12_4": .taken("NODE_FAIL (NodeDown)"), "12_5": .running, "12_6": .taken("PREEMPTED"),
        "12_7": .ended("OUT_OF_MEMORY"),
    ]

    @Test func `states of jobs are told apart, and one that waits for ever is`() throws {
        let text = """
            12_0|RUNNING|None
            12_1|PENDING|Resources
            12_2|PENDING|launch_failed_requeued_held
            12_3|TIMEOUT|None
            12_4|NODE_FAIL|NodeDown
            12_5|COMPLETING|None
            12_6|PREEMPTED|None
            12_7|OUT_OF_MEMORY|None
            """
        // A squeue without JSON is asked for columns from then on.
        client(
            "squeue",
            "case $* in *--json*) echo \"squeue: unrecognized option '--json'\" >&2; exit 1 ;; esac\n"
                + "cat <<'END'\n\(text)\nEND")
        let launcher = launcher(nil)
        let run = try run()
        let first = try launcher.ask(about: [], of: run).map { $0.wait() }
        #expect(launcher.states(of: [], in: run, first) == nil)
        let second = try launcher.ask(about: [], of: run).map { $0.wait() }
        #expect(launcher.states(of: [], in: run, second) == Self.states)
    }

    /// As Slurm 22.05 writes it, and as later versions do: numbers as objects, and states as lists.
    @Test(arguments: [false, true])
    func `states of jobs are read from JSON of old and new versions`(isNew: Bool) throws {
        func number(_ value: Int?) -> String {
            guard isNew else { return value.map { "\($0)" } ?? "null" }
            return "{\"set\": \(value != nil), \"infinite\": false, \"number\": \(value ?? 0)}"
        }
        func job(
            _ task: Int?, _ state: String, _ reason: String = "None", _ more: String = "",
            name: String = "bitlaw-r"
        ) -> String {
            "{\"array_job_id\": \(number(12)), \"array_task_id\": \(number(task)), "
                + "\"job_state\": \(isNew ? "[\"\(state)\"]" : "\"\(state)\""), "
                + "\"state_reason\": \"\(reason)\", "
                + "\"name\": \"\(name)\"\(more)}"
        }
        let jobs = [
            job(0, "RUNNING"), job(nil, "PENDING", "Resources", ", \"array_task_string\": \"1\""),
            job(
                2, "PENDING", "JobHeldUser",
                ", \"state_description\": \"launch failed requeued held\""),
            job(3, "TIMEOUT"), job(4, "NODE_FAIL", "NodeDown"), job(5, "COMPLETING"),
            job(6, "PREEMPTED"), job(7, "OUT_OF_MEMORY"), job(8, "RUNNING", name: "another"),
        ]
        client(
            "squeue",
            "cat <<'END'\nCLUSTER: lab\n{\"jobs\": [\(jobs.joined(separator: ", "))]}\nEND")
        let run = try run()
        let answer = try launcher(nil).ask(about: [], of: run).map { $0.wait() }
        #expect(launcher(nil).states(of: [], in: run, answer) == Self.states)
    }

    @Test func `tasks that have not begun are one entry with their numbers`() throws {
        let entry =
            "{\"array_job_id\": 7, \"array_task_id\": null, \"array_task_string\": "
            + "\"0,3-5,1010-1020:5%4\", \"job_state\": \"PENDING\", \"name\": \"bitlaw-r\", "
            + "\"state_reason\": \"Priority\"}"
        client("squeue", "echo '{\"jobs\": [\(entry)]}'")
        let run = try run()
        let answer = try launcher(nil).ask(about: [], of: run).map { $0.wait() }
        let states = launcher(nil).states(of: [], in: run, answer)
        let expected = [0, 3, 4, 5, 1010, 1015, 1020].map { "7_\($0)" }
        #expect(states.map { Set($0.keys) } == Set(expected))
        #expect(states?["7_1015"] == .waiting("Priority"))
    }

    @Test func `a question without an answer says nothing of any job, and nothing about JSON`()
        throws
    {
        client(
            "squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1"
        )
        let launcher = launcher(nil)
        let run = try run()
        let answer = try launcher.ask(about: [], of: run).map { $0.wait() }
        #expect(launcher.states(of: ["1_0"], in: run, answer) == nil)
        client("squeue", "echo \"$@\" >'\(folder.path)/asked'; echo '{\"jobs\": []}'")
        let next = try launcher.ask(about: [], of: run).map { $0.wait() }
        #expect(launcher.states(of: ["1_0"], in: run, next) == [:])
        #expect(asked.contains("--json"))
    }

    @Test func `what a person's own squeue shows is no matter, and the cluster of sbatch is asked`()
        throws
    {
        client(
            "squeue",
            "echo \"$@ [$SQUEUE_PARTITION]\" >'\(folder.path)/asked'; echo '{\"jobs\": []}'")
        let launcher = SlurmLauncher(
            ExecutorConfiguration(
                name: "lab",
                means: .slurm(
                    partition: nil, account: nil, quality: nil, options: ["-M", "other"])),
            person: EnvironmentVariables(words: person.words + ["SQUEUE_PARTITION=debug"]))
        let run = try run()
        _ = try launcher.ask(about: [], of: run).map { $0.wait() }
        #expect(asked.hasPrefix("--clusters=other --json "))
        #expect(asked.hasSuffix(" []\n"))
    }

    @Test func `without Slurm's clients the way out is told`() {
        let alone = SlurmLauncher(
            ExecutorConfiguration(
                name: "lab",
                means: .slurm(partition: "cpu", account: nil, quality: nil, options: [])),
            person: EnvironmentVariables(words: ["PATH=\(folder.path)"]))
        let error = #expect(throws: LauncherError.self) { try alone.check() }
        #expect(
            error?.description
                == "sinfo: no such program; expected the clients of Slurm on PATH\n"
                + "  fix: run it on a login node of the cluster, or load its module")
    }

    @Test func `a class of need is read back, and a time that pilots have is none`() {
        let limits = Limits(seconds: 600, memory: 2_000_000_000, cpus: 4, gpus: 1)
        let need = NeedClass(limits, usual: 3600)
        #expect(need.text == "4-1-2000000000-0")
        #expect(NeedClass(text: need.text) == need)
        #expect(NeedClass(limits, usual: 300).seconds == 600)
        for text in ["", "1-2-3", "0-0-0-0", "1-0-0-x", "1-0-0--1"] {
            #expect(NeedClass(text: text) == nil)
        }
    }

    @Test(arguments: [
        ("{slurm: {partition: cpu}, ssh: [a]}", "executor lab has two launchers"),
        ("{slurm: {partitoin: cpu}}", "unknown key `partitoin`"),
        ("{slurm: {time: 4 hours}}", "`time` is the text \"4 hours\""),
        ("{slurm: {pilots: 0}}", "`pilots` is the number 0"),
        ("{slurm: {memory: much}}", "`memory` is the text \"much\""),
        ("{ssh: [-oProxyCommand=x]}", "`ssh` is a list"),
    ])
    func `a mistake in an executor is told at its place`(value: String, words: String) {
        folder.write("config.yaml", "executors:\n  lab: \(value)\n")
        let person = EnvironmentVariables(words: ["BITLAW_CONFIG=\(folder.path)"])
        let error = #expect(throws: ExperimentError.self) {
            try ProjectConfiguration.load(project: folder.path, for: person)
        }
        #expect(error.map { "\($0)" }?.contains(words) == true, "\(String(describing: error))")
    }
}
