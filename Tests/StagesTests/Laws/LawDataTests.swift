import Canon
import Experiment
import Laws
import Numerics
import TestSupport
import Testing
import Workbench

/// How points are read: what is told of a row that does not fit, and which rows are not looked at.
@Suite struct LawDataTests {
    private func fit(
        _ text: String, _ parameters: [String: JSON] = [:], from producer: String = "data/runs.csv"
    ) throws -> JSON {
        var all: [String: JSON] = ["x": "n", "y": "loss", "bootstrap": 0]
        all.merge(parameters) { $1 }
        return try run(LawFitStage.self, all, ["points": [given(text, from: producer)]]).json("law")
    }

    private static let good = "n,loss\n10,4\n100,2\n1000,1.5\n"

    @Test func `a row is named by its file and line`() {
        let text = failure { _ = try fit(LawDataTests.good + "5000,0\n") }
        #expect(
            text
                == "data/runs.csv, line 5: expected a positive number as `loss`, found 0; leave such rows "
                + "out with `where`, or take residuals of y itself with `space: linear`")
        #expect(
            failure { _ = try fit("n,loss\n\"10\n\",4\n") }.hasPrefix(
                "data/runs.csv, line 2: expected a positive number as `n`"))
    }

    @Test func `a row of an array is named by its element, one of JSON lines by its line`() {
        #expect(
            failure { _ = try fit("[{\"n\": 1, \"loss\": 2}, {\"n\": 3}]", from: "a.json") }
                .hasPrefix("a.json, element 2: expected a positive number as `loss`, found null"))
        #expect(
            failure {
                _ = try fit(
                    "{\"n\": 1, \"loss\": 2}\n\n{\"n\": 3, \"loss\": \"x\"}\n", from: "a.jsonl")
            }.hasPrefix("a.jsonl, line 3: expected a positive number as `loss`, found \"x\""))
    }

    @Test func `rows that the filter drops, or that lack what it needs, are never bad`() throws {
        let law = try fit(
            LawDataTests.good + "0,1\n7,\n", ["where": "n > 0 and loss > 0"])
        #expect(law["points"] == 3)
        #expect(law["data"]?["excluded"] == 2)
    }

    @Test func `a filter that says neither true nor false is refused with the row`() {
        #expect(
            failure { _ = try fit(LawDataTests.good, ["where": "n"]) }
                == "data/runs.csv, line 2: where: expected true or false, found 10")
        #expect(
            failure { _ = try fit(LawDataTests.good, ["where": "n > m"]) }.hasPrefix(
                "data/runs.csv, line 2: where: unknown name `m`"))
    }

    @Test func `a filter that meets text among numbers says how to leave such rows out`() throws {
        let text =
            "{\"n\": 10, \"loss\": 4}\n{\"n\": 100, \"loss\": 2}\n{\"n\": 1000, \"loss\": 1.5}\n"
            + "{\"n\": 5000, \"loss\": NaN}\n"
        let refusal = failure {
            _ = try fit(text, ["where": "loss > 0"], from: "a.jsonl")
        }
        #expect(
            refusal.contains("line 4: where: ") && refusal.contains("found \"NaN\""), "\(refusal)")
        #expect(refusal.hasSuffix("put `loss != \"NaN\" and` before it"), "\(refusal)")
        let law = try fit(
            text, ["where": "loss != \"NaN\" and loss > 0"], from: "a.jsonl")
        #expect(law["points"] == 3 && law["data"]?["excluded"] == 1)
    }

    @Test func `an expression over columns is fitted as a column that has its values`() throws {
        let table = "N,t,loss\n1,10,4\n10,10,2\n100,10,1.5\n1000,10,1.2\n"
        let law = try fit(table, ["x": "6*N*t", "y": "loss - 1"])
        let same = try fit("c,l\n60,3\n600,1\n6000,0.5\n60000,0.2\n", ["x": "c", "y": "l"])
        for name in ["A", "alpha"] {
            let one = law["parameters"]?[name]?["value"]?.double ?? 0
            let other = same["parameters"]?[name]?["value"]?.double ?? 1
            #expect((one - other).magnitude < 1e-9 * other)
        }
        #expect(law["formula"]?.text?.contains("(6*N*t)") == true, "\(law["formula"] ?? .null)")
        #expect(LawSummary.text(law).contains("·(6*N*t)^"))
        let two = try run(
            LawFitStage.self,
            [
                "form": "chinchilla", "columns": ["N": "N", "D": "20*N*t"], "y": "loss",
                "bootstrap": 0,
            ],
            ["points": [given(LawDataTests.grid)]]
        ).json("law")
        #expect(two["inputs"]?.elements?.last?["column"] == "20*N*t")
    }

    /// A law without noise over N and D = 20·N·t.
    private static let grid: String = {
        var table = Table(columns: ["N", "t", "loss"])
        for n in [1e6, 1e7, 1e8, 1e9] {
            for t in [1.0, 4, 16, 64] {
                let loss = 1.7 + 400 * Elementary.exp(-0.34 * Elementary.log(n))
                let more = 1500 * Elementary.exp(-0.37 * Elementary.log(20 * n * t))
                table.append([n, t, loss + more].map { .number($0) })
            }
        }
        return table.csv()
    }()

    @Test func `an expression over a column that is not there names those that are`() {
        let refusal = failure { _ = try fit(LawDataTests.good, ["x": "6*m*n"]) }
        #expect(
            refusal.hasPrefix("6*m*n: no column `m` in the points; expected one of"), "\(refusal)")
        let slash = failure { _ = try fit(LawDataTests.good, ["x": "train/m"]) }
        #expect(slash.hasPrefix("no column `train/m` in the points"), "\(slash)")
    }

    @Test func `where nothing bounds a parameter the law says what hides it`() throws {
        let law = try fit(
            "n,loss\n1,5.3\n2,4.5\n5,3.8\n11,3.3\n25,2.9\n56,2.6\n125,9.9\n281,2.2\n630,2.1\n1412,2.0\n",
            ["form": "power-law-with-floor"])
        #expect(law["parameters"]?["alpha"]?["low"] == .null)
        let warnings = (law["warnings"]?.elements ?? []).compactMap { $0.text }
        #expect(
            warnings.contains { $0.hasPrefix("no bound on alpha: the points scatter") },
            "\(warnings)")
    }

    @Test func `log1p takes numbers above -1 and no others`() {
        #expect(
            failure { _ = try fit(LawDataTests.good + "5000,-1\n", ["space": "log1p"]) }
                == "data/runs.csv, line 5: expected a number above -1 as `loss`, found -1; leave such rows "
                + "out with `where`")
    }

    @Test func `a weight that is not positive is named with its row`() {
        #expect(
            failure { _ = try fit("n,loss,w\n10,4,1\n100,2,0\n", ["weight": "w"]) }
                == "data/runs.csv, line 3: expected a positive weight as `w`, found 0; leave such rows out "
                + "with `where`")
    }

    @Test func `the chance level refuses a row by its place`() {
        #expect(
            failure {
                _ = try fit("n,loss\n10,0.9\n100,4.55\n1000,0.2\n2000,0.1\n", ["form": "m4"])
            }
                == "data/runs.csv, line 3: expected less than the chance level 1.0 as `loss`, found 4.55; "
                + "leave such rows out with `where`")
    }
}
