import TestSupport
import Testing

/// What programs do to the place where they work, to their names and to their variables: the run goes on, and
/// nothing is passed over in silence.
@Suite struct BreakAttemptTests {
    /// Programs that nothing confines, each followed by one that reads an input in the same folder.
    ///
    /// `$mine` leads to a folder of the person's.
    @Test(arguments: [
        "mkfifo ../.log-99", "mkdir ../.log-99", "rm ../.log-*; mkfifo ../.log-0",
        "rm -rf ../in; echo > ../in", "rm -rf ../tmp ../laid; echo > ../tmp; echo > ../laid",
        "rm -rf ../in; ln -s $mine ../in", "rm -rf ../tmp; ln -s $mine ../tmp",
        "rm -f ../.output; mkfifo ../.output", "rm -f ../.output; ln -s $mine/work/kept ../.output",
        "rm -f ../.action; mkdir ../.action", "rm -f ../.action; ln -s $mine/work/kept ../.action",
        "cd ..; rm -rf work; ln -s $mine work", "cd ..; rm -rf work; echo > work",
        "rm -rf ../../attempt-*", "chmod 0 ..",
        "cd ../..; for a in attempt-*[0-9a-f]; do rm -rf $a; echo > $a; done",
        "cd ../..; for a in attempt-*[0-9a-f]; do rm -rf $a; ln -s $mine $a; done",
        "kill -9 $PPID",
    ])
    func
        `what a program does to the folder of its attempt reaches no other action, nor what is mine`(
            trick: String
        )
    {
        guard
            let world = ProgramWorld(
                .unconfined,
                stages: """
                      first: {kind: command, params: {run: [echo, "1"]}}
                      trick: {kind: command, inputs: {a: first}, params: {run: "mine=$(cat mine); \(trick); echo tricked", files: [mine]}}
                      second: {kind: command, inputs: {a: first, t: [first]}, params: {run: "cat ${inputs.a}; echo 2 >&2; echo 2"}}
                    """)
        else { return }
        world.project.shell("mkdir -p precious/work precious/in precious/tmp")
        for folder in ["work", "in", "tmp"] {
            world.project.write("precious/\(folder)/kept", "precious\n")
        }
        world.project.shell(
            "link=$(mktemp -u); ln -s \"$PWD/precious\" $link; printf %s $link > mine")
        let run = world.bitlaw("run pipelines/p.yaml -j1")
        #expect(run.code <= 1, "\(run.error)")
        #expect(run.code == 0 || run.error.contains("failed: trick: "), "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml second --output out").output == "1\n2\n")
        #expect(world.bitlaw("log pipelines/p.yaml second").output == "2\n")
        #expect(
            !world.bitlaw("show pipelines/p.yaml trick --output out").output.contains("precious"))
        #expect(world.bitlaw("verify").code == 0)
        #expect(world.bitlaw("gc").code == 0)
        #expect(
            world.project.shell(
                "test $(cat precious/*/kept | grep -c precious) = 3; rm $(cat mine)") == 0)
    }

    @Test(arguments: Started.allCases)
    func
        `words and variables that are too long for the system are told, whoever starts the program`(
            started: Started
        )
    {
        func variables(_ count: Int, of size: Int) -> String {
            (0..<count).map { "BIG\($0): \(String(repeating: "x", count: size))" }
                .joined(separator: ", ")
        }
        func stage(_ name: String, _ env: String) -> String {
            "  \(name): {kind: command, params: {run: 'env | grep -c ^BIG', env: {\(env)}}}\n"
        }
        let word = String(repeating: "w", count: 140_000)
        guard
            let world = ProgramWorld(
                started,
                stages: stage("large", variables(29, of: 60_000))
                    + stage("one", variables(1, of: 140_000))
                    + stage("sum", variables(50, of: 60_000))
                    + "  word: {kind: command, params: {run: [echo, \(word)]}}\n")
        else { return }
        // The bound of the system is a quarter of the stack's.
        world.project.write("small", "#!/bin/sh\nulimit -s 8192; exec \"$@\"\n")
        world.project.shell("chmod +x small")
        let run = world.bitlaw("run pipelines/p.yaml", before: "./small")
        #expect(run.code == 1)
        #expect(run.output.hasPrefix("1 ran, 3 failed in "), "\(run.output)")
        #expect(world.bitlaw("show pipelines/p.yaml large --output out").output == "29\n")
        for name in ["one", "sum", "word"] {
            #expect(run.error.contains("failed: \(name): /"), "\(run.error.prefix(4000))")
        }
        let (one, sum) = (
            ": cannot start: expected words and variables of at most 131071 bytes, found the ",
            ": cannot start: expected fewer bytes of words and variables, found "
        )
        #expect(run.error.ranges(of: one).count == 2, "\(run.error.prefix(4000))")
        #expect(run.error.ranges(of: sum).count == 1, "\(run.error.prefix(4000))")
    }

    @Test func `a person with two megabytes of variables runs programs, which see none of them`() {
        guard
            let world = ProgramWorld(
                .confined,
                stages: "  a: {kind: command, params: {run: 'env | grep -c ^BIG || true'}}\n")
        else { return }
        world.project.write(
            "big",
            "#!/bin/sh\nx=$(head -c 60000 /dev/zero | tr '\\0' x)\n"
                + "for i in $(seq 30); do export BIG$i=$x; done\nexec \"$@\"\n")
        world.project.shell("chmod +x big")
        let run = world.bitlaw("run pipelines/p.yaml", before: "./big")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml a --output out").output == "0\n")
    }

    @Test(arguments: Started.allCases)
    func `a program that cannot be executed is told with the reason`(started: Started) {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      lost: {kind: command, params: {files: [lost], run: [./lost]}}
                      closed: {kind: command, params: {files: [closed], run: [./closed]}}
                      good: {kind: command, params: {run: [echo, fine]}}
                    """)
        else { return }
        world.project.write("lost", "#!/no/such/interpreter\n")
        world.project.write("closed", "#!/bin/sh\n")
        world.project.shell("chmod +x lost")
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 1)
        #expect(run.output.hasPrefix("1 ran, 2 failed in "), "\(run.output)")
        #expect(run.error.contains("failed: lost: "), "\(run.error)")
        #expect(run.error.contains("No such file or directory"), "\(run.error)")
        #expect(run.error.contains("failed: closed: "), "\(run.error)")
    }

    @Test(arguments: Started.allCases)
    func `names are their bytes: with newlines, and the two forms of one letter`(started: Started) {
        let script =
            "import pathlib\\nfor n in ['caf\u{e9}', 'cafe\u{301}', 'a\\\\nb', ' ']:\\n"
            + "  p = pathlib.Path('out') / n; p.parent.mkdir(exist_ok=True); p.write_text('x')\\n"
            + "  pathlib.Path(n + '.left').write_text('x')\\n"
        let list =
            "import pathlib\\nfor t in ['inputs/made/out', 'inputs/given', 'code']:\\n"
            + "  print(sorted(p.name.encode().hex() for p in pathlib.Path(t).rglob('*')"
            + " if p.is_file() and p.name != 'table.csv'))"
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      make: {kind: command, params: {outputs: {out: out/}, run: [python3, -c, "\(script)"]}}
                      read:
                        kind: command
                        inputs: {made: make, given: "file:given/*"}
                        params: {files: ["code/*"], run: [python3, -c, "\(list)"]}
                    """)
        else { return }
        for folder in ["given", "code"] {
            world.project.shell(
                "mkdir \(folder); for n in caf\u{e9} cafe\u{301} \"$(printf 'a\\nb')\" ' '; do "
                    + "echo x > \"\(folder)/$n\"; done")
        }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        for left in ["caf\u{e9}.left (1 B)", "a\u{fffd}b.left (1 B)"] {
            #expect(run.error.contains(left), "\(run.error)")
        }
        let expected = "['20', '610a62', '63616665cc81', '636166c3a9']\n"
        #expect(
            world.bitlaw("show pipelines/p.yaml read --output out").output
                == String(repeating: expected, count: 3))
        #expect(world.bitlaw("export pipelines/p.yaml --to exported").code == 0)
        let count = "find exported/make.out -type f -print0 | tr -cd '\\0' | wc -c"
        #expect(world.project.shell("test $(\(count)) = 4") == 0)
    }

    @Test(arguments: Started.allCases)
    func `a name that is no text fails its output by name, and is told where it is left behind`(
        started: Started
    ) {
        guard
            let world = ProgramWorld(
                started,
                stages: """
                      kept: {kind: command, params: {outputs: {out: out/}, run: "mkdir out; echo x > out/$(printf 'a\\\\377')"}}
                      left: {kind: command, params: {run: "echo x > $(printf 'b\\\\377'); echo done"}}
                    """)
        else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 1)
        #expect(run.error.contains("failed: kept: output `out`: "), "\(run.error)")
        #expect(run.error.contains("warning: left: left behind and not kept: b"), "\(run.error)")
    }

    @Test func `an executable bit that changes makes the stages run again that see it`() {
        guard
            let world = ProgramWorld(
                .confined,
                stages: """
                      file: {kind: command, params: {files: [one.sh], run: "test -x one.sh && echo yes || echo no"}}
                      input:
                        kind: command
                        inputs: {one: "file:one.sh"}
                        params: {run: "test -x ${inputs.one} && echo yes || echo no"}
                    """)
        else { return }
        world.project.write("one.sh", "#!/bin/sh\n")
        for (change, told) in [(":", "no\n"), ("chmod +x one.sh", "yes\n")] {
            world.project.shell(change)
            let run = world.bitlaw("run pipelines/p.yaml")
            #expect(run.output.hasPrefix("2 ran in "), "\(run.output)\(run.error)")
            for stage in ["file", "input"] {
                #expect(world.bitlaw("show pipelines/p.yaml \(stage) --output out").output == told)
            }
        }
        #expect(world.bitlaw("run pipelines/p.yaml").output.hasPrefix("0 ran, 2 cached in "))
    }
}
