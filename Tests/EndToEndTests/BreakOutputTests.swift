import Canon
import Glibc
import TestSupport
import Testing

/// What programs put in the place of their outputs: each fails alone, by its name, and never gives out a file
/// that its program may not see.
@Suite struct BreakOutputTests {
    /// A program with an output of its own, and what is told of it.
    private struct Trick {
        let name: String
        let script: String
        var outputs = "out: out"
        let told: String
    }

    private static func stage(_ name: String, _ script: String, _ outputs: String) -> String {
        """
          \(name):
            kind: command
            inputs: {given: "file:given.txt"}
            params: {files: [lib/own.py], outputs: {\(outputs)}, run: "\(script)"}

        """
    }

    private static func world(_ started: Started, _ stages: String) -> ProgramWorld? {
        let world = ProgramWorld(started, stages: stages)
        world?.project.write("given.txt", "given\n")
        world?.project.write("lib/own.py", "own\n")
        return world
    }

    /// Runs one stage for each trick, and one that does its work.
    private static func world(_ started: Started, _ tricks: [Trick]) -> ProgramWorld? {
        let stages = tricks.map { stage($0.name, $0.script, $0.outputs) }.joined()
        return world(started, stages + stage("good", "echo 1 > out", "out: out"))
    }

    private static func expectFailures(_ started: Started, _ tricks: [Trick]) {
        guard let world = world(started, tricks) else { return }
        let run = world.bitlaw("run pipelines/p.yaml -j2")
        #expect(run.code == 1)
        #expect(run.output.hasPrefix("1 ran, \(tricks.count) failed in "), "\(run.output)")
        let events = world.bitlaw("run pipelines/p.yaml -j2 --json").output
            .split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
        let reasons = Dictionary(
            events.compactMap { event in
                event["reason"]?.text.flatMap { reason in
                    event["action"]?.text.map { ($0, reason + "\n") }
                }
            }, uniquingKeysWith: { $1 })
        for trick in tricks {
            // Failures alike are told once to a person: programs are told each.
            #expect(
                reasons[trick.name]?.hasPrefix(trick.told) == true,
                "\(trick.name): \(reasons[trick.name] ?? run.error)")
        }
        #expect(world.results == 1)
        #expect(world.bitlaw("verify").code == 0)
        #expect(world.bitlaw("gc").code == 0)
        #expect(world.project.shell("test -z \"$(ls .cache/tmp)\"") == 0)
    }

    @Test(arguments: Started.allCases)
    func `no link of a program gives out what it did not write, in whatever place it stands`(
        started: Started
    ) {
        func link(
            _ name: String, _ script: String, to place: String, _ outputs: String = "out: out"
        )
            -> Trick
        {
            let words = outputs.split(separator: " ")
            let path = words[1]
            return Trick(
                name: name, script: script, outputs: outputs,
                told:
                    "output `out`: expected a \(path.hasSuffix("/") ? "folder" : "file") \(path), "
                    + "found a link to \(place), which is none of what sh wrote\n"
                    + "  fix: write a copy there (cp -L)\n")
        }
        Self.expectFailures(
            started,
            [
                link("file", "ln -s /etc/passwd out", to: "/etc/passwd"),
                link("folder", "ln -s /etc out", to: "/etc", "out: out/"),
                link("above", "rmdir sub; ln -s /etc sub", to: "/etc/passwd", "out: sub/passwd"),
                link(
                    "high", "rm -r a; ln -s / a", to: "/etc/alternatives",
                    "out: a/etc/alternatives/"),
                link("chain", "ln -s /etc x; ln -s x/passwd out", to: "/etc/passwd"),
                link("input", "ln -s inputs/given/given.txt out", to: "inputs/given/given.txt"),
                link("code", "ln -s lib/own.py out", to: "lib/own.py"),
                link("codes", "ln -s lib out", to: "lib", "out: out/"),
                link("nowhere", "ln -s nothing out", to: "nothing"),
                link("itself", "ln -s out out", to: "out"),
            ])
    }

    @Test(arguments: Started.allCases)
    func `a link to what the program wrote itself is what it wrote`(started: Started) {
        guard
            let world = Self.world(
                started,
                Self.stage("file", "echo 7 > last.txt; ln -s last.txt out", "out: out")
                    + Self.stage(
                        "folder", "mkdir made; echo 8 > made/x; ln -s made out", "out: out/"))
        else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml file --output out").output == "7\n")
        #expect(world.bitlaw("show pipelines/p.yaml folder --output out/x").output == "8\n")
    }

    @Test(arguments: Started.allCases)
    func `pipes, sockets, devices and folders that no system can name fail their action by name`(
        started: Started
    ) {
        let socket = "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind"
        let deep = "for i in range(3000): os.mkdir(x); os.chdir(x)"
        func file(_ name: String, _ script: String, _ found: String) -> Trick {
            Trick(
                name: name, script: script,
                told: "output `out`: expected a plain file, found \(found)\n")
        }
        func tree(_ name: String, _ script: String, _ told: String) -> Trick {
            Trick(
                name: name, script: script, outputs: "out: out/",
                told: "output `out`: \(told)")
        }
        let expected = "in the folder: expected files, folders and links that stay inside, found"
        Self.expectFailures(
            started,
            [
                file("pipe", "mkfifo out", "a pipe"),
                file("socket", "\(socket)(\\\"out\\\")'", "a socket"),
                file("device", "mknod out c 0 0", "a device"),
                tree("pipes", "mkdir -p out/a; mkfifo out/a/p", "`a/p` \(expected) a pipe\n"),
                tree(
                    "sockets", "mkdir out; \(socket)(\\\"out/s\\\")'", "`s` \(expected) a socket\n"),
                tree("devices", "mkdir out; mknod out/d c 0 0", "`d` \(expected) a device\n"),
                tree(
                    "leads", "mkdir out; ln -s ../lib/own.py out/l",
                    "`l` \(expected) a link to ../lib/own.py, outside of the folder\n"),
                tree(
                    "deep",
                    "mkdir out; cd out; python3 -c 'import os; x = \\\"a\\\" * 50\\n\(deep)'",
                    "`\(String(repeating: "a", count: 50))/"),
            ])
    }

    @Test(arguments: Started.allCases)
    func `folders within folders stay as deep as a path can name, in and out of the store`(
        started: Started
    ) {
        let deep =
            "mkdir out; cd out; python3 -c 'import os\\nfor i in range(2000): os.mkdir(\\\"a\\\"); "
            + "os.chdir(\\\"a\\\")\\nopen(\\\"end\\\", \\\"w\\\").write(\\\"9\\\")'"
        guard
            let world = Self.world(
                started,
                Self.stage("make", deep, "out: out/")
                    + """
                      read:
                        kind: command
                        inputs: {made: make}
                        params: {run: "cd ${inputs.made}; find . -name end -execdir cat end ';'; find . | wc -l"}
                    """)
        else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml read --output out").output == "92002\n")
    }

    @Test func `an output has a place of its own, apart from all that its program is given`() {
        for (members, told) in [
            (
                "files: [lib/own.py], outputs: {o: lib/}",
                "`o` is lib/, where `files` has lib/own.py"
            ),
            ("files: [lib/], outputs: {o: lib/x}", "`o` is lib/x, where `files` has lib"),
            (
                "files: [lib/*], outputs: {o: lib/own.py}",
                "`o` is lib/own.py, where `files` has lib/own.py"
            ),
            ("tools: {a: lib}, outputs: {o: lib/o}", "`o` is lib/o, where `tools` has lib"),
        ] {
            let stage = "  a: {kind: command, params: {run: [echo], \(members)}}\n"
            guard let world = Self.world(.unconfined, stage) else { return }
            let plan = world.bitlaw("plan pipelines/p.yaml")
            #expect(plan.code == 2)
            #expect(plan.error.contains("p.yaml:4:"), "\(plan.error)")
            #expect(plan.error.contains("error: output \(told)\n"), "\(plan.error)")
        }
    }

    @Test(arguments: Started.allCases)
    func `what its program closed is read where the account may, and else fails by name`(
        started: Started
    ) {
        let folder =
            "output `out`: the folder: expected files, folders and links that stay inside, found"
        let tricks = [
            Trick(
                name: "file", script: "echo x > out; chmod 0 out",
                told: "output `out`: expected a plain file, found a file that may not be read\n"),
            Trick(
                name: "inner", script: "mkdir out; echo x > out/f; chmod 0 out/f",
                outputs: "out: out/",
                told:
                    "output `out`: `f` in the folder: expected files, folders and links that stay "
                    + "inside, found a file that may not be read\n"),
            Trick(
                name: "folder", script: "mkdir out; echo x > out/f; chmod 0 out",
                outputs: "out: out/", told: "\(folder) a folder that may not be opened\n"),
        ]
        guard geteuid() == 0 else { return Self.expectFailures(started, tricks) }
        guard let world = Self.world(started, tricks) else { return }
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(world.bitlaw("show pipelines/p.yaml folder --output out/f").output == "x\n")
        // Another account of this machine may not.
        guard isInstalled("setpriv", package: "util-linux", else: "another account was not tried")
        else { return }
        world.project.write("open/config.yaml", "programs: unconfined\n")
        let settings = started == .confined ? "confined" : "open"
        world.project.shell(
            """
            rm -rf .cache; chmod 755 .; chown -R 65534 .
            setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$PWD" BITLAW_ACCOUNT_SECRET= \
            BITLAW_CONFIG="$PWD/\(settings)" '\(Project.command)' run pipelines/p.yaml >out 2>err </dev/null
            echo $? > code
            """)
        let told = world.project.read("err")
        #expect(world.project.read("code") == "1\n", "\(told)")
        for trick in tricks {
            #expect(told.contains("failed: \(trick.name): \(trick.told)"), "\(told)")
        }
    }
}
