import TestSupport
import Testing

/// Tools of a stage, from the experiment file to the program and the key.
@Suite struct ToolTests {
    /// A project with a virtual environment that has one package, and a stage that prints its value.
    private func project(confined: Bool) -> Project? {
        guard isInstalled("/usr/bin/python3", package: "python3", else: "no environment was tried"),
            !confined
                || isInstalled("bwrap", package: "bubblewrap", else: "tools were not confined")
        else { return nil }
        let project = Project()
        if confined { project.shell("rm \"$BITLAW_CONFIG/config.yaml\"") }
        project.shell(
            """
            version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            mkdir -p .venv/bin .venv/lib/python$version/site-packages
            printf 'home = /usr/bin\\nversion = %s.1\\n' $version > .venv/pyvenv.cfg
            ln -s /usr/bin/python3 .venv/bin/python3
            echo 'value = "one"' > .venv/lib/python$version/site-packages/thing.py
            """)
        project.write("e.yaml", experiment("python3"))
        return project
    }

    private func experiment(_ program: String, _ place: String = ".venv") -> String {
        """
        experiment: e
        seed: 1
        stages:
          a:
            kind: command
            params:
              run: ["\(program)", -c, "import sys, thing; print(thing.value, sys.prefix)"]
              tools: {venv: "\(place)"}
        """
    }

    private func output(_ project: Project) -> String {
        project.bitlaw("show e.yaml a --output out").output
    }

    @Test(arguments: ["python3", ".venv/bin/python3"])
    func `a confined program runs in its environment, at a name that is the same everywhere`(
        program: String
    ) throws {
        guard let project = project(confined: true) else { return }
        project.write("e.yaml", experiment(program))
        let outcome = project.bitlaw("run e.yaml")
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(!outcome.error.contains("left behind"), "\(outcome.error)")
        #expect(output(project) == "one /work/.venv\n")
        #expect(project.bitlaw("run e.yaml").output.hasPrefix("0 ran, 1 cached"))
        // A copy of the project elsewhere has the same packages, and the same key.
        project.shell("mkdir copy; cp -r e.yaml .venv copy; touch copy/bitlaw.yaml")
        let copy = project.bitlaw("run copy/e.yaml --store .cache")
        #expect(copy.output.hasPrefix("0 ran, 1 cached"), "\(copy.output)\(copy.error)")
        project.shell("sed -i s/one/two/ .venv/lib/python3*/site-packages/thing.py")
        let why = project.bitlaw("why e.yaml a").output
        #expect(why.contains("tool venv: "), "\(why)")
        #expect(project.bitlaw("run e.yaml").output.hasPrefix("1 ran in "))
        #expect(output(project) == "two /work/.venv\n")
    }

    @Test func `a program that nothing confines runs in its environment too`() throws {
        guard let project = project(confined: false) else { return }
        for program in ["python3", ".venv/bin/python3"] {
            project.write("e.yaml", experiment(program))
            let outcome = project.bitlaw("run e.yaml")
            #expect(outcome.code == 0, "\(outcome.error)")
            #expect(output(project).hasPrefix("one "))
        }
        project.shell("sed -i s/one/two/ .venv/lib/python3*/site-packages/thing.py")
        #expect(project.bitlaw("run e.yaml").output.hasPrefix("1 ran in "))
    }

    @Test func `a tool that changes while the run uses it is told`() throws {
        guard let project = project(confined: false) else { return }
        let script = "import thing; open('\(project.path)/.venv/new.py', 'w').write('x = 1')"
        project.write(
            "e.yaml",
            "experiment: e\nseed: 1\nstages:\n  a: {kind: command, params: {run: [python3, -c, \"\(script)\"], "
                + "tools: {venv: .venv}}}\n")
        let outcome = project.bitlaw("run e.yaml")
        #expect(outcome.code == 0)
        #expect(
            outcome.error.contains("tools: .venv changed while the run used it"), "\(outcome.error)"
        )
    }

    @Test func `a tool outside the project has to be approved, and one that is not there is named`()
        throws
    {
        guard let project = project(confined: true) else { return }
        project.shell("mkdir inner; mv e.yaml inner; touch inner/bitlaw.yaml")
        project.write("inner/e.yaml", experiment("python3", "\(project.path)/.venv"))
        let refused = project.bitlaw("run inner/e.yaml")
        #expect(refused.code == 2)
        #expect(
            refused.error.contains("inner/e.yaml:8:21: error: tools: ")
                && refused.error.contains("which you did not approve")
                && refused.error.contains("--read '"),
            "\(refused.error)")
        #expect(project.bitlaw("trust inner --yes --read .venv").code == 0)
        let allowed = project.bitlaw("run inner/e.yaml")
        #expect(allowed.code == 0, "\(allowed.error)")
        project.write("inner/e.yaml", experiment("python3", "nowhere"))
        let missing = project.bitlaw("run inner/e.yaml")
        #expect(missing.code == 2)
        #expect(
            missing.error.contains(
                "inner/e.yaml:8:21: error: tools: nowhere: expected a tool at"), "\(missing.error)")
    }

    @Test(arguments: [
        ("[.venv]", 14, "`tools` is a list"),
        ("{\"a b\": x}", 15, "no tool can be called `a b`"),
        ("{lock: ../uv.lock}", 21, "tool `lock` is the text \"../uv.lock\""),
        ("{lock: ~other/env}", 21, "tool `lock` is the text \"~other/env\""),
        ("{lock: {path: x}}", 21, "tool `lock` is a mapping"),
        ("{lock: uv.lock}", 21, "tools: uv.lock: expected a tool at "),
        ("{lock: dangling}", 21, "tools: dangling: expected a tool at "),
        ("{lock: pipe}", 21, "tools: pipe: expected a tool at "),
        ("{lock: /etc}", 21, "tools: /etc: expected a tool of the project, found one in /etc"),
    ])
    func `a tool that cannot be one is told at its place when the experiment is read`(
        written: String, column: Int, message: String
    ) {
        let project = Project()
        project.shell("ln -s gone dangling; mkfifo pipe")
        project.write(
            "t.yaml",
            "experiment: t\nseed: 1\nstages:\n  a:\n    kind: command\n    params:\n      run: [echo, x]\n"
                + "      tools: \(written)\n")
        let outcome = project.bitlaw("plan t.yaml")
        #expect(outcome.code == 2)
        #expect(
            outcome.error.contains("t.yaml:8:\(column): error: \(message)"), "\(outcome.error)")
    }

    @Test func `pins are given to a program, stand back for its own variables, and are in the key`()
        throws
    {
        let project = Project()
        func run(_ members: String) -> [Substring] {
            project.write(
                "e.yaml",
                "experiment: e\nseed: 1\nstages: {a: {kind: command, params: {run: [env]\(members)}}}\n"
            )
            let outcome = project.bitlaw("run e.yaml")
            #expect(outcome.output.hasPrefix("1 ran in "), "\(outcome.error)")
            return output(project).split(separator: "\n")
        }
        let pinned = run("")
        #expect(
            pinned.contains("OPENBLAS_CORETYPE=Haswell") && pinned.contains("OMP_NUM_THREADS=1"))
        let own = run(", env: {OMP_NUM_THREADS: \"4\"}")
        #expect(own.filter { $0.hasPrefix("OMP_NUM_THREADS=") } == ["OMP_NUM_THREADS=4"])
        let free = run(", pin: false")
        #expect(!free.contains { $0.hasPrefix("OPENBLAS") || $0.hasPrefix("OMP") })
        #expect(free.contains("PYTHONDONTWRITEBYTECODE=1"))
        // The system's packages are another key; nothing else changes.
        _ = run(", system: strict")
    }
}
