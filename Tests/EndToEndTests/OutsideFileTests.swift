import Glibc
import TestSupport
import Testing

/// Files that links of a project lead to: read where their place was approved, and published where asked for.
@Suite struct OutsideFileTests {
    /// A project that reads `data/x.csv` through a link to a folder outside of it, `scratch`.
    private func project(_ run: String = "wc -c < ${inputs.inputs}") -> (
        project: Project, scratch: Project
    ) {
        let (project, scratch) = (Project(), Project())
        scratch.write("x.csv", "SECRET-42,1\n")
        project.shell("ln -s '\(scratch.path)' data")
        project.write(
            "pipelines/e.yaml",
            "experiment: e\nseed: 1\nstages:\n  a: {kind: command, inputs: {inputs: file:data/x.csv}, "
                + "params: {run: [sh, -c, \"\(run)\"]}}\n")
        return (project, scratch)
    }

    private func trust(_ project: Project, _ scratch: Project) -> Project.Outcome {
        project.bitlaw("trust --yes --read '\(scratch.path)'")
    }

    @Test func `a place outside is read once it is approved, and every command says so before`() {
        let (project, scratch) = project()
        for command in [
            "run", "plan", "lock", "status", "export", "audit", "push --to ./there", "bundle",
            "graph",
        ] {
            let outcome = project.bitlaw("\(command) pipelines/e.yaml")
            #expect(outcome.code == 2, "\(command)")
            #expect(
                outcome.error.contains(
                    "pipelines/e.yaml:4:39: error: the file `data/x.csv` stands outside the project, where "
                        + "a link leads: \(scratch.path)"), "\(outcome.error)")
            #expect(
                outcome.error.contains(
                    "fix: look at it, then bitlaw trust '\(project.path)' --read '\(scratch.path)'")
            )
        }
        #expect(project.shell("test ! -e .cache && test ! -e there") == 0)
        let trusted = trust(project, scratch)
        #expect(trusted.code == 0)
        #expect(trusted.output.contains("  - read files in \(scratch.path)\n"))
        let run = project.bitlaw("run pipelines/e.yaml")
        #expect(run.output.hasPrefix("1 ran in "), "\(run.error)")
        // Another place is another word; a link within the approved place that leads on is one as well.
        let other = Project()
        other.write("y.csv", "1\n")
        scratch.shell("mv x.csv z.csv; ln -s '\(other.path)/y.csv' x.csv")
        let second = project.bitlaw("run pipelines/e.yaml")
        #expect(second.code == 2)
        #expect(second.error.contains("where a link leads: \(other.path)/y.csv"), "\(second.error)")
        // Links that stay in the place are none of it.
        scratch.shell("ln -sf z.csv x.csv")
        #expect(project.bitlaw("run pipelines/e.yaml").output.hasPrefix("0 ran, 1 cached in "))
    }

    @Test func `a link that stays in the project needs no word`() {
        let project = Project()
        project.write("files/x.csv", "1\n")
        project.shell("ln -s files data; ln -s \"$PWD/files/x.csv\" y.csv")
        project.write(
            "pipelines/e.yaml",
            "experiment: e\nseed: 1\nstages:\n  a: {kind: command, inputs: {inputs: [file:data/x.csv, file:y.csv]}, "
                + "params: {run: [cat, \"${inputs.inputs}\"]}}\n")
        #expect(project.bitlaw("run pipelines/e.yaml").code == 0)
    }

    @Test func `the reader's own configuration approves a place for every project`() {
        let (project, scratch) = project()
        project.write("config/config.yaml", "programs: allowed\nplaces: ['\(scratch.path)']\n")
        let outcome = project.bitlaw(
            "run pipelines/e.yaml", environment: "BITLAW_CONFIG='\(project.path)/config'")
        #expect(outcome.code == 0, "\(outcome.error)")
    }

    @Test func `a bundle leaves such files out, says so, and can be checked all the same`() {
        let (project, scratch) = project()
        _ = trust(project, scratch)
        #expect(project.bitlaw("run pipelines/e.yaml -q").code == 0)
        let made = project.bitlaw("bundle pipelines/e.yaml --to b")
        #expect(made.code == 0, "\(made.error)")
        #expect(
            made.error.contains(
                "left out: data/x.csv stands outside the project; readers can check what reads it, and not "
                    + "make that again\n  fix: if it may be published, --include-outside\n"))
        #expect(project.shell("zstd -dcq b | grep -q SECRET-42") != 0)
        let verified = project.bitlaw("bundle verify b")
        #expect(verified.code == 0, "\(verified.output)")
        #expect(
            verified.output.contains(
                "note: 1 file was left out, for they stand outside the project"),
            "\(verified.output)")
        #expect(
            project.shell(
                "mkdir e; zstd -dcq b | tar -xf - -C e; grep -q 'not here: `experiment/data/x.csv`' e/README.md "
                    + "&& '\(Project.command)' bundle verifier > verify.py && python3 verify.py b > said"
            ) == 0)
        #expect(project.read("said").contains("left out, outside the project"))
        let whole = project.bitlaw("bundle pipelines/e.yaml --to whole --include-outside")
        #expect(whole.code == 0 && whole.error.isEmpty)
        #expect(project.shell("zstd -dcq whole | grep -q SECRET-42") == 0)
        #expect(project.bitlaw("bundle verify whole").code == 0)
        #expect(project.shell("python3 verify.py whole > said") == 0)
    }

    @Test func `an output that is such a file byte for byte is not published either`() {
        let (project, scratch) = project("cat ${inputs.inputs}")
        _ = trust(project, scratch)
        #expect(project.bitlaw("run pipelines/e.yaml -q").code == 0)
        let bundle = project.bitlaw("bundle pipelines/e.yaml --to b")
        #expect(bundle.code == 2)
        #expect(
            bundle.error.contains("a: an output is data/x.csv byte for byte, which stands outside"))
        #expect(project.shell("test ! -e b") == 0)
        let pushed = project.bitlaw("push pipelines/e.yaml --to ./there")
        #expect(pushed.code == 0)
        #expect(pushed.error.contains("an output is data/x.csv byte for byte"), "\(pushed.error)")
        #expect(pushed.output.hasPrefix("pushed 0 results and 0 blobs"), "\(pushed.output)")
        let whole = project.bitlaw("push pipelines/e.yaml --to ./there --include-outside")
        #expect(whole.output.hasPrefix("pushed 1 result and "), "\(whole.output)")
    }

    @Test(arguments: [
        ("mkfifo pipe", "file:pipe", "it is a pipe"),
        ("mkdir folder", "file:folder", "the folder `folder` has no file in it"),
        ("ln -s /dev/zero zero", "file:zero", "it is no plain file"),
        (
            "python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('sock')\"", "file:sock",
            "it is no plain file"
        ),
        ("ln -s nowhere gone", "file:gone", "No such file"),
        ("ln -s loop loop", "file:loop", "Too many levels"),
    ])
    func `an input that is no plain file is refused at once`(
        make: String, input: String, reason: String
    ) {
        let project = Project()
        project.shell(make)
        project.write(
            "pipelines/e.yaml",
            "experiment: e\nseed: 1\nstages:\n  a: {kind: command, inputs: {inputs: \(input)}, "
                + "params: {run: [cat, \"${inputs.inputs}\"]}}\n")
        for command in ["plan", "run", "lock"] {
            let outcome = project.bitlaw("\(command) pipelines/e.yaml", environment: "timeout 20")
            #expect(outcome.code == 2, "\(command) \(outcome.code)")
            #expect(outcome.error.contains(reason), "\(outcome.error)")
        }
    }

    /// Every file that a command opens by a name from outside.
    @Test(arguments: [
        "run pipe", "plan pipe", "claims check pipe", "claims text pipe", "bundle verify pipe",
        "bundle import pipe", "diff pipe.lock pipelines/e.yaml", "add pipe", "keys trust eve pipe",
        "bundle verify pipe --key pipe.pub", "predict pipe x=1", "explain pipe",
        "audit --unconfined pipelines/e.yaml --against pipe.lock",
        "audit pipe --merge --key pipe.pub",
        "audit --unconfined pipelines/e.yaml --sign pipe.pem --attestation a.json",
        "bundle pipelines/e.yaml --to new --attestation pipe", "bundle pipelines/e.yaml --to pipe",
        "run pipelines/pipe.yaml", "plan pipelines/p.yaml", "pull pipelines/e.yaml --from lab",
    ])
    func `a pipe where a file is wanted is told at once`(arguments: String) {
        let project = Project()
        project.write(
            "pipelines/e.yaml",
            "experiment: e\nseed: 1\nstages: {m: {kind: spiral.manifold}}\n")
        project.write(
            "pipelines/p.yaml", "include: [pipelines/pipe.yaml]\nexperiment: e\nseed: 1\n")
        #expect(project.bitlaw("run pipelines/e.yaml -q").code == 0)
        project.write(
            "config/config.yaml",
            "remotes: {lab: {url: 'http://127.0.0.1:9/x', token: {file: pipe}}}\n")
        project.shell(
            "for p in pipe pipe.lock pipe.pub pipe.pem pipelines/pipe.yaml config/pipe; do mkfifo $p; done"
        )
        let outcome = project.bitlaw(
            arguments, environment: "BITLAW_CONFIG='\(project.path)/config' timeout 20")
        #expect([1, 2, 3].contains(outcome.code), "\(outcome.code) \(outcome.error)")
    }

    @Test(arguments: ["config.yaml", "approved.json", "keys.json"])
    func `a pipe among the reader's own files is told at once`(name: String) {
        let project = Project()
        project.write(
            "pipelines/e.yaml", "experiment: e\nseed: 1\nstages: {m: {kind: spiral.manifold}}\n")
        project.shell("mkdir config; mkfifo config/\(name)")
        for command in ["run pipelines/e.yaml", "doctor", "keys list", "trust --yes"] {
            let outcome = project.bitlaw(
                command, environment: "BITLAW_CONFIG='\(project.path)/config' timeout 20")
            #expect(outcome.code != 124, "\(command)")
        }
        project.shell("mkfifo bitlaw.yaml pipelines/e.yaml.lock")
        for command in ["run pipelines/e.yaml", "lock pipelines/e.yaml", "doctor", "trust --yes"] {
            #expect(project.bitlaw(command, environment: "timeout 20").code != 124, "\(command)")
        }
    }

    @Test(arguments: ["out -> OUTSIDE", "out/e -> OUTSIDE"])
    func `exports go through no link out of the project, unless it was approved or named`(
        link: String
    ) {
        let (project, outside) = (Project(), Project())
        project.write(
            "pipelines/e.yaml",
            "experiment: e\nseed: 1\nstages: {m: {kind: spiral.manifold}}\n")
        let name = link.split(separator: " ")[0]
        project.shell("mkdir -p $(dirname \(name)); ln -s '\(outside.path)' \(name)")
        #expect(project.bitlaw("run pipelines/e.yaml -q").code == 0)
        let refused = project.bitlaw("export pipelines/e.yaml")
        #expect(refused.code == 2)
        #expect(
            refused.error.contains(
                "a link leads out of the project, to \(outside.path); if it may: bitlaw trust "
                    + "'\(project.path)' --write '\(outside.path)'"), "\(refused.error)")
        #expect(outside.shell("test \"$(ls -A)\" = pipelines") == 0)
        #expect(project.bitlaw("export pipelines/e.yaml --to \(name)").code == 0)
        #expect(project.bitlaw("trust --yes --write '\(outside.path)'").code == 0)
        #expect(project.bitlaw("export pipelines/e.yaml").code == 0)
    }
}
