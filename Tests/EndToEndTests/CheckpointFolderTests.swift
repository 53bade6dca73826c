import TestSupport
import Testing

/// Folders that programs keep between attempts.
@Suite struct CheckpointFolderTests {
    /// Counts to five in a file of the folder: begun anew it waits at three, gone on it does not.
    private static let stages = """
          a:
            kind: command
            checkpoints: ckpt/
            params: {run: [sh, -c, "n=$(cat ckpt/n 2>/dev/null || echo 0); s=$n; while test $n -lt 5; do n=$((n+1)); echo $n > ckpt/new; mv ckpt/new ckpt/n; if test $n = 3 -a $s = 0; then echo three >&2; sleep 48.57 & wait; fi; done; echo from $s >&2; echo out"]}
        """

    private static func resumes(_ world: ProgramWorld) {
        let again = world.bitlaw("run pipelines/p.yaml -j1")
        #expect(again.output.hasPrefix("1 ran in "), "\(again.output)\(again.error)")
        #expect(world.bitlaw("log pipelines/p.yaml a").output == "from 3\n")
        #expect(world.bitlaw("show pipelines/p.yaml a").output.contains("\n  resumed  its program"))
        #expect(world.bitlaw("show pipelines/p.yaml a --json").output.contains(#""resumed":true"#))
        #expect(world.project.shell("grep -q '\"resumed\":true' .cache/runs/*.json") == 0)
        #expect(world.project.shell("test -z \"$(ls -A .cache/checkpoints)\"") == 0)
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("0 ran, 1 cached in "))
        #expect(world.bitlaw("verify").code == 0)
    }

    @Test(arguments: Started.allCases, ["-INT", "-9"])
    func `an attempt goes on from the folder of the one before it, and its result says so`(
        started: Started, signal: String
    ) {
        guard let world = ProgramWorld(started, stages: Self.stages) else { return }
        world.whileRunning("logged three; kill \(signal) $engine; wait $engine; true")
        #expect(world.project.shell("test $(cat .cache/checkpoints/*/n) = 3") == 0)
        #expect(world.project.shell("test $(stat -c %a .cache/checkpoints/*-*[0-9]) = 700") == 0)
        #expect(world.bitlaw("verify").code == 0)
        Self.resumes(world)
    }

    @Test(arguments: Started.allCases)
    func `what was not interrupted is not called resumed, and the folder is empty at first`(
        started: Started
    ) {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      a:
                        kind: command
                        checkpoints: deep/ckpt
                        params: {run: [sh, -c, "ls -A deep/ckpt; touch deep/ckpt/x; echo done"]}
                    """)
        else { return }
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("1 ran in "))
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "done\n")
        #expect(!world.bitlaw("show pipelines/p.yaml a").output.contains("resumed"))
        #expect(world.project.shell("grep -q resumed .cache/runs/*.json .cache/actions/*/*") != 0)
        #expect(world.project.shell("test -z \"$(ls -A .cache/checkpoints)\"") == 0)
    }

    @Test(arguments: [
        // What tar, cp and git bring is another folder.
        "cp -a .cache copy; rm -rf .cache; mv copy .cache",
        "rm .cache/checkpoints/*.mark",
        "for mark in .cache/checkpoints/*.mark; do echo 00 > \"$mark\"; done",
        "chmod 755 .cache/checkpoints/*[0-9]",
    ])
    func
        `a folder that the account did not make here is set aside and told, and the action begins anew`(
            change: String
        )
    {
        guard let world = ProgramWorld(.unconfined, stages: Self.stages) else { return }
        world.whileRunning("logged three; kill -9 $engine; wait $engine; true")
        world.project.shell(change)
        world.whileRunning(
            "logged three; kill -INT $engine; wait $engine; cat .cache/checkpoints/*/n > n")
        #expect(
            world.project.read("err").contains(
                "warning: a: checkpoints to go on from were set aside, for nothing proves that this account "
                    + "made them here ("), "\(world.project.read("err"))")
        #expect(world.project.read("n") == "3\n")
        #expect(world.project.shell("test $(cat .cache/quarantine/*/n) = 3") == 0)
        Self.resumes(world)
    }

    @Test func `gc removes the folders, and an audit does not go on from them`() {
        guard let world = ProgramWorld(.unconfined, stages: Self.stages) else { return }
        world.whileRunning("logged three; kill -INT $engine; wait $engine; true")
        #expect(world.bitlaw("gc").code == 0)
        #expect(world.project.shell("test -z \"$(ls -A .cache/checkpoints)\"") == 0)
    }

    @Test(arguments: [
        ("checkpoints: ../ckpt", "`checkpoints` is the text \"../ckpt\""),
        ("checkpoints: /ckpt", "`checkpoints` is the text \"/ckpt\""),
        ("checkpoints: a//b", "`checkpoints` is the text \"a//b\""),
        ("checkpoints: [a]", "`checkpoints` is a list"),
        ("checkpoints: inputs/x", "`checkpoints` is the text \"inputs/x\", where the inputs are"),
        ("grace: soon", "`grace` is the text \"soon\""),
        ("grace: -1", "`grace` is the number -1"),
    ])
    func `a member that is no folder and no time is a mistake at its column`(
        member: String, message: String
    ) throws {
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: "  a:\n    kind: command\n    \(member)\n    params: {run: [echo, x]}"))
        let outcome = world.bitlaw("plan pipelines/p.yaml")
        #expect(outcome.code == 2)
        let column =
            5
            + (member.firstIndex(of: " ").map { member.distance(from: member.startIndex, to: $0) }
                ?? 0) + 1
        #expect(
            outcome.error.contains("pipelines/p.yaml:6:\(column): error: \(message)"),
            "\(outcome.error)")
    }

    @Test(arguments: ["ckpt/w", "ckpt/", "deep"])
    func `an output in the folder of checkpoints is a mistake at its place`(path: String) throws {
        let checkpoints = path == "deep" ? "deep/ckpt" : "ckpt"
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: "  a:\n    kind: command\n    checkpoints: \(checkpoints)\n"
                    + "    params: {run: [echo, x], outputs: {w: \(path)}}"))
        let outcome = world.bitlaw("plan pipelines/p.yaml")
        #expect(outcome.code == 2)
        let name = path.hasSuffix("/") ? String(path.dropLast()) : path
        #expect(
            outcome.error.contains(
                "p.yaml:7:43: error: output `w` is \(name), where `checkpoints` is"),
            "\(outcome.error)")
    }

    @Test(arguments: ["checkpoints: ckpt/", "grace: 5s"])
    func `a kind that starts no program has neither checkpoints nor grace`(member: String) throws {
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: "  a: {kind: spiral.manifold, \(member), params: {turns: 4}}"))
        let outcome = world.bitlaw("plan pipelines/p.yaml")
        #expect(outcome.code == 2)
        let name = member.prefix { $0 != ":" }
        #expect(
            outcome.error.contains(
                "`\(name)` stands in a stage of kind `spiral.manifold`, which starts no program"),
            "\(outcome.error)")
    }
}
