import Canon
import TestSupport
import Testing

/// The files of a program: at their own places, in the key whole, and nothing besides them.
@Suite struct ProgramFileTests {
    private static func world(_ started: Started = .confined) -> ProgramWorld? {
        let world = ProgramWorld(
            started,
            stages: """
                  a:
                    kind: command
                    params:
                      run: [python3, code/main.py]
                      files: [code/main.py, code/lib/*.py, data/*.txt]
                """)
        guard let world else { return nil }
        world.project.write(
            "code/main.py",
            """
            import glob, sys
            from lib import helper
            try:
                import other
                print("seen")
            except ImportError:
                print("hidden")
            for path in ["code/lib/helper.py", "data/one.txt"]:
                try:
                    open(path, "a").write("x = 'changed'\\n")
                except OSError as error:
                    print("read-only")
            print(helper.x, sorted(glob.glob("**/*.*", recursive=True)))

            """)
        world.project.write("code/other.py", "x = 1\n")
        world.project.write("code/lib/helper.py", "x = 'one'\n")
        world.project.write("code/lib/notes.md", "for people\n")
        world.project.write("data/one.txt", "1\n")
        return world
    }

    private static let seen =
        "['code/lib/helper.py', 'code/main.py', 'data/one.txt']\n"

    private static func ran(_ world: ProgramWorld) -> String {
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        return String(run.output.prefix { $0 != "\n" }.prefix { $0 != "i" })
    }

    private static func printed(_ world: ProgramWorld) -> String {
        world.bitlaw("show pipelines/p.yaml a --output out").output
    }

    @Test func `files stand at their own places, read-only, and what is not declared is not there`()
    {
        guard let world = Self.world() else { return }
        _ = Self.ran(world)
        #expect(Self.printed(world) == "hidden\nread-only\nread-only\none \(Self.seen)")
        #expect(world.project.read("code/lib/helper.py") == "x = 'one'\n")
    }

    @Test func `where nothing confines a program it has copies, and the project stays as it is`() {
        guard let world = Self.world(.unconfined) else { return }
        _ = Self.ran(world)
        #expect(Self.printed(world).hasPrefix("hidden\n"))
        #expect(Self.printed(world).hasSuffix("one \(Self.seen)"))
        #expect(world.project.read("code/lib/helper.py") == "x = 'one'\n")
        #expect(world.project.read("data/one.txt") == "1\n")
    }

    @Test func `what a program could see runs it again when it changes, and nothing else does`() {
        guard let world = Self.world() else { return }
        #expect(Self.ran(world) == "1 ran ")
        for (change, isSeen) in [
            ("echo 'x = 2' > code/other.py", false),
            ("echo more >> code/lib/notes.md", false),
            ("touch -d 2001-01-01 code/lib/helper.py code/main.py", false),
            ("echo x > data/two.md", false),
            ("echo \"x = 'two'\" > code/lib/helper.py", true),
            ("chmod +x code/lib/helper.py", true),
            ("echo 2 > data/two.txt", true),
            ("echo > code/lib/new.py", true),
            ("mv data/two.txt data/three.txt", true),
        ] {
            world.project.shell(change)
            #expect(Self.ran(world) == (isSeen ? "1 ran " : "0 ran, 1 cached "), "\(change)")
        }
        #expect(Self.printed(world).contains("two ["))
        // Back again: the first result is still there.
        world.project.shell(
            "chmod -x code/lib/helper.py; rm data/three.txt code/lib/new.py; "
                + "echo \"x = 'one'\" > code/lib/helper.py"
        )
        #expect(Self.ran(world) == "0 ran, 1 cached ")
    }

    @Test func `keys and bits are the same in another folder and with other workers`() throws {
        var found: [String] = []
        for jobs in [1, 3] {
            guard
                let world = ProgramWorld(
                    .confined,
                    stages: #"""
                          a:
                            kind: command
                            over: [n, replicate]
                            params:
                              run: |
                                cat code/t.txt; echo ${n} ${seed}; pwd; echo $HOME
                                env | grep -v ^PATH= | sort
                              files: [code/*.txt]
                          b:
                            kind: command
                            inputs: {all: a}
                            params: {run: "cat ${inputs.all} ${inputs.all.table}"}
                        axes: {n: [1, 2, 3], replicate: {count: 2}}
                        """#)
            else { return }
            world.project.write("code/t.txt", "text\n")
            let run = world.bitlaw("run pipelines/p.yaml -q -j\(jobs)")
            #expect(run.code == 0, "\(run.error)")
            found.append(try world.project.digests())
        }
        #expect(found[0] == found[1] && found[0].split(separator: "\n").count == 7)
    }
}
