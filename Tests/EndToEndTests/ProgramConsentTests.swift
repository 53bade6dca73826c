import Glibc
import TestSupport
import Testing

/// The programs of a project start only once its reader said so, and then without further words.
@Suite(.serialized) struct ProgramConsentTests {
    /// A project whose programs leave a mark behind.
    private func project(_ stages: String? = nil) -> Project {
        let project = Project()
        project.write("pipelines/e.yaml", experiment(project, stages))
        // As on a machine whose kernel lets nobody make namespaces.
        project.write("unable/bwrap", "#!/bin/sh\necho 'bwrap: no namespaces' >&2; exit 1\n")
        project.shell("chmod +x unable/bwrap")
        return project
    }

    private func experiment(_ project: Project, _ stages: String? = nil) -> String {
        "experiment: e\nseed: 1\nstages:\n"
            + (stages
                ?? "  a: {kind: command, params: {run: [sh, -c, \"echo x >> '\(project.path)/ran'; echo 1\"]}}\n"
                + "  b: {kind: command, inputs: {inputs: a}, params: {run: [cat, \"${inputs.inputs}\"]}}\n")
    }

    /// The same project as somebody who approved nothing, or what `config` says.
    private func stranger(_ project: Project, _ arguments: String) -> Project.Outcome {
        project.bitlaw(
            arguments,
            environment:
                "BITLAW_CONFIG='\(project.path)/config' PATH='\(project.path)/unable':\"$PATH\"")
    }

    /// The same project as somebody whose configuration lets every project start its programs.
    private func owner(_ project: Project, _ arguments: String) -> Project.Outcome {
        project.bitlaw(arguments, environment: "PATH='\(project.path)/unable':\"$PATH\"")
    }

    private func hasRun(_ project: Project) -> Bool { project.shell("test -e ran") == 0 }

    private let power =
        "  - run the programs of its experiments, with all that you may do (they cannot be confined "
        + "here)\n"

    @Test(arguments: [
        "run pipelines/e.yaml", "run pipelines/e.yaml -q", "run pipelines/e.yaml --json",
        "run pipelines/e.yaml a", "run pipelines/e.yaml --force", "run pipelines/e.yaml --only a",
    ])
    func `without a word nothing starts, and the command to type is told`(arguments: String) {
        let project = project()
        let outcome = stranger(project, arguments)
        #expect(outcome.code == 2)
        #expect(
            outcome.error.contains(
                "error: pipelines/e.yaml is to do what you did not approve, and nothing ran\n\(power)"
                    + "    here: a"), "\(outcome.error)")
        #expect(
            outcome.error.hasSuffix("  fix: look at it, then bitlaw trust '\(project.path)'\n"))
        #expect(!hasRun(project))
        #expect(
            project.shell("find .cache/runs .cache/cas .cache/actions -type f | grep -q .") != 0)
    }

    @Test func `one word is enough, whatever is edited afterwards, and it can be taken back`() {
        let project = project()
        let trusted = stranger(project, "trust '\(project.path)' --yes")
        #expect(trusted.code == 0)
        #expect(
            trusted.output
                == "\(project.path) asks to\n\(power)approved, for everything in this folder\n")
        let ran = stranger(project, "run pipelines/e.yaml")
        #expect(ran.output.hasPrefix("2 ran in "))
        #expect(
            ran.error.contains(
                "warning: programs are not confined here: bwrap: no namespaces\n  fix: "))
        #expect(
            project.shell("grep -q '\"programs\":\"not confined\"' .cache/runs/*.json") == 0)
        project.write(
            "pipelines/e.yaml",
            experiment(project).replacing("echo 1", with: "echo 2")
                + "  c: {kind: command, params: {run: [echo, new]}}\n")
        #expect(stranger(project, "run pipelines/e.yaml").output.hasPrefix("3 ran in "))
        project.write("deep/er/f.yaml", experiment(project))
        project.shell("touch bitlaw.yaml")
        #expect(stranger(project, "run deep/er/f.yaml").code == 0)
        #expect(stranger(project, "trust").output.contains("(approved)\napproved before"))
        #expect(stranger(project, "trust --list").output == "\(project.path) may\n\(power)")
        #expect(
            stranger(project, "trust --revoke pipelines").output
                == "\(project.path): nothing is approved any more\n")
        #expect(stranger(project, "run pipelines/e.yaml --force").code == 2)
        #expect(stranger(project, "trust --revoke").output.hasSuffix("nothing was approved\n"))
    }

    @Test func `what is cached needs no word, and neither do our own kinds`() {
        let project = project()
        #expect(owner(project, "run pipelines/e.yaml").output.hasPrefix("2 ran in "))
        #expect(stranger(project, "run pipelines/e.yaml").output.hasPrefix("0 ran, 2 cached in "))
        project.shell("rm ran")
        for command in [
            "plan pipelines/e.yaml", "run pipelines/e.yaml -n", "status pipelines/e.yaml",
            "why pipelines/e.yaml a", "show pipelines/e.yaml a", "lock pipelines/e.yaml",
            "export pipelines/e.yaml", "graph pipelines/e.yaml", "diff newest pipelines/e.yaml",
            "bundle pipelines/e.yaml", "bundle verify e.bundle.tar.zst", "verify",
            "push pipelines/e.yaml --to ./there",
            "pull pipelines/e.yaml --from ./there --store new",
            "bundle import e.bundle.tar.zst --store other", "doctor", "gc", "verify --repair",
            "run pipelines/e.yaml --store other",
        ] {
            let outcome = stranger(project, command)
            #expect(outcome.code == 0, "\(command): \(outcome.error)")
        }
        #expect(!hasRun(project))
        project.write(
            "pipelines/own.yaml",
            "experiment: own\nseed: 1\nstages: {m: {kind: spiral.manifold}}\n")
        #expect(stranger(project, "run pipelines/own.yaml").output.hasPrefix("1 ran in "))
    }

    @Test(arguments: [
        "audit --unconfined pipelines/e.yaml", "audit --unconfined pipelines/e.yaml b",
        "audit --unconfined pipelines/e.yaml --each-alone",
        "audit --unconfined pipelines/e.yaml --sample 1", "run pipelines/e.yaml --force a",
        "pull pipelines/e.yaml --from ./there --store new --spot-check 100%",
    ])
    func `what makes results again asks before it does`(arguments: String) {
        let project = project()
        #expect(owner(project, "run pipelines/e.yaml").code == 0)
        #expect(owner(project, "push pipelines/e.yaml --to ./there").code == 0)
        project.shell("rm ran")
        let outcome = stranger(project, arguments)
        #expect(outcome.code == 2)
        #expect(outcome.error.contains("\(power)    here: "), "\(outcome.error)")
        #expect(outcome.error.contains("bitlaw trust '\(project.path)'"))
        #expect(!hasRun(project))
        #expect(project.shell("test ! -e new/cas || test -z \"$(ls -A new/cas)\"") == 0)
        #expect(owner(project, arguments).code == 0)
        #expect(hasRun(project))
    }

    @Test func `a repair that would start a program asks before it does anything`() {
        let project = project()
        #expect(owner(project, "run pipelines/e.yaml").code == 0)
        // The digest of "1\n", which both gave, begins with 43.
        #expect(project.shell("test -d .cache/cas/43 && rm -rf ran .cache/cas/43") == 0)
        let outcome = stranger(project, "verify --repair")
        #expect(outcome.code == 2)
        #expect(
            outcome.error.contains(
                "bitlaw verify --repair is to do what you did not approve, and nothing ran\n\(power)"
            ),
            "\(outcome.error)")
        #expect(!hasRun(project))
        #expect(owner(project, "verify --repair").code == 0)
        #expect(hasRun(project))
        // The flag is a word of its own.
        project.shell("rm -rf ran .cache/cas/43")
        #expect(stranger(project, "verify --repair --commands").code == 0)
        #expect(hasRun(project))
    }

    @Test func `a program that turns out to be needed on the way is not started either`() {
        let project = project(
            "  a: {kind: command, params: {run: [sh, -c, \"echo 'x,y'; echo 1,2\"]}}\n"
                + "  t: {kind: table.import, inputs: {file: a}, params: {columns: [{name: x}]}}\n")
        #expect(owner(project, "run pipelines/e.yaml").code == 0)
        project.shell("sed -i 's/{name: x}/{name: y}/' pipelines/e.yaml")
        // What `a` gave is there by its name, and damaged.
        project.shell(
            "for f in $(find .cache/cas -name '*.zst'); do chmod u+w $f; printf x >> $f; done")
        let outcome = stranger(project, "run pipelines/e.yaml")
        #expect(outcome.code == 1 || outcome.code == 2, "\(outcome.error)")
        #expect(
            outcome.error.contains("did not approve"), "\(outcome.error)")
    }

    @Test func `one member of the reader's own configuration lets every project`() {
        let project = project()
        project.write("config/config.yaml", "programs: allowed\n")
        #expect(stranger(project, "run pipelines/e.yaml").code == 0)
        project.write("config/config.yaml", "programs: asked\n")
        #expect(stranger(project, "run pipelines/e.yaml --force").code == 2)
        project.write("config/config.yaml", "programs: yes please\n")
        let mistake = stranger(project, "run pipelines/e.yaml")
        #expect(
            mistake.error.contains("config.yaml:1:11: error: `programs` is "), "\(mistake.error)")
        project.write("config/config.yaml", "")
        for member in ["programs: allowed", "places: [/]", "addresses: [127.0.0.1]"] {
            project.write("bitlaw.yaml", member + "\n")
            let outcome = stranger(project, "run pipelines/e.yaml --force")
            #expect(outcome.code == 2)
            #expect(
                outcome.error.contains("in a project's file, which anybody may have written"),
                "\(outcome.error)")
        }
    }

    @Test func `approval holds for one folder, and not for a checkout or a bundle within it`() {
        let project = project()
        project.shell("git init -q . 2>/dev/null || mkdir .git")
        #expect(stranger(project, "trust --yes").code == 0)
        #expect(stranger(project, "run pipelines/e.yaml").code == 0)
        project.shell("mkdir -p vendor/eve/.git; cp pipelines/e.yaml vendor/eve; rm ran")
        let checkout = stranger(project, "run vendor/eve/e.yaml")
        #expect(checkout.code == 2)
        #expect(checkout.error.contains("bitlaw trust '\(project.path)/vendor/eve'"))
        #expect(stranger(project, "bundle pipelines/e.yaml --to b").code == 0)
        project.shell("mkdir evidence; zstd -dcq b | tar -xf - -C evidence")
        let bundle = stranger(project, "run evidence/experiment/pipelines/e.yaml")
        #expect(bundle.code == 2)
        #expect(bundle.error.contains("bitlaw trust '\(project.path)/evidence/experiment'"))
        #expect(!hasRun(project))
        // Neither the way there nor a link makes a file one of the approved folder.
        project.shell(
            "mkdir ../\"$(basename \"$PWD\")-eve\"; cp pipelines/e.yaml '\(project.path)-eve'")
        for way in [
            "../$(basename \"$PWD\")-eve/e.yaml", "pipelines/../../$(basename \"$PWD\")-eve/e.yaml",
        ] {
            let beside = stranger(project, "run \"\(way)\" --store s")
            #expect(beside.code == 2)
            #expect(
                beside.error.contains("bitlaw trust '\(project.path)-eve'"), "\(beside.error)")
        }
        project.shell("ln -s '\(project.path)-eve' linked")
        let linked = stranger(project, "run linked/e.yaml --store s")
        #expect(linked.code == 2)
        #expect(linked.error.contains("stands outside its project"), "\(linked.error)")
        project.shell("rm -rf '\(project.path)-eve'")
        #expect(!hasRun(project))
        // A link to a folder is that folder.
        project.shell("ln -s '\(project.path)' ../\"$(basename \"$PWD\")-link\"")
        let link = project.bitlaw(
            "run pipelines/e.yaml -C '\(project.path)-link' --store s",
            environment: "BITLAW_CONFIG='\(project.path)/config'")
        project.shell("rm '\(project.path)-link'")
        #expect(link.code == 0, "\(link.error)")
    }

    @Test func `a bundle says that it brings commands and a configuration`() {
        let project = project()
        project.write("bitlaw.yaml", "store: .cache\n")
        project.write(
            "pipelines/e.yaml",
            experiment(
                project,
                "  a: {kind: command, inputs: {inputs: [file:bitlaw.yaml]}, params: {run: [cat, \"${inputs.inputs}\"]}}\n"
            ))
        #expect(owner(project, "run pipelines/e.yaml -q").code == 0)
        #expect(owner(project, "bundle pipelines/e.yaml --to b").code == 0)
        let verified = owner(project, "bundle verify b")
        #expect(verified.code == 0)
        #expect(
            verified.output.contains(
                "note: contains commands: 1 stage; bitlaw runs them confined, or only after"))
        #expect(verified.output.contains("note: brings experiment/bitlaw.yaml, which asks for"))
        let json = owner(project, "bundle verify b --json").output
        #expect(json.contains("\"commands\":[\"a\"],\"configuration\":\"experiment/bitlaw.yaml\""))
        let imported = owner(project, "bundle import b --store other")
        #expect(imported.error.contains("note: contains commands: 1 stage"))
        #expect(imported.error.contains("note: brings experiment/bitlaw.yaml"))
        project.shell(
            "'\(Project.command)' bundle verifier > verify.py; python3 verify.py b > said")
        #expect(
            project.read("said").contains("contains commands: 1 stage; bitlaw runs them confined"))
        #expect(project.read("said").contains("brings 'experiment/bitlaw.yaml'"))
    }

    /// Runs a command at a terminal of its own, and types an answer.
    private func atTerminal(_ project: Project, _ arguments: String, answer: String) -> CInt {
        project.shell(
            "export BITLAW_CONFIG=\"$PWD/config\" PATH=\"$PWD/unable:$PATH\"; echo '\(answer)' | "
                + "script -qec \"'\(Project.command)' \(arguments)\" /dev/null > shown 2>&1")
    }

    @Test func `at a terminal it is asked once, and the answer is kept`() {
        guard isInstalled("script", package: "bsdutils", else: "a terminal was not tried") else {
            return
        }
        let project = project()
        #expect(atTerminal(project, "run pipelines/e.yaml", answer: "n") == 2)
        let shown = project.read("shown")
        #expect(shown.contains("pipelines/e.yaml is to\r\n"), "\(shown)")
        #expect(
            shown.contains("This is kept for everything in \(project.path). Approve? [y/N]"),
            "\(shown)")
        #expect(!hasRun(project))
        #expect(atTerminal(project, "run pipelines/e.yaml", answer: "y") == 0)
        #expect(hasRun(project))
        #expect(atTerminal(project, "run pipelines/e.yaml --force", answer: "n") == 0)
        #expect(!project.read("shown").contains("Approve?"))
        project.shell("rm config/approved.json")
        #expect(atTerminal(project, "trust", answer: "y") == 0)
        #expect(stranger(project, "run pipelines/e.yaml --force").code == 0)
    }

    @Test func `a folder that others may write to is told where it is approved`() {
        let project = project()
        project.shell("chmod 1777 .")
        let told = stranger(project, "trust --yes")
        #expect(
            told.error
                == "note: \(project.path): everybody on this machine may write into it (mode 1777), and "
                + "what others put there is approved too\n")
    }

    @Test func `what init writes is approved, and what stood there before is not`() {
        let project = project()
        let made = stranger(project, "init mine --template own")
        #expect(
            made.output.hasSuffix(
                "\n\nnext:\n  cd mine\n  bitlaw plan experiment.yaml    # what would run\n"
                    + "  bitlaw run experiment.yaml     # seconds; ends with a law and its page\n"))
        #expect(stranger(project, "run experiment.yaml -q -C mine").code == 0)
        project.shell("mkdir theirs; echo x > theirs/other.py")
        let second = stranger(project, "init theirs --template own")
        #expect(
            second.output.contains(
                "  bitlaw trust                   # once: its programs may run\n"))
        #expect(stranger(project, "run experiment.yaml -q -C theirs").code == 2)
    }
}
