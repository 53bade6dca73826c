import Canon
import Experiment
import Laws
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
