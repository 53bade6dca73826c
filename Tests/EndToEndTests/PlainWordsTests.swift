import Canon
import TestSupport
import Testing

/// What commands say where an option had nothing to do, a name was meant otherwise, or numbers are large.
@Suite struct PlainWordsTests {
    private static let once = """
          a: {kind: command, params: {run: [sh, -c, "echo words >&2; echo out"]}}
        """

    // MARK: Options without an effect

    @Test func `an option that had nothing to do in a run says so`() throws {
        let world = try #require(ProgramWorld(.unconfined, stages: Self.once))
        #expect(
            world.bitlaw("run pipelines/p.yaml --verify").output.contains("--verify read nothing"))
        let twice = world.bitlaw("run pipelines/p.yaml --twice")
        #expect(twice.code == 0)
        #expect(
            twice.output.contains(
                "--twice checked nothing: no new result of a program was made here; --force executes "
                    + "cached actions again and compares the bits\n"), "\(twice.output)")
        let same = world.bitlaw("run pipelines/p.yaml --same-tools -q")
        #expect(
            same.output
                == "--same-tools repeated nothing: no cached result is known to be made with other tools\n"
        )
        let both = world.bitlaw("run pipelines/p.yaml --twice --force")
        #expect(both.output.contains("1 executed again, same digests\n"), "\(both.output)")
        #expect(both.output.contains("--force compares what it repeats with the stored results\n"))
        let json = world.bitlaw("run pipelines/p.yaml --twice --json").output.split(separator: "\n")
        let summary = try JSON(parsing: String(json.last ?? ""))
        #expect(summary["withoutEffect"]?.elements?.count == 1)
    }

    @Test func `an option that did what it is for says nothing of the kind`() throws {
        let world = try #require(ProgramWorld(.unconfined, stages: Self.once))
        let first = world.bitlaw("run pipelines/p.yaml --twice")
        #expect(first.code == 0 && !first.output.contains("--twice"), "\(first.output)")
        #expect(!world.bitlaw("run pipelines/p.yaml --force").output.contains("--force"))
        #expect(!world.bitlaw("run pipelines/p.yaml --verify").output.contains("--verify"))
    }

    @Test
    func `options of a run without an effect on a plan are named, and two that contradict refused`()
        throws
    {
        let world = try #require(ProgramWorld(.unconfined, stages: Self.once))
        let plan = world.bitlaw("run pipelines/p.yaml -n --twice --open -j2")
        #expect(plan.code == 0)
        #expect(
            plan.error.contains(
                "--jobs, --twice, --open: no effect with --dry-run, which executes nothing\n"))
        let torn = world.bitlaw("run pipelines/p.yaml --keep-going --fail-fast")
        #expect(torn.code == 2)
        #expect(torn.error.contains("expected --keep-going or --fail-fast, found both"))
    }

    @Test func `gc without a rule says that it keeps every run, and how it keeps one`() throws {
        let world = try #require(ProgramWorld(.unconfined, stages: Self.once))
        _ = world.bitlaw("run pipelines/p.yaml")
        let plain = world.bitlaw("gc")
        #expect(
            plain.output.contains("every run is kept, with all that it made"), "\(plain.output)")
        #expect(plain.output.contains("  fix: bitlaw gc --keep-runs 1 -n says what goes"))
        #expect(!world.bitlaw("gc --keep-runs 1").output.contains("every run is kept"))
    }

    // MARK: Failures

    @Test func `failures that differ in few numbers are told once, with these numbers`() throws {
        let program = #"[sh, -c, "echo left ${i} behind >&2; exit 3"]"#
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      a: {kind: command, over: [i], params: {run: \(program)}}
                    axes: {i: [41, 42, 43, 44, 45, 46]}
                    """))
        let run = world.bitlaw("run pipelines/p.yaml -j1")
        #expect(run.code == 1)
        #expect(run.error.contains("    | left 41 behind\n"), "\(run.error)")
        #expect(run.error.contains("failed: a[i=42]: as a[i=41] did, with 42 for 41\n"))
        #expect(
            run.error.contains(
                "failed as a[i=41] did, but for numbers: 2 more actions, a[i=45], a[i=46]\n"))
        #expect(!run.output.contains("next: bitlaw show"), "\(run.output)")
    }

    @Test
    func
        `who failed without a word is looked at by what it reads, and its log says that it is empty`()
        throws
    {
        let world = try #require(
            ProgramWorld(
                .unconfined, stages: "  a: {kind: command, params: {run: [sh, -c, \"exit 3\"]}}"))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(
            run.error.contains("  look deeper: bitlaw show pipelines/p.yaml 'a'   what it reads\n"),
            "\(run.error)")
        let log = world.bitlaw("log pipelines/p.yaml a")
        #expect(log.code == 2)
        #expect(
            log.error.contains(
                "a has no log: it failed in the newest run, and printed nothing before\n"
                    + "  fix: bitlaw run pipelines/p.yaml 'a' says again why it fails\n"),
            "\(log.error)")
    }

    @Test func `a point of a range between whole numbers is told where a program stumbles over it`()
        throws
    {
        let program = #"[sh, -c, "echo 'invalid literal for int: '${n} >&2; exit 1"]"#
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      a: {kind: command, over: [n], params: {run: \(program)}}
                    axes: {n: {from: 10, to: 1000, points: 4, scale: log}}
                    """))
        let run = world.bitlaw("run pipelines/p.yaml 'a[n>20]'")
        #expect(run.code == 1)
        #expect(
            run.error.contains(
                "  fix: `round: true` in the range of the axis n makes its points whole numbers"),
            "\(run.error)")
    }

    @Test func `text under a name that says JSON is answered with what was expected`() throws {
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      a:
                        kind: command
                        over: [n]
                        params: {run: "echo loss 0.5 > ${outputs.out}", outputs: {out: out.json}}
                      law: {kind: law.fit, inputs: {points: a}, params: {form: power-law, x: n, y: loss}}
                    axes: {n: [1, 2, 4]}
                    """))
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 1)
        #expect(
            run.error.contains(
                "a[n=1]: out.json: expected JSON, as the name says, such as {\"loss\": 0.5}, found "
                    + "`loss 0.5`"), "\(run.error)")
    }

    // MARK: Runs beside each other

    @Test func `why says of what the last run executed what changed since the run before`() throws {
        let world = try #require(ProgramWorld(.unconfined, stages: Self.once))
        _ = world.bitlaw("run pipelines/p.yaml")
        let first = world.bitlaw("why pipelines/p.yaml a")
        #expect(first.output.contains("  - nothing changed: the last run had the same key"))
        #expect(!first.output.contains("the last run executed it"), "\(first.output)")
        world.project.shell("sed -i 's/echo out/echo other/' pipelines/p.yaml")
        _ = world.bitlaw("run pipelines/p.yaml")
        let why = world.bitlaw("why pipelines/p.yaml a")
        #expect(why.output.contains("  - the last run executed it: since run "), "\(why.output)")
        #expect(why.output.contains(", this changed: parameter run: "), "\(why.output)")
    }

    @Test func `previous is the run before of the same experiment, whatever else ran between`()
        throws
    {
        let world = try #require(ProgramWorld(.unconfined, stages: Self.once))
        world.project.write(
            "pipelines/other.yaml",
            "experiment: other\nseed: 1\nstages:\n"
                + "  b: {kind: command, params: {run: [echo, b]}}\n")
        _ = world.bitlaw("run pipelines/p.yaml")
        _ = world.bitlaw("run pipelines/other.yaml")
        world.project.shell("sed -i 's/echo out/echo other/' pipelines/p.yaml")
        _ = world.bitlaw("run pipelines/p.yaml")
        let compared = world.bitlaw("compare previous newest")
        #expect(compared.code == 0, "\(compared.error)")
        #expect(
            compared.output.contains("the first stage whose outputs differ: a\n"),
            "\(compared.output)")
    }

    // MARK: Laws

    @Test
    func
        `predict weighs a new run as the law weighs its points, or says for which weight it speaks`()
        throws
    {
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      points: {kind: table.import, inputs: {file: "file:p.csv"}, params: {columns: [{name: n}, {name: runs}, {name: loss}]}}
                      law: {kind: law.fit, inputs: {points: points}, params: {form: power-law, x: n, y: loss, weight: n, bootstrap: 0}}
                      mean: {kind: law.fit, inputs: {points: points}, params: {form: power-law, x: n, y: loss, weight: runs, bootstrap: 0, where: "n != 32"}}
                    """))
        world.project.write(
            "p.csv", "n,runs,loss\n1,1,2.1\n2,1,1.5\n4,2,1.02\n8,2,0.7\n16,4,0.5\n32,4,0.36\n")
        let run = world.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.contains("6 points)") && run.output.contains("5 points, 1 left out)"))
        let weighed = world.bitlaw("predict pipelines/p.yaml law n=64")
        #expect(weighed.output.contains("a new run of weight 64.0000: ["), "\(weighed.output)")
        let asked = world.bitlaw("predict pipelines/p.yaml law n=64 --weight 64")
        #expect(asked.output == weighed.output)
        let unknown = world.bitlaw("predict pipelines/p.yaml mean n=64")
        #expect(
            unknown.output.contains("a new run of weight 1.00000: [")
                && unknown.output.contains(
                    "  its weight is not known: the law weighs points by `runs`; give its columns, or say "
                        + "--weight\n"),
            "\(unknown.output)")
        let given = world.bitlaw("predict pipelines/p.yaml mean n=64 runs=4 --json")
        let json = try JSON(parsing: given.output)
        #expect(json["run"]?["weight"] == 4 && json["run"]?["isWeightKnown"] == true)
        #expect(world.bitlaw("predict pipelines/p.yaml mean n=64 rnus=4").code == 2)
        try Self.checkTable(world)
    }

    /// A table of laws begins with what most people ask for.
    private static func checkTable(_ world: ProgramWorld) throws {
        let brief = world.bitlaw("table pipelines/p.yaml law")
        let header = try #require(brief.output.split(separator: "\n").first)
        for name in ["parameters.alpha.value", "parameters.alpha.low", "points", "logError"] {
            #expect(header.contains(name), "\(header)")
        }
        #expect(!header.contains("certificate"), "\(header)")
        #expect(brief.error.contains(" more columns of laws, such as aicc, "), "\(brief.error)")
        #expect(brief.error.contains(": --all, or --columns '*'\n"))
        for rest in ["--all", "--columns '*'", "--format csv"] {
            let all = world.bitlaw("table pipelines/p.yaml law \(rest)")
            #expect(all.output.contains("certificate.scaledGradient"), "\(all.error)")
            #expect(!all.error.contains("more columns"))
        }
        let equal = world.bitlaw("table pipelines/p.yaml law --where 'points = 6'")
        #expect(equal.code == 2 && equal.error.contains("write == for `=`"), "\(equal.error)")
    }

    // MARK: What was meant

    @Test func `an option that is a form or a stage is answered with how that is written`() throws {
        let world = try #require(ProgramWorld(.unconfined, stages: Self.once))
        let form = world.bitlaw("table pipelines/p.yaml a --csv")
        #expect(form.code == 2)
        #expect(
            form.error.contains("Unknown option '--csv'. Write '--format csv'."), "\(form.error)")
        let stage = world.bitlaw("run pipelines/p.yaml --stage a")
        #expect(
            stage.error.contains(
                "Unknown option '--stage'. Write the name alone, behind the experiment"),
            "\(stage.error)")
    }

    @Test func `words with the name of an axis as a variable of a shell are warned of`() throws {
        let world = try #require(
            ProgramWorld(
                .unconfined,
                stages: """
                      a: {kind: command, over: [n], params: {run: [echo, $n]}}
                      b: {kind: command, over: [n], params: {run: "for n in 1 2; do echo $n; done"}}
                    axes: {n: [1, 2]}
                    """))
        let plan = world.bitlaw("plan pipelines/p.yaml")
        #expect(plan.code == 0)
        let said = plan.error + plan.output
        #expect(said.contains("`$n` is passed on as it is"), "\(said)")
        #expect(said.contains("write `${n}` for the value of the axis"))
        #expect(said.ranges(of: "is passed on as it is").count == 1)
    }

    @Test func `a basis that there is not is answered once with those that there are`() throws {
        let world = try #require(ProgramWorld(.unconfined, stages: Self.once))
        _ = world.bitlaw("run pipelines/p.yaml")
        world.project.write(
            "c.claims.yaml",
            "experiment: pipelines/p.yaml\nclaims:\n  one: {of: 1, value: 1, basis: me}\n")
        let outcome = world.bitlaw("claims check c.claims.yaml")
        #expect(outcome.code == 2)
        #expect(outcome.error.contains("basis is "), "\(outcome.error)")
        #expect(outcome.error.ranges(of: "expected:").count == 1, "\(outcome.error)")
    }
}
