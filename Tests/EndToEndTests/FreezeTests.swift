import Canon
import LocalStore
import Testing

/// A frozen stage gives what the lock file says, whatever its experiment file says now.
@Suite struct FreezeTests {
    private let chain = """
        experiment: chain
        seed: 1
        axes:
          n: {count: 3}
        stages:
          data: {kind: command, params: {run: [echo, one]}}
          train:
            kind: command
            over: [n]
            inputs: {inputs: data}
            params: {run: [sh, -c, "echo trained ${n}; cat ${inputs.inputs}"]}
          all:
            kind: command
            inputs: {inputs: train}
            params: {run: [cat, "${inputs.inputs}"]}

        """

    /// The chain with `train` frozen, and otherwise changed so that it would be executed anew.
    private var frozen: String {
        chain.replacing("    over: [n]\n", with: "    over: [n]\n    freeze: true\n")
            .replacing("echo, one", with: "echo, two").replacing("trained", with: "trained again")
    }

    private func locked() -> Project {
        let project = Project()
        project.write("pipelines/c.yaml", chain)
        _ = project.bitlaw("run pipelines/c.yaml")
        _ = project.bitlaw("lock pipelines/c.yaml")
        return project
    }

    @Test func `a frozen stage is not executed, and what reads it stays cached`() throws {
        let project = locked()
        let before = project.read("pipelines/c.yaml.lock")
        project.write("pipelines/c.yaml", frozen)
        let plan = project.bitlaw("plan pipelines/c.yaml -v").output
        #expect(
            plan.contains("frozen train[n=0]  as the lock file says; not executed\n"), "\(plan)")
        let run = project.bitlaw("run pipelines/c.yaml")
        #expect(run.code == 0, "\(run.error)")
        // Only `data` is another: the trainings do not read it any more.
        #expect(run.output.hasPrefix("1 ran, 4 cached, 3 of these frozen in "), "\(run.output)")
        #expect(
            project.bitlaw("show pipelines/c.yaml all --output out").output
                == "trained 0\none\ntrained 1\none\ntrained 2\none\n")
        #expect(
            project.bitlaw("show pipelines/c.yaml train --details").output.contains(
                "  frozen   it is not executed: key and outputs are those of the lock file"))
        #expect(
            project.bitlaw("why pipelines/c.yaml train").output.contains(
                "frozen: it is not executed, and gives the outputs that pipelines/c.yaml.lock names"
            ))
        #expect(
            project.bitlaw("status pipelines/c.yaml").output.contains(
                "train  3/3 cached  frozen\n"))
        let store = try Store.open("\(project.path)/.cache", creating: false)
        let record = try #require(try store.runNames().first.flatMap { try store.run($0) })
        let frozen = (record["actions"]?.elements ?? []).filter { $0["frozen"] == true }
        #expect(
            frozen.map { $0["name"]?.text } == ["train[n=0]", "train[n=1]", "train[n=2]"])
        // The lines of frozen actions stay as they were.
        _ = project.bitlaw("lock pipelines/c.yaml")
        let after = project.read("pipelines/c.yaml.lock").split(separator: "\n")
        let trained = before.split(separator: "\n").filter { $0.contains("train[") }
        #expect(trained.count == 6 && trained.allSatisfy(after.contains))
    }

    @Test func `an audit says that a frozen stage is not repeated, and verifies the others`() {
        let project = locked()
        project.write("pipelines/c.yaml", frozen)
        _ = project.bitlaw("run pipelines/c.yaml")
        for options in ["", " --each-alone"] {
            let audit = project.bitlaw("audit --unconfined pipelines/c.yaml\(options)")
            #expect(audit.code == 0, "\(audit.error)\(audit.output)")
            #expect(
                audit.output
                    == Project.notConfined
                    + "train[n=0]: frozen: not repeated\ntrain[n=1]: frozen: not repeated\n"
                    + "train[n=2]: frozen: not repeated\n"
                    + "2 actions made again: every output bit-identical\n", "\(audit.output)")
        }
        let alone = project.bitlaw("audit --unconfined pipelines/c.yaml train")
        #expect(alone.code == 1)
        #expect(alone.output.hasSuffix("nothing was compared\n"))
    }

    @Test func `a frozen result is found by its digests alone, in the store or at a remote`() {
        let project = locked()
        project.write("bitlaw.yaml", "remotes:\n  shelf: {path: shelf}\n")
        #expect(project.bitlaw("trust --yes").code == 0)
        #expect(project.bitlaw("push pipelines/c.yaml --to shelf").code == 0)
        project.write("pipelines/c.yaml", frozen)
        project.shell("rm -rf .cache")
        let run = project.bitlaw("run pipelines/c.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.hasPrefix("1 ran, 4 cached"), "\(run.output)")
        // Results are not needed: the locked digests name the bytes.
        project.shell("rm -rf bitlaw.yaml .cache/actions/* .cache/runs/*")
        let again = project.bitlaw("run pipelines/c.yaml")
        #expect(again.code == 0, "\(again.error)")
        #expect(again.output.hasPrefix("2 ran, 3 cached, 3 of these frozen in "), "\(again.output)")
        // What such a run reaches, gc keeps.
        _ = project.bitlaw("gc --keep-runs 1")
        #expect(
            project.bitlaw("run pipelines/c.yaml").output.hasPrefix(
                "0 ran, 5 cached, 3 of these frozen in "))
    }

    @Test func `a frozen result that is nowhere fails its actions, and says what to do`() {
        let project = locked()
        project.write("pipelines/c.yaml", frozen)
        project.shell("rm -rf .cache")
        let plan = project.bitlaw("plan pipelines/c.yaml").output
        #expect(
            plan.contains(
                "frozen train[n=0]  but its outputs are not in the store: it will fail unless a "
                    + "remote has them\n"), "\(plan)")
        let run = project.bitlaw("run pipelines/c.yaml")
        #expect(run.code == 1)
        #expect(run.output.hasPrefix("1 ran, 3 failed, 1 skipped in "), "\(run.output)")
        #expect(
            run.error.contains(
                "failed: train[n=0]: frozen, but neither the store nor a remote has its output `out` ("
            ))
        #expect(
            run.error.contains("  fix: bitlaw pull pipelines/c.yaml --from WHERE IT IS; or take "))
    }

    @Test func `a bundle says which results are frozen`() {
        let project = locked()
        project.write("pipelines/c.yaml", frozen)
        _ = project.bitlaw("run pipelines/c.yaml")
        _ = project.bitlaw("lock pipelines/c.yaml")
        let bundle = project.bitlaw("bundle create pipelines/c.yaml --to b.tar")
        #expect(bundle.code == 0, "\(bundle.error)")
        #expect(
            project.shell("tar xOf b.tar README.md | grep -q 'frozen: `train\\[n=0\\]`'") == 0)
        #expect(
            project.shell(
                "'\(Project.command)' bundle verifier > verify.py && python3 verify.py b.tar > said"
            ) == 0)
        #expect(
            project.read("said").contains(
                "frozen, not made by this experiment file: 'train[n=1]'\n"))
        let verified = project.bitlaw("bundle verify b.tar")
        #expect(verified.code == 0, "\(verified.error)\(verified.output)")
        #expect(
            (verified.output + verified.error).contains(
                "3 actions are frozen: not made by this experiment file, but taken as the lock file "
                    + "says: train[n=0], train[n=1], train[n=2]"),
            "\(verified.output)\(verified.error)")
    }

    @Test func `without a lock file, or a line in it, the word freeze is the mistake`() {
        let project = locked()
        project.write("pipelines/c.yaml", frozen)
        project.shell(
            "mv pipelines/c.yaml.lock kept; grep -v 'train.n=2' kept > pipelines/c.yaml.lock")
        let short = project.bitlaw("plan pipelines/c.yaml")
        #expect(short.code == 2)
        #expect(
            short.error.hasPrefix(
                "pipelines/c.yaml:10:13: error: stage `train` is frozen, but pipelines/c.yaml.lock "
                    + "lacks 1 action of it, such as `train[n=2]`\n"), "\(short.error)")
        project.shell("rm pipelines/c.yaml.lock")
        let none = project.bitlaw("run pipelines/c.yaml")
        #expect(none.code == 2)
        #expect(
            none.error.hasPrefix(
                "pipelines/c.yaml:10:13: error: stage `train` is frozen, but pipelines/c.yaml.lock "
                    + "is not there\n"), "\(none.error)")
        #expect(none.error.contains("then bitlaw run and bitlaw lock pipelines/c.yaml"))
        project.write("pipelines/c.yaml", frozen.replacing("freeze: true", with: "freeze: 1"))
        #expect(
            project.bitlaw("plan pipelines/c.yaml").error.hasPrefix(
                "pipelines/c.yaml:10:13: error: `freeze` is the number 1\n"))
    }
}
