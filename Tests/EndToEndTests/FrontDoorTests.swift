import Testing

/// What a person is told who mistypes at the front door.
@Suite struct FrontDoorTests {
    private let small = """
        experiment: small
        seed: 1
        axes: {samples: [1, 2]}
        stages:
          data: {kind: command, over: [samples], params: {run: [echo, "${samples}"]}}

        """

    @Test(arguments: [
        ("rnu x.yaml", "no command `bitlaw rnu`\n  did you mean `bitlaw run`?"),
        ("help statsu", "no command `bitlaw statsu`\n  did you mean `bitlaw status`?"),
        (
            "claims chekc x",
            "no command `bitlaw claims chekc`\n  did you mean `bitlaw claims check`?"
        ),
        ("help keys nwe", "no command `bitlaw keys nwe`\n  did you mean `bitlaw keys new`?"),
        (
            "bundle verfy x",
            "no command `bitlaw bundle verfy`\n  did you mean `bitlaw bundle verify`?"
        ),
        ("frobnicate", "no command `bitlaw frobnicate`\n  expected: init, new, run, cancel, plan,"),
        ("help frobnicate", "no command `bitlaw frobnicate`\n  expected: "),
    ])
    func `a mistyped command names the nearest one`(words: String, message: String) {
        let outcome = Project().bitlaw(words)
        #expect(outcome.code == 2)
        #expect(outcome.output == "")
        #expect(outcome.error.hasPrefix("error: \(message)"), "\(outcome.error)")
        #expect(outcome.error.contains("tells what each does"))
    }

    @Test func `a mistyped file names the nearest one`() {
        let project = Project()
        project.write("first.yaml", small)
        project.write("pipelines/other.yaml", small)
        for (name, nearest) in [
            ("frist.yaml", "first.yaml"), ("frst", "first.yaml"), ("first", "first.yaml"),
            ("first.yml", "first.yaml"),
            ("other.yaml", "pipelines/other.yaml"), ("pipelines/othr.yaml", "pipelines/other.yaml"),
        ] {
            let outcome = project.bitlaw("run \(name)")
            #expect(outcome.code == 2)
            #expect(
                outcome.error == """
                    \(name): error: no such file
                      expected: the path of an experiment file, such as pipelines/NAME.yaml
                      did you mean `\(nearest)`?

                    """, "\(outcome.error)")
        }
    }

    @Test func `a folder instead of a file names the experiments in it`() {
        let project = Project()
        project.write("first.yaml", small)
        project.write("other.yaml", "experiment: first.yaml\nclaims: {}\n")
        project.write("pipelines/second.yaml", small)
        #expect(
            project.bitlaw("run .").error == """
                .: error: it is a folder
                  expected: the path of an experiment file
                  in it: first.yaml, pipelines/second.yaml

                """)
        #expect(project.bitlaw("plan pipelines/").error.contains("in it: pipelines/second.yaml\n"))
        project.shell("mkdir empty; mkfifo pipe")
        #expect(project.bitlaw("run empty").error.contains("`bitlaw init FOLDER` makes one"))
        #expect(project.bitlaw("run pipe").error.hasPrefix("pipe: error: it is no plain file\n"))
    }

    @Test func `a command without its experiment names those of the folder`() {
        let project = Project()
        #expect(
            project.bitlaw("run").error.hasPrefix(
                """
                error: expected <experiment>, found nothing
                  <experiment>  The experiment file.
                  this folder has none; `bitlaw init FOLDER` makes one
                Usage: bitlaw run\u{20}
                """))
        project.write("first.yaml", small)
        project.write("pipelines/second.yaml", small)
        for command in ["run", "plan", "table", "why"] {
            let outcome = project.bitlaw(command)
            #expect(outcome.code == 2)
            #expect(
                outcome.error.contains("  in this folder: first.yaml, pipelines/second.yaml\n"),
                "\(outcome.error)")
        }
        #expect(
            project.bitlaw("keys new").error.hasPrefix("error: expected <name>, found nothing\n"))
    }

    @Test func `an experiment file in the place of a claims file is called one`() {
        let project = Project()
        project.write("first.yaml", small)
        let outcome = project.bitlaw("claims check first.yaml")
        #expect(outcome.code == 2)
        #expect(
            outcome.error == """
                first.yaml:4:1: error: this is an experiment file
                    4 | stages:
                      | ^~~~~~
                  expected: a claims file, such as NAME.claims.yaml, which names its experiment

                """, "\(outcome.error)")
    }

    @Test func `an unknown kind points to the command that lists them`() {
        let project = Project()
        project.write("a.yaml", small.replacing("command", with: "comand"))
        let error = project.bitlaw("run a.yaml").error
        #expect(error.contains("did you mean `command`?"))
        #expect(error.contains("`bitlaw kinds` lists them all"))
    }

    /// The mistakes of a stage with these inputs and this program.
    private func mistake(_ project: Project, inputs: String, run: String = "[cat]") -> String {
        project.write(
            "a.yaml",
            """
            experiment: a
            seed: 1
            axes: {samples: [1, 2]}
            stages:
              t:
                kind: command
                inputs: {inputs: \(inputs)}
                params: {run: \(run)}
              each: {kind: command, over: [samples], params: {run: ["true"]}}

            """)
        let outcome = project.bitlaw("plan a.yaml")
        #expect(outcome.code == (outcome.error.isEmpty ? 0 : 2))
        return outcome.error
    }

    @Test func `an input that is no file of the project is refused at its place`() {
        let project = Project()
        project.shell("mkdir src; mkfifo pipe; touch t.py src/u.py; ln -s /dev/null null")
        #expect(
            mistake(project, inputs: "\"file:pipe\"").hasPrefix(
                "a.yaml:7:22: error: the file `pipe` cannot be read: it is a pipe\n"))
        #expect(mistake(project, inputs: "\"file:null\"").contains("it is no plain file"))
        #expect(
            mistake(project, inputs: "\"file:\(project.path)/src/u.py\"").contains(
                "is named from the root\n"))
        #expect(
            mistake(project, inputs: "\"file:\(project.path)/src/u.py\"").contains(
                "write file:src/u.py, as seen from the project's folder"))
        #expect(
            mistake(project, inputs: "\"file:/etc/passwd\"").contains("lies outside the project"))
        let near = mistake(project, inputs: "\"file:src/uu.py\"")
        #expect(near.hasSuffix("  did you mean file:src/u.py?\n"), "\(near)")
        #expect(mistake(project, inputs: "\"t.py\"").contains("write file:t.py\n"))
        #expect(mistake(project, inputs: "\"src/u.py\"").contains("write file:src/u.py\n"))
        #expect(
            mistake(project, inputs: "{file: t.py}").contains("expected: file:PATH in one word"))
        #expect(mistake(project, inputs: "[\"file:t.py\", \"file:src/u.py\"]") == "")
    }

    @Test func `a place that names nothing is refused at its column, with what there is`() {
        let project = Project()
        project.write("t.py", "")
        let one = "\"file:t.py\""
        #expect(
            mistake(
                project, inputs: one, run: "[python3, \"${inputs.inputs}\", \"${inputs.input}\"]")
                    == """
                    a.yaml:8:52: error: no input `input`
                        8 |     params: {run: [python3, "${inputs.inputs}", "${inputs.input}"]}
                          |                                                    ^
                      expected: inputs
                      did you mean `inputs`?

                    """)
        #expect(
            mistake(project, inputs: "[]", run: "[cat, \"${inputs.data}\"]").contains(
                "no input `data`\n"))
        #expect(
            mistake(project, inputs: one, run: "[cat, \"${outputs.out}\"]").contains(
                "what the program prints is the output; or declare `outputs: {NAME: FILE}`"))
        #expect(
            mistake(project, inputs: one, run: "[echo, \"${seed + 1}\"]").contains(
                "`seed` in an expression\n"))
        #expect(
            mistake(project, inputs: one, run: "[echo, \"${inputs.inputs.size}\"]").contains(
                "an input has no `size`\n"))
    }

    @Test(arguments: [
        ("[python3, t.py, \"{0}\"]", "`{0}` stands for nothing any more", "write ${inputs.NAME}"),
        ("[cat, \"{inputs}\"]", "`{inputs}` stands for nothing", "write ${inputs.NAME}"),
        ("[sh, -c, \"echo 1 > {output}\"]", "`{output}` stands for", "write ${outputs.NAME}"),
        ("[x, \"--seed={seed}\"]", "`{seed}` stands for nothing", "write ${seed}"),
        ("\"cat {0} | head\"", "`{0}` stands for nothing", "write ${inputs.NAME}"),
    ])
    func `a place as it was written before is refused with what is written now`(
        run: String, found: String, now: String
    ) {
        let project = Project()
        project.write("t.py", "")
        let said = mistake(project, inputs: "\"file:t.py\"", run: run)
        #expect(said.contains(found) && said.contains(now), "\(said)")
    }

    @Test func `braces in texts of others are theirs`() {
        let project = Project()
        project.write("t.py", "")
        let one = "\"file:t.py\""
        for text in [
            "[sh, -c, \"awk '{print $1}' ${inputs.inputs}\"]", "[python3, -c, 'x = {1}; print(x)']",
            "[grep, -E, \"a{3}b{1,2}\"]", "[find, -exec, cat, \"{}\", \";\"]", "[jq, \"{need}\"]",
            "[sh, -c, \"echo a{1}b {1,2} {}\"]", "[sh, -c, \"for f in {1..3}; do { cat; } done\"]",
            "[echo, \"${'{seed}'}\"]",
        ] { #expect(mistake(project, inputs: one, run: text) == "", "\(text)") }
        // So are those of a value.
        project.write(
            "b.yaml",
            """
            experiment: b
            seed: 1
            axes: {x: ["{7}", "{out}", "{seed}"]}
            stages: {t: {kind: command, over: [x], params: {run: [echo, "${x}"]}}}
            """)
        #expect(project.bitlaw("plan b.yaml").code == 0)
    }

    @Test func `a name that is known elsewhere says where`() {
        let project = Project()
        #expect(
            mistake(project, inputs: "[]", run: "[echo, \"${samples}\"]").hasSuffix(
                "`samples` is an axis: add it to `over` of the stage\n"))
        #expect(
            mistake(project, inputs: "[]", run: "[echo], depends: [\"${seed}\"]").hasSuffix(
                "`seed` is filled in in `run` and `env` of a program, nowhere else\n"))
    }
}
