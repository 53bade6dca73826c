import Canon
import TestSupport
import Testing

/// Variables of the person that a stage passes on to its program.
@Suite struct PassTests {
    private static func world(_ started: Started, run: String, pass: String) -> ProgramWorld? {
        let world = ProgramWorld(
            started,
            stages:
                "  a:\n    kind: command\n    params:\n      run: [sh, -c, '\(run)']\n      pass: \(pass)\n"
        )
        // Where nothing confines programs, they may have them anyway.
        let names = pass.filter { !"[] ".contains($0) }.split(separator: ",")
        if started == .confined {
            _ = world?.bitlaw("trust --yes " + names.map { "--pass \($0)" }.joined(separator: " "))
        }
        return world
    }

    private static func facts(_ world: ProgramWorld) throws -> [String: JSON] {
        world.project.shell("cp .cache/actions/*/*.json result.json")
        return try JSON(parsing: world.project.read("result.json"))["madeWith"]?.members ?? [:]
    }

    @Test(arguments: Started.allCases)
    func `they reach it in the place of pinned ones, are in no key, and are recorded`(
        started: Started
    ) throws {
        guard
            let world = Self.world(
                started,
                run: "echo $CUDA_VISIBLE_DEVICES $OMP_NUM_THREADS $MKL_NUM_THREADS $TZ $OTHER.",
                pass: "[CUDA_VISIBLE_DEVICES, OMP_NUM_THREADS, MKL_NUM_THREADS, TZ, HF_TOKEN]")
        else { return }
        world.variables =
            "CUDA_VISIBLE_DEVICES=3,5 OMP_NUM_THREADS=7 TZ=Asia/Tokyo HF_TOKEN=x OTHER=y"
        let outcome = world.bitlaw("run pipelines/p.yaml")
        #expect(outcome.code == 0, "\(outcome.error)")
        // What is pinned stays where nothing is set.
        #expect(
            world.bitlaw("show pipelines/p.yaml a --output out").output == "3,5 7 1 Asia/Tokyo .\n")
        let facts = try Self.facts(world)
        #expect(facts["pass.CUDA_VISIBLE_DEVICES"] == "set to 3,5")
        #expect(facts["pass.OMP_NUM_THREADS"] == "set to 7")
        #expect(facts["pass.MKL_NUM_THREADS"] == "not set")
        #expect(facts["pass.TZ"] == "set" && facts["pass.HF_TOKEN"] == "set")
        #expect(facts["pass.OTHER"] == nil)
        #expect(
            world.bitlaw("show pipelines/p.yaml a").output.contains(
                "  with     pass.CUDA_VISIBLE_DEVICES: set to 3,5\n"))
        world.variables = "CUDA_VISIBLE_DEVICES=3,5 OMP_NUM_THREADS=7 TZ=UTC HF_TOKEN=z"
        let cached = world.bitlaw("run pipelines/p.yaml")
        #expect(cached.output.hasPrefix("0 ran, 1 cached") && !cached.output.contains("made with"))
        world.variables = "CUDA_VISIBLE_DEVICES=0 OMP_NUM_THREADS=7 TZ=UTC"
        let other = world.bitlaw("run pipelines/p.yaml")
        #expect(
            other.output.contains(
                "1 cached result was made with CUDA_VISIBLE_DEVICES set to 3,5 on HF_TOKEN set; here: "
                    + "CUDA_VISIBLE_DEVICES set to 0 on HF_TOKEN not set\n"), "\(other.output)")
        let again = world.bitlaw("run pipelines/p.yaml --same-tools")
        #expect(again.code == 4 && again.output.contains("DIFFERENT: a/out"), "\(again.output)")
    }

    @Test(arguments: Started.allCases)
    func `a value that may be secret is written nowhere, nor is it a word of a process`(
        started: Started
    ) throws {
        guard
            let world = Self.world(
                started, run: "printf %s \"$TOKEN\" | sha256sum; echo ready >&2; sleep 1",
                pass: "[TOKEN]")
        else { return }
        let secret = "sesame-8251-open"
        // In no word of a shell either.
        world.project.write("secret", secret)
        world.variables = "TOKEN=$(cat secret)"
        world.whileRunning(
            "logged ready; cat /proc/[0-9]*/cmdline 2>/dev/null | grep -aFc -f secret > words; "
                + "wait $engine; true")
        #expect(world.project.read("words") == "0\n")
        #expect(
            world.bitlaw("show pipelines/p.yaml a --output out").output
                == "\(Digest(of: Array(secret.utf8).span).hex)  -\n")
        for command in [
            "run pipelines/p.yaml --same-tools", "plan pipelines/p.yaml --json",
            "lock pipelines/p.yaml",
            "bundle pipelines/p.yaml --to b", "show pipelines/p.yaml a --json",
        ] {
            let outcome = world.bitlaw(command)
            #expect(outcome.code == 0, "\(command): \(outcome.error)")
            #expect(!(outcome.output + outcome.error).contains(secret))
        }
        // Blobs are compressed: each is read as it was.
        let found = world.project.shell(
            "find .cache b pipelines out err -type f | while read -r f; do zstd -dcfq \"$f\" 2>/dev/null || cat \"$f\"; done "
                + "| grep -aqF -f secret")
        #expect(found == 1)
        world.project.shell("find .cache b | wc -l > count")
        #expect((Int(world.project.read("count").dropLast()) ?? 0) > 10)
    }

    @Test(arguments: Started.allCases)
    func `two million bytes of variables end no run, and are told where they do not fit`(
        started: Started
    ) {
        let names = (0..<18).map { "BIG_\($0)" }
        guard
            let world = Self.world(
                started, run: "echo \"$BIG_0$BIG_17\" | wc -c",
                pass: "[\(names.joined(separator: ", "))]")
        else { return }
        world.project.write(
            "big.sh",
            "x=$(head -c 100000 /dev/zero | tr '\\0' x)\n"
                + names.map { "export \($0)=$x\n" }.joined() + "exec \"$@\"\n")
        world.variables = "sh big.sh"
        let outcome = world.bitlaw("run pipelines/p.yaml")
        #expect([0, 1].contains(outcome.code), "\(outcome.error)")
        let isTold = outcome.error.contains("the longest is the variable `BIG_")
        #expect(outcome.code == 0 || isTold, "\(outcome.error)")
        #expect(!outcome.error.contains("xxxxxxxx"))
    }

    @Test func `a value that is no text is told by its name`() throws {
        let world = try #require(
            Self.world(.unconfined, run: "echo $ODD", pass: "[ODD]"))
        world.variables = "ODD=$(printf 'a\\377')"
        let outcome = world.bitlaw("run pipelines/p.yaml")
        #expect(outcome.code == 1)
        #expect(
            outcome.error.contains(
                "expected a text in UTF-8 as the value of ODD, which `pass` names, found other bytes"
            ),
            "\(outcome.error)")
    }

    @Test(arguments: [
        ("[HOME]", 14, "`HOME` is the same for every program"),
        ("[CUDA, TMPDIR]", 20, "`TMPDIR` is the same for every program"),
        ("[1X]", 14, "no variable can be called `1X`"),
        ("[\"A=B\"]", 14, "no variable can be called `A=B`"),
        ("[OWN]", 14, "variable `OWN` stands in `env` and in `pass`"),
        ("[\(String(repeating: "N", count: 91))]", 14, "the name of a variable has 91 bytes"),
        ("CUDA", 13, "parameter `pass` is"),
    ])
    func `a name that cannot be passed on is a mistake at its place`(
        pass: String, column: Int, message: String
    ) {
        let project = Project()
        project.write(
            "p.yaml",
            "experiment: p\nseed: 1\nstages:\n  a:\n    kind: command\n    params:\n      run: [echo, x]\n"
                + "      env: {OWN: 1}\n      pass: \(pass)\n")
        let outcome = project.bitlaw("plan p.yaml")
        #expect(outcome.code == 2)
        #expect(
            outcome.error.contains("p.yaml:9:\(column): error: \(message)"), "\(outcome.error)")
    }
}
