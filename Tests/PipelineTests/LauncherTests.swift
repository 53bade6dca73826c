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

    @Test func `states of jobs are told apart, and one that waits for ever is`() {
        let text = """
            12_0|RUNNING|None
            12_1|PENDING|Resources
            12_2|PENDING|launch_failed_requeued_held
            12_3|TIMEOUT|None
            12_4|NODE_FAIL|NodeDown
            12_5|COMPLETING|None
            12_6|PREEMPTED|None
            """
        client("squeue", "cat <<'END'\n\(text)\nEND")
        let answer = try? TimedProgram(
            ["squeue"], environment: person.words, seconds: 60
        ).wait()
        let states = answer.flatMap { launcher(nil).states(of: [], [$0]) }
        #expect(
            states == [
                "12_0": .running, "12_1": .waiting("Resources"),
                "12_2": .stuck("launch_failed_requeued_held"), "12_3": .ended("TIMEOUT"),
                "12_4": .taken("NODE_FAIL (NodeDown)"), "12_5": .running,
                "12_6": .taken("PREEMPTED"),
            ])
    }

    @Test func `a question without an answer says nothing of any job`() throws {
        client("squeue", "echo 'slurm_load_jobs error: Unable to contact' >&2; exit 1")
        let answer = try TimedProgram(
            ["squeue"], environment: person.words, seconds: 60
        ).wait()
        #expect(launcher(nil).states(of: ["1_0"], [answer]) == nil)
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
