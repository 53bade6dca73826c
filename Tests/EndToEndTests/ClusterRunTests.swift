import System
import TestSupport
import Testing

/// `bitlaw run --on`, with Slurm's clients as scripts that start processes; a real Slurm is in Tests/Cluster.
@Suite struct ClusterRunTests {
    private func sweep(_ script: String, in path: String, count: Int = 8) -> String {
        """
        axes: {n: {from: 1, to: \(count), step: 1}}
        stages:
          a:
            kind: command
            over: [n]
            params: {run: [sh, -c, "echo ${n} >> '\(path)/executed'; \(script)"]}
          sum: {kind: command, inputs: {inputs: a}, params: {run: [echo, done]}}
        """
    }

    @Test func `an executor changes no key and no bit, and each action is executed once`() {
        let world = ClusterWorld("stages: {}")
        let path = world.project.path
        world.project.write(
            "pipelines/p.yaml", "experiment: p\nseed: 1\n" + sweep("echo ${n}", in: path))
        let run = world.bitlaw("run pipelines/p.yaml --on lab")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.executed == (1...8).map { "\($0)" })
        #expect(world.bitlaw("lock pipelines/p.yaml").code == 0)
        let there = world.project.read("pipelines/p.yaml.lock")
        #expect(there.contains("sum"))
        #expect(world.bitlaw("run pipelines/p.yaml --store here").code == 0)
        world.project.shell("rm pipelines/p.yaml.lock")
        #expect(world.bitlaw("lock pipelines/p.yaml --store here").code == 0)
        #expect(world.project.read("pipelines/p.yaml.lock") == there)
        // One front end asks for all jobs at once, and cancels what is left.
        #expect(world.calls.contains("sbatch --parsable --job-name=bitlaw-p-"))
        #expect(world.calls.contains("scancel --name=bitlaw-p-"))
    }

    @Test func `a program's failure is told once, and no other pilot tries it again`() {
        let world = ClusterWorld("stages: {}")
        let path = world.project.path
        world.project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\n" + sweep("echo words >&2; test ${n} != 2", in: path, count: 4)
        )
        let run = world.bitlaw("run pipelines/p.yaml --on lab")
        #expect(run.code == 1)
        #expect(run.error.contains("failed: a[n=2]: "), "\(run.error)")
        #expect(run.error.contains("    | words"))
        #expect(world.executed == ["1", "2", "3", "4"])
    }

    @Test func `what Slurm refuses ends the run with Slurm's own words`() {
        let world = ClusterWorld("stages: {a: {kind: command, params: {run: [echo, x]}}}")
        world.project.write("slurm/sbatch.says", "sbatch: error: Invalid account specified\n")
        let run = world.bitlaw("run pipelines/p.yaml --on lab")
        #expect(run.code == 1)
        #expect(
            run.error.contains("error: sbatch: sbatch: error: Invalid account specified\n  fix: "),
            "\(run.error)")
        #expect(!run.error.contains("failed: a"))
    }

    @Test func `a partition that does not exist is told before anything is submitted`() {
        let world = ClusterWorld(
            "stages: {a: {kind: command, params: {run: [echo, x]}}}", partition: "nope")
        let run = world.bitlaw("run pipelines/p.yaml --on lab")
        #expect(run.code == 1)
        #expect(
            run.error.contains("executor lab: Slurm has no partition `nope`; it has main\n"),
            "\(run.error)")
        #expect(!world.calls.contains("sbatch"))
    }

    @Test func `pilots that never begin end the run after three, and no action has failed`() {
        let world = ClusterWorld("stages: {}")
        world.project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\n" + sweep("true", in: world.project.path, count: 40))
        world.project.write("slurm/broken", "echo the node has no disk >&2; exit 1\n")
        let run = world.bitlaw("run pipelines/p.yaml --on lab")
        #expect(run.code == 1)
        #expect(
            run.error.contains("3 pilots in a row ended before they executed anything"),
            "\(run.error)")
        #expect(run.error.contains("    | the node has no disk"))
        #expect(!run.error.contains("failed: a"))
    }

    @Test func `a run that was left goes on where the same command is given again`() {
        let world = ClusterWorld("stages: {}")
        world.project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\n" + sweep("sleep 1", in: world.project.path, count: 4))
        let left = world.bitlaw("run pipelines/p.yaml --on lab --detach")
        #expect(left.code == 0, "\(left.error)")
        #expect(left.output.contains("3 pilots on lab"), "\(left.output)")
        let run = world.bitlaw("run pipelines/p.yaml --on lab")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("goes on with run p-"))
        #expect(world.executed == ["1", "2", "3", "4"])
        let cancelled = world.bitlaw("cancel pipelines/p.yaml")
        #expect(cancelled.output.contains("no run of p on a cluster goes on"))
    }

    @Test(arguments: ["FAKE_ARRAY=2", "FAKE_TASKS=2", "FAKE_SUBMIT=2"])
    func `an array is cut where it would be longer than Slurm takes`(limit: String) {
        let world = ClusterWorld("stages: {}", pilots: 5)
        world.project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\n" + sweep("sleep 1", in: world.project.path, count: 5))
        let run = world.project.bitlaw(
            "run pipelines/p.yaml --on lab", environment: "\(world.settings) \(limit)")
        #expect(run.code == 0, "\(run.error)")
        let orders = world.calls.split(separator: "\n").filter { $0.hasPrefix("sbatch") }
        let arrays = orders.compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("--array=") }
        }
        // That five are too many an account's limit tells as it refuses them.
        let accepted = limit.hasPrefix("FAKE_SUBMIT") ? arrays.dropFirst() : arrays[...]
        #expect(accepted.prefix(3) == ["--array=0-1", "--array=0-1", "--array=0-0"])
        #expect(world.executed == ["1", "2", "3", "4", "5"])
    }

    @Test(arguments: ["FAKE_COLUMNS=1", "FAKE_WORDS='Submitted with the words of a site'"])
    func `a squeue without JSON and an sbatch with more words are understood`(site: String) {
        let world = ClusterWorld("stages: {a: {kind: command, params: {run: [echo, x]}}}")
        let run = world.project.bitlaw(
            "run pipelines/p.yaml --on lab", environment: "\(world.settings) \(site)")
        #expect(run.code == 0, "\(run.error)")
        world.project.shell("cat .cache/runs/*.json > records")
        #expect(world.project.read("records").contains("\"jobs\":[\"1\"]"))
    }

    @Test func `what had too little memory goes to pilots that have more`() {
        let world = ClusterWorld(
            """
            stages:
              a:
                kind: command
                limits: {memory: 100MB}
                retry: {times: 1, on: [memory], memory: 2x}
                params: {run: [python3, -c, "import time; b = bytearray(100 << 20); time.sleep(2)"]}
            """)
        let run = world.bitlaw("run pipelines/p.yaml --on lab")
        #expect(run.code == 0, "\(run.error)")
        // 512 MiB beside what the stage says.
        #expect(world.calls.contains("--mem=608M "))
        #expect(world.calls.contains("--mem=703M "))
        #expect(run.error.contains("again: a: "))
    }

    @Test func `jobs and nodes are told by records, and by no result`() throws {
        let world = ClusterWorld("stages: {a: {kind: command, params: {run: [echo, x]}}}")
        #expect(world.bitlaw("run pipelines/p.yaml --on lab").code == 0)
        world.project.shell("cat .cache/runs/*.json > records; cat .cache/actions/*/* > results")
        let records = world.project.read("records")
        #expect(records.contains("\"pilot\":{\"job\":\"1_0\",\"node\":\"node0\""))
        #expect(records.contains("\"cluster\":{\"executor\":\"lab\",\"jobs\":[\"1\"]"))
        #expect(!world.project.read("results").contains("node0"))
    }

    @Test func `a run that was left and is done is known as ended, and gc removes its notes`()
        throws
    {
        let world = ClusterWorld("stages: {a: {kind: command, params: {run: [echo, x]}}}")
        let left = world.bitlaw("run pipelines/p.yaml --on lab --detach --json")
        #expect(left.code == 0, "\(left.error)")
        #expect(try SchemaCheck("run").problems(inPrinted: left.output) == [])
        #expect(left.output.contains(#""format":"bitlaw/run-detached/1""#))
        world.project.shell(
            """
            for i in $(seq 400); do ls .cache/cluster/*/done.json 2>/dev/null && break; sleep 0.05; done
            for i in $(seq 400); do grep -q '^scancel' slurm/calls && break; sleep 0.05; done
            """)
        // Nobody watches: the pilot that found all done cancels those that still wait.
        #expect(world.calls.contains("scancel --state=PENDING --name=bitlaw-p-"))
        #expect(
            world.bitlaw("cancel pipelines/p.yaml").output.contains(
                "no run of p on a cluster goes on"))
        let told = world.bitlaw("gc --dry-run").output
        #expect(told.contains("would remove the notes of 1 run on a cluster that ended"), "\(told)")
        #expect(world.bitlaw("gc").output.contains("removed the notes of 1 run on a cluster"))
        world.project.shell("ls .cache/cluster > left")
        #expect(world.project.read("left") == "")
    }

    @Test func `pilots of a store with leases execute each action once, and none is left`() {
        let world = ClusterWorld("stages: {}")
        world.project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\n" + sweep("sleep 0.2", in: world.project.path, count: 6))
        #expect(world.bitlaw("doctor --leases on").code == 0)
        let run = world.bitlaw("run pipelines/p.yaml --on lab")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.executed == (1...6).map { "\($0)" })
        world.project.shell("ls .cache/leases > left")
        #expect(world.project.read("left") == "")
    }

    @Test func `doctor tells whether a lock of a node is seen here, and what is used`() {
        let world = ClusterWorld("stages: {a: {kind: command, params: {run: [echo, x]}}}")
        world.project.shell("ln -s '\(Repository.support("slurm.sh"))' clients/srun")
        let told = world.bitlaw("doctor --locks --on lab")
        #expect(told.code == 0, "\(told.error)")
        #expect(
            told.output.contains("ok\tlocks\ta lock that a node of Slurm holds in "),
            "\(told.output)")
        #expect(told.output.contains("ok\tleases\tnot used in "))
        #expect(world.calls.contains("srun --quiet --nodes=1"))
        world.project.write("slurm/srun.says", "srun: error: no nodes\n")
        let silent = world.bitlaw("doctor --locks --on lab").output
        #expect(
            silent.contains(
                "warn\tlocks\tnot tried with a node of Slurm, which never held a lock: srun: error"),
            "\(silent)")
    }

    /// A world whose pilots have a store of their own.
    private func divided(_ script: String, count: Int) -> ClusterWorld {
        let world = ClusterWorld("stages: {}")
        let path = world.project.path
        world.project.write(
            "config/config.yaml",
            "programs: unconfined\nexecutors:\n  lab: {slurm: {pilots: 3, poll: 1s, store: \(path)/node}}\n"
        )
        world.project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\n" + sweep(script, in: path, count: count))
        return world
    }

    @Test
    func
        `where no store is shared, a remote hands on inputs and results, and no key or bit changes`()
    {
        let world = divided("echo ${n}", count: 8)
        #expect(world.bitlaw("run pipelines/p.yaml 'a[n=1]'").code == 0)
        let run = world.bitlaw("run pipelines/p.yaml --on lab --stage-through ./between/")
        #expect(run.code == 0, "\(run.error)")
        // What was here is not executed there, and nothing twice.
        #expect(world.executed == (1...8).map { "\($0)" })
        #expect(world.bitlaw("lock pipelines/p.yaml").code == 0)
        let there = world.project.read("pipelines/p.yaml.lock")
        #expect(world.bitlaw("run pipelines/p.yaml --store here").code == 0)
        world.project.shell(
            "rm pipelines/p.yaml.lock; ls .cache/cluster/*/events > events; ls node > node.list")
        #expect(world.bitlaw("lock pipelines/p.yaml --store here").code == 0)
        #expect(there.contains("sum"))
        #expect(world.project.read("pipelines/p.yaml.lock") == there)
        #expect(world.project.read("node.list").contains("actions"))
        // What pilots told and printed came through the remote.
        #expect(world.project.read("events").contains("1_0.ndjson"))
        let printed = world.bitlaw("log pipelines/p.yaml --pilots").output
        #expect(printed.contains(": 1_0.log\n"), "\(printed)")
        #expect(printed.contains("begins\n"), "\(printed)")
    }

    @Test func `the steps of an action reach the front end where no store is shared`() {
        let world = divided(
            "for i in 1 2 3 4 5 6; do echo $i/6 >&2; sleep 1; done; echo ${n}", count: 1)
        world.project.shell(
            """
            \(world.settings) '\(Project.command)' run pipelines/p.yaml --on lab --stage-through ./between/ \
              >/dev/null 2>error & front=$!
            for i in $(seq 600); do
              grep -qs '"event":"running"' .cache/cluster/*/events/1_0.ndjson && break; sleep 0.05
            done
            cat .cache/cluster/*/events/1_0.ndjson > early
            \(world.settings) '\(Project.command)' status pipelines/p.yaml > status
            wait $front; echo $? > code
            """)
        #expect(world.project.read("code") == "0\n", "\(world.project.read("error"))")
        #expect(world.project.read("early").contains("\"action\":\"a[n=1]\""))
        #expect(world.project.read("status").contains("a    0/1 cached"))
    }

    @Test func `a second front end goes on with what pilots were given, where no store is shared`()
    {
        let world = divided("sleep 4", count: 3)
        world.project.shell(
            """
            \(world.settings) '\(Project.command)' run pipelines/p.yaml --on lab --stage-through ./between/ \
              >/dev/null 2>error & front=$!
            for i in $(seq 600); do [ "$(cat executed 2>/dev/null | wc -l)" = 3 ] && break; sleep 0.05; done
            kill -9 $front; wait $front
            """)
        let run = world.bitlaw("run pipelines/p.yaml --on lab --stage-through ./between/")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.error.contains("goes on with run p-"))
        #expect(world.executed == ["1", "2", "3"])
    }

    @Test func `a failure where no store is shared is told once, with what came beside it`() {
        let world = divided("echo words >&2; test ${n} != 2", count: 4)
        let run = world.bitlaw("run pipelines/p.yaml --on lab --stage-through ./between/")
        #expect(run.code == 1)
        #expect(
            run.error.contains("failed: a[n=2]: sh ended with exit code 1 (in pilot "),
            "\(run.error)")
        #expect(run.error.contains("    | words"), "\(run.error)")
        #expect(world.executed == ["1", "2", "3", "4"], "\(run.error) \(world.calls)")
        #expect(world.bitlaw("status pipelines/p.yaml").output.contains("a    3/4 cached"))
        #expect(world.bitlaw("log pipelines/p.yaml 'a[n=2]'").output == "words\n")
    }

    @Test func `what a killed pilot did not bring another does, where no store is shared`() {
        let world = divided("sleep 1", count: 3)
        world.project.shell(
            """
            \(world.settings) '\(Project.command)' run pipelines/p.yaml --on lab --stage-through ./between/ \
              >/dev/null 2>error & front=$!
            until [ -s executed ]; do sleep 0.05; done
            kill -9 $(cat slurm/job-1_0)
            wait $front; echo $? > code
            """)
        #expect(world.project.read("code") == "0\n", "\(world.project.read("error"))")
        #expect(Set(world.executed) == ["1", "2", "3"])
    }

    @Test func `a run that is left where no store is shared is divided by a process that stays`() {
        let world = divided("echo ${n}", count: 6)
        let left = world.bitlaw("run pipelines/p.yaml --on lab --stage-through ./between/ --detach")
        #expect(left.code == 0, "\(left.error)")
        #expect(left.output.contains(" of this machine divides its work until it is done; "))
        world.project.shell(
            """
            for _ in $(seq 300); do
              \(world.settings) '\(Project.command)' status pipelines/p.yaml | grep -q 'sum  1/1' && break
              sleep 0.1
            done
            """)
        #expect(world.bitlaw("status pipelines/p.yaml").output.contains("a    6/6 cached"))
        #expect(world.executed == (1...6).map { "\($0)" })
    }

    @Test func `bitlaw cancel ends a front end that is at work`() {
        let world = ClusterWorld("stages: {}")
        world.project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\n" + sweep("sleep 20", in: world.project.path, count: 4))
        world.project.shell(
            """
            export \(world.settings)
            '\(Project.command)' run pipelines/p.yaml --on lab >/dev/null 2>error & front=$!
            until [ -s executed ]; do sleep 0.05; done
            '\(Project.command)' cancel pipelines/p.yaml >said
            wait $front; echo $? > code
            """)
        #expect(world.project.read("code") == "1\n")
        #expect(world.project.read("said").contains("is cancelled"))
        #expect(
            world.project.read("error").contains(
                " was cancelled by bitlaw cancel; what finished is kept\n  fix: "),
            "\(world.project.read("error"))")
        // No pilot was started after it.
        #expect(world.executed.count <= 3)
    }

    @Test func `an executor without a store for its pilots is refused before anything begins`() {
        let world = ClusterWorld("stages: {a: {kind: command, params: {run: [echo, x]}}}")
        let run = world.bitlaw("run pipelines/p.yaml --on lab --stage-through ./between/")
        #expect(run.code == 2)
        #expect(
            run.error.contains("executor lab names no store for its pilots\n  fix: store: "),
            "\(run.error)")
        #expect(!world.calls.contains("sbatch"))
    }

    @Test func `executors of a project's file are refused, for they start programs`() {
        let world = ClusterWorld("stages: {a: {kind: command, params: {run: [echo, x]}}}")
        world.project.write("bitlaw.yaml", "executors: {x: {ssh: [host]}}\n")
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 2)
        #expect(run.error.contains("`executors` in a project's file"), "\(run.error)")
    }

    @Test func `that another process executes an action is told once`() {
        let world = ClusterWorld(
            "stages: {a: {kind: command, params: {run: [sh, -c, \"sleep 3\"]}}}")
        world.project.shell(
            """
            \(world.settings) '\(Project.command)' run pipelines/p.yaml >/dev/null 2>&1 &
            until ls .cache/tmp/attempt-*/.log-* >/dev/null 2>&1; do sleep 0.05; done
            \(world.settings) '\(Project.command)' run pipelines/p.yaml >/dev/null 2>second
            wait
            """)
        let lines = world.project.read("second").split(separator: "\n")
        #expect(lines.count { $0.contains("another process is executing it; waiting") } == 1)
    }
}
