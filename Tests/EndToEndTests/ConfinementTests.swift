import System
import TestSupport
import Testing

/// What a program of somebody else can see and do while it is an action.
@Suite struct ConfinementTests {
    /// A project whose programs are confined; `nil`, and says so, where none can be.
    private static func project(_ run: String, inputs: String = "[]") -> Project? {
        let project = Project()
        let person = EnvironmentVariables(words: ["PATH=\(variable("PATH") ?? "")"])
        guard case .works = SandboxTrial.run(person) else {
            skip("no bubblewrap works here, so confinement was not tried")
            return nil
        }
        project.write(
            "pipelines/p.yaml",
            "experiment: p\nseed: 1\nstages:\n"
                + "  data: {kind: command, params: {run: [echo, made]}}\n"
                + "  a: {kind: command, inputs: {inputs: \(inputs)}, params: {run: \(run)}}\n")
        return project
    }

    private static func run(_ project: Project, _ words: String = "run pipelines/p.yaml -q")
        -> Project.Outcome
    {
        project.bitlaw(words, environment: "BITLAW_CONFIG='\(project.path)/config'")
    }

    private static func printed(_ project: Project) -> String {
        let run = run(project)
        #expect(run.code == 0, "\(run.error)")
        #expect(project.shell("grep -q '\"programs\":\"confined\"' .cache/runs/*.json") == 0)
        return Self.run(project, "show pipelines/p.yaml a --output out").output
    }

    @Test
    func `a program sees its inputs, and neither the project nor the store nor their folders`() {
        guard
            let project = Self.project(
                "[sh, -c, \"pwd; cat ${inputs.inputs}; echo ${inputs.inputs} $HOME; ls -A . .. /tmp\"]",
                inputs: "[data, 'file:kept.txt']")
        else { return }
        project.write("kept.txt", "mine\n")
        project.write("secret.txt", "secret\n")
        let lines = Self.printed(project).split(separator: "\n").map(String.init)
        #expect(
            Array(lines.prefix(4)) == [
                "/work", "made", "mine", "inputs/inputs/0/out inputs/inputs/1/kept.txt /work",
            ])
        #expect(
            !lines.dropFirst(4).contains {
                $0.contains("kept") || $0.contains("secret") || $0.contains("cache")
            })
        #expect(lines.contains("inputs") && lines.last == "/tmp:")
    }

    @Test func `a program cannot write its inputs, and the files of the project stay as they are`()
    {
        for words in [
            "echo x >> ${inputs.inputs}", "rm ${inputs.inputs}", "mv ${inputs.inputs} y",
            "chmod 777 ${inputs.inputs}", "ln -f ${inputs.inputs} y",
            "truncate -s0 ${inputs.inputs}",
        ] {
            guard let project = Self.project("[sh, -c, \"\(words)\"]", inputs: "['file:kept.txt']")
            else {
                return
            }
            project.write("kept.txt", "mine\n")
            let run = Self.run(project)
            #expect(run.code == 1, "\(words): \(run.output)\(run.error)")
            #expect(project.read("kept.txt") == "mine\n")
            #expect(project.shell("test $(stat -c %a kept.txt) = 644") == 0)
        }
    }

    @Test
    func
        `an undeclared file of the project is not there, whether it is named from here or from the root`()
    {
        guard
            let project = Self.project(
                "[python3, '${inputs.inputs}']", inputs: "['file:main.py']")
        else { return }
        project.write(
            "main.py",
            "import os\ntry:\n    import helper\n    print('seen')\nexcept ImportError:\n    print('hidden')\n"
                + "print(os.path.exists('\(project.path)'))\n")
        project.write("helper.py", "x = 42\n")
        #expect(Self.printed(project) == "hidden\nFalse\n")
        #expect(project.shell("test ! -e __pycache__") == 0)
    }

    @Test func `a program reaches no other process, no network and no variable of the person`() {
        guard
            let project = Self.project(
                "[sh, -c, \"env | cut -d= -f1 | sort | tr '\\\\n' ' '; echo; ls /proc/$PPID/fd | wc -l; "
                    + "ls /proc | grep -cE '^[0-9]+$'; tail -n +3 /proc/net/dev | wc -l\"]")
        else { return }
        let run = project.bitlaw(
            "run pipelines/p.yaml -q",
            environment: "BITLAW_CONFIG='\(project.path)/config' SECRET=1 HF_HOME=/x")
        #expect(run.code == 0, "\(run.error)")
        let lines = Self.run(project, "show pipelines/p.yaml a --output out").output
            .split(separator: "\n")
        let names = Set(lines[0].split(separator: " ").map(String.init))
        #expect(names.isSuperset(of: ["HOME", "LC_ALL", "PATH", "TZ"]))
        #expect(names.isDisjoint(with: ["HF_HOME", "SECRET", "USER", "BITLAW_CONFIG"]))
        #expect((Int(lines[1]) ?? 99) <= 4 && (Int(lines[2]) ?? 99) <= 6 && lines[3] == "1")
    }

    @Test func `what a program prints is the same in every attempt, folder and project`() {
        let words =
            "[sh, -c, \"env | sort; pwd; cat ${inputs.inputs}; id; hostname; ls -la inputs/inputs | tail -n +2 | wc -l\"]"
        guard let one = Self.project(words, inputs: "[data]"),
            let two = Self.project(words, inputs: "[data]")
        else { return }
        two.shell("mkdir deep; mv pipelines deep/pipelines; mkdir deep/.git")
        let first = Self.printed(one)
        let run = two.bitlaw(
            "run -C deep pipelines/p.yaml -q -j2", environment: "BITLAW_CONFIG='\(two.path)/config'"
        )
        #expect(run.code == 0, "\(run.error)")
        let second = two.bitlaw(
            "show -C deep pipelines/p.yaml a --output out",
            environment: "BITLAW_CONFIG='\(two.path)/config'")
        #expect(first == second.output && !first.isEmpty)
    }

    @Test func `a program with tools of its own sees them: a Python of a virtual environment`() {
        guard
            let project = Self.project("[sh, -c, 'python3 -c \"import mine, sys; print(mine.x)\"']")
        else { return }
        guard
            project.shell(
                "python3 -m venv --without-pip venv && p=$(echo venv/lib/python*/site-packages) "
                    + "&& echo 'x = 6 * 7' > $p/mine.py") == 0
        else {
            skip(
                "python3 has no venv (apt-get install python3-venv), so none was shown to a program"
            )
            return
        }
        let variables =
            "BITLAW_CONFIG='\(project.path)/config' PATH='\(project.path)/venv/bin':\"$PATH\""
        let run = project.bitlaw("run pipelines/p.yaml -q", environment: variables)
        #expect(run.code == 0, "\(run.error)")
        #expect(Self.run(project, "show pipelines/p.yaml a --output out").output == "42\n")
    }

    @Test func `a program that is killed is told as killed, and one that ends as ended`() {
        for (words, told) in [
            ("[sh, -c, 'kill -9 $$']", "sh was killed by signal 9"),
            ("[sh, -c, 'exit 7']", "sh ended with exit code 7"),
            ("[no-such-program]", "no-such-program"),
        ] {
            guard let project = Self.project(words) else { return }
            let run = Self.run(project)
            #expect(run.code == 1 && run.error.contains(told), "\(run.error)")
        }
    }
}
