import Canon
import Glibc
import System
import Testing

/// `add` and `predict`, and a pinned source that only the store has.
@Suite struct LawCommandTests {
    private static let csv = "x,y\n10,2.1\n30,1.3\n100,0.8\n300,0.57\n1000,0.41\n3000,0.35\n"

    private static func experiment(_ digest: String) -> String {
        """
        experiment: laws
        seed: 1
        stages:
          table:
            kind: table.import
            inputs: {file: {url: "http://127.0.0.1:9/points.csv", sha256: \(digest)}}
            params: {columns: [{name: x}, {name: y}]}
          law:
            kind: law.fit
            inputs: {points: table}
            params: {form: power-law-with-floor, x: x, y: y, bootstrap: 100}

        """
    }

    @Test func `a file that was added stands in for its download, and the law predicts`() throws {
        let project = Project()
        project.write("points.csv", Self.csv)
        let added = project.bitlaw("add points.csv --json")
        #expect(added.code == 0, "\(added.error)")
        let digest = try #require(try JSON(parsing: added.output)["sha256"]?.text)
        #expect(digest == Digest(of: Array(Self.csv.utf8).span).hex)
        project.write("pipelines/laws.yaml", Self.experiment(digest))
        let run = project.bitlaw("run pipelines/laws.yaml")
        #expect(run.code == 0, "\(run.error)")
        #expect(run.output.contains("α"))
        let export = project.bitlaw("export pipelines/laws.yaml law --to out")
        #expect(export.code == 0, "\(export.error)")
        project.shell("cp out/*law.json law.json")
        let predicted = project.bitlaw("predict law.json x=30000 --json")
        #expect(predicted.code == 0, "\(predicted.error)")
        let json = try JSON(parsing: predicted.output)
        let value = try #require(json["value"]?.double)
        #expect(value > 0.2 && value < 0.35)
        #expect(json["extrapolationFactor"] == 10)
        #expect((json["low"]?.double ?? 9) < value && value < (json["high"]?.double ?? 0))
        let plain = project.bitlaw("predict law.json x=30000")
        #expect(plain.output.contains("10.0 times beyond the largest fitted point"))
        #expect(plain.output.contains("] (95 %, the law's own uncertainty)\na new run: ["))
        let stored = project.bitlaw("predict pipelines/laws.yaml law x=30000 --json")
        #expect(stored.output == predicted.output, "\(stored.error)")
        let newRun = try #require(json["run"])
        #expect((newRun["low"]?.double ?? 9) < (json["low"]?.double ?? 0))
        #expect((newRun["high"]?.double ?? 0) > (json["high"]?.double ?? 9))
        #expect(newRun["degrees"] == 3)
    }

    @Test func `a compressed table of semicolons gives a law, and the run ends with the next runs`()
        throws
    {
        let project = Project()
        project.write(
            "points.csv",
            "size;loss\r\n10;2,1\r\n30;1,3\r\n100;0,8\r\n300;0,57\r\n1000;0,41\r\n3000;0,35\r\n")
        project.shell("gzip points.csv")
        project.write(
            "pipelines/next.yaml",
            """
            experiment: next
            seed: 1
            stages:
              table:
                kind: table.import
                inputs: {file: "file:points.csv.gz"}
                params: {columns: [{name: x, from: size}, {name: y, from: loss}], decimal: ","}
              law:
                kind: law.fit
                inputs: {points: table}
                params: {form: power-law-with-floor, x: x, y: y, bootstrap: 60}
              next:
                kind: law.design
                inputs: {law: law}
                params: {target: [{x: 30000}], cost: x, runs: 3, candidates: {x: [10, 1000, 10000]}}

            """)
        let run = project.bitlaw("run pipelines/next.yaml")
        #expect(run.code == 0, "\(run.error)")
        let line = run.output.split(separator: "\n").first {
            $0.hasPrefix("next: next 3 runs for ")
        }
        #expect(line?.contains("; at x = 30000 ") == true, "\(run.output)")
        #expect(
            run.output.contains("  warning: the target x = 30000 is 1.0 orders of magnitude beyond")
        )
        let log = project.bitlaw("log pipelines/next.yaml table")
        #expect(log.output.contains("read: unpacked from gzip"), "\(log.output)")
        #expect(log.output.contains("read: semicolons between fields"))
    }

    @Test(arguments: ["software", "generic"])
    func `laws have the same bits on every instruction set`(variant: String) throws {
        let project = Project()
        project.write(
            "pipelines/forms.yaml",
            """
            experiment: forms
            seed: 1
            axes:
              form: [power-law-with-floor, m3, m4, broken]
            stages:
              points:
                kind: law.simulate
                params:
                  form: broken
                  parameters: {a: 0.1, b: 3, c0: 0.1, c1: 0.7, d1: 1000, f1: 0.3}
                  inputs: {x: {from: 10, to: 1e+6, points: 24}}
                  noise: 0.01
              law:
                kind: law.fit
                over: [form]
                inputs: {points: points}
                params: {form: "${form}", x: x, y: y, chance: 5, objective: huber, bootstrap: 20}

            """)
        let best = project.bitlaw("run pipelines/forms.yaml --store best")
        #expect(best.code == 0, "\(best.error)")
        let plain = project.bitlaw(
            "run pipelines/forms.yaml --store \(variant)", environment: "BITLAW_ISA=\(variant)")
        #expect(plain.code == 0, "\(plain.error)")
        let digests = try project.digests("best")
        #expect(digests.contains("law[form=broken]"))
        #expect(try project.digests(variant) == digests)
    }

    @Test func `a mistake in predict is answered with what is expected`() {
        let project = Project()
        project.write("other.json", "{}")
        let missing = project.bitlaw("predict nothing.json x=1")
        #expect(missing.code == 2 && missing.error.contains("nothing.json: no such file"))
        let other = project.bitlaw("predict other.json x=1")
        #expect(other.code == 2 && other.error.contains("expected a law of format bitlaw/law/1"))
        project.write("pipelines/laws.yaml", Self.experiment(String(repeating: "ab", count: 32)))
        for (words, said) in [
            ("pipelines/laws.yaml x=1", "expected the action that fits the law\n  expected: law\n"),
            (
                "pipelines/laws.yaml table x=1",
                "table fits no law\n  expected: law\n  fix: bitlaw predict "
            ),
            ("pipelines/laws.yaml lwa x=1", "no action or stage `lwa`"),
            (
                "bitlaw.txt x=1",
                "bitlaw.txt: no such file\n  expected: a law.json, or FILE.yaml and "
            ),
        ] {
            let outcome = project.bitlaw("predict \(words)")
            #expect(outcome.code == 2 && outcome.error.contains(said), "\(outcome.error)")
        }
        let early = project.bitlaw("predict pipelines/laws.yaml law x=1")
        #expect(
            early.code == 3 && early.error.contains("no store there\n  fix: bitlaw run makes one"))
        project.shell("mkdir .cache")
        #expect(project.bitlaw("status pipelines/laws.yaml").code == 0)
        let unfitted = project.bitlaw("predict pipelines/laws.yaml law x=1")
        #expect(
            unfitted.error.contains("law has not run\n  fix: bitlaw run pipelines/laws.yaml 'law'"),
            "\(unfitted.error)")
        project.write("words.json", "a law")
        #expect(
            project.bitlaw("predict words.json x=1").error.contains(
                "words.json: expected a law.json, found no JSON: "))
        let absent = project.bitlaw("add nothing.csv")
        #expect(absent.code == 2 && absent.error.contains("nothing.csv: no such file"))
    }

    @Test(arguments: [
        (#"{\"test\": {\"loss\": %.9g}, \"curve\": [1, 2]}"#, "x: n, y: test.loss"),
        (#"[{\"n\": ${n}, \"test\": {\"loss\": %.9g}}]"#, "x: n, y: test.loss"),
        (
            #"{\"lr\": 1, \"loss\": 9}\n{\"lr\": 2, \"loss\": %.9g}"#,
            #"x: n, y: loss, where: "lr == 2""#
        ),
        (#"n,loss\n${n},%.9g"#, "x: n, y: loss"),
    ])
    func `what programs print is points as it is, with the axes as columns`(
        format: String, params: String
    ) throws {
        let project = Project()
        project.write(
            "pipelines/p.yaml",
            #"""
            experiment: p
            seed: 1
            axes: {n: [100, 200, 400, 800, 1600, 3200]}
            stages:
              train:
                kind: command
                over: [n]
                params:
                  run:
                    - awk
                    - |
                      BEGIN { printf "\#(format)\n", 0.1 + 5 / sqrt(${n}) }
              law:
                kind: law.fit
                inputs: {points: train}
                params: {\#(params), form: power-law-with-floor, bootstrap: 0}

            """#)
        let run = project.bitlaw("run pipelines/p.yaml")
        #expect(run.code == 0, "\(run.error)")
        let law = try JSON(
            parsing: project.bitlaw("show pipelines/p.yaml law --output law").output)
        // The points are 0.1 + 5 n^-0.5.
        let alpha = try #require(law["parameters"]?["alpha"]?["value"]?.double)
        #expect((alpha - 0.5).magnitude < 1e-3)
    }
}
