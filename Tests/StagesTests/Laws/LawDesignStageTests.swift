import Canon
import Experiment
import Laws
import Numerics
import Testing
import Workbench

/// Which runs come next, for laws whose slopes are known by hand.
@Suite struct LawDesignStageTests {
    /// y = 10 x^−0.3, fitted to x up to 1000, with a covariance of A and α.
    private var law: [String: JSON] {
        [
            "format": "bitlaw/law/1", "form": "power-law", "y": "loss", "names": ["A", "alpha"],
            "parameters": ["A": ["value": 10], "alpha": ["value": 0.3]],
            "covariance": ["names": ["A", "alpha"], "rows": [[0.25, 0.0045], [0.0045, 1e-4]]],
            "inputs": [["role": "x", "column": "size", "low": 10, "high": 1000]],
            "scale": ["inputs": [0], "output": 0, "ends": [0]], "points": 10,
            "objective": ["name": "sum of squared log residuals"],
            "residuals": ["scale": 0.02, "degrees": 8],
        ]
    }

    private let ask: [String: JSON] = [
        "target": [["size": 1e5]], "candidates": ["size": [10, 30, 100, 300, 1000]], "cost": "size",
        "runs": 4,
    ]

    private func design(
        _ parameters: [String: JSON] = [:], law: [String: JSON]? = nil,
        candidates: [StageInput] = []
    ) throws -> StageRun {
        try run(
            LawDesignStage.self, ask.merging(parameters) { $1 },
            ["law": [given(.object(law ?? self.law), from: "fit")], "candidates": candidates])
    }

    private func rows(_ run: StageRun) throws -> [[Double]] {
        try Table(csv: run.bytes("runs")).rows.map { $0.compactMap { $0.double } }
    }

    private func near(_ found: [[Double]], _ expected: [[Double]]) -> Bool {
        found.count == expected.count
            && zip(found, expected).allSatisfy { found, expected in
                found.count == expected.count
                    && zip(found, expected).allSatisfy {
                        ($0 - $1).magnitude <= 1e-6 * $1.magnitude
                    }
            }
    }

    /// numpy 2.4: greedy over `inv(inv(V) + g g′/σ²)` with g = (1, −α log x) in log A and log α; normal quantile.
    @Test func `runs, costs and intervals are those of an independent computation`() throws {
        let four = try design()
        #expect(
            try Table(csv: four.bytes("runs")).columns == [
                "run", "size", "cost", "spent", "low", "high",
            ])
        #expect(
            near(
                try rows(four),
                [
                    [1, 1000, 1000, 1000, 0.28860179038903117, 0.3464981969280282],
                    [2, 10, 10, 1010, 0.2934184292676874, 0.34081022193997723],
                    [3, 1000, 1000, 2010, 0.29755418504626746, 0.3360732432126632],
                    [4, 1000, 1000, 3010, 0.2995681264967071, 0.333813884572594],
                ]))
        let json = try four.json("design")
        let target = json["targets"]?.elements?.first
        #expect(((target?["value"]?.double ?? 0) - 0.316227766016838).magnitude < 1e-12)
        #expect(((target?["now"]?["low"]?.double ?? 0) - 0.27383541868235084).magnitude < 1e-7)
        // The same script finds these four to be the best of all 70 choices.
        #expect((json["bound"]?["efficiency"]?.double ?? 0) > 0.9)
        #expect(
            json["warnings"]?.elements?.compactMap { $0.text } == [
                "the target size = 100000 is 2.0 orders of magnitude beyond the largest fitted size (1000); the "
                    + "interval holds if the law does"
            ])
        #expect(try MarkupCheck(four.drawn("plot")).oddCoordinates == [])
    }

    @Test func `without replicates each run is made once, and a budget is kept`() throws {
        #expect(
            try rows(design(["replicates": false])).map { $0[1] } == [1000, 10, 300, 30])
        let tight = try design(["runs": 10, "budget": 700])
        #expect(try rows(tight).map { $0[1] } == [300, 10, 300] + Array(repeating: 10, count: 7))
        #expect(try tight.json("design")["spent"] == 680)
        #expect(try tight.json("design")["chosenBy"] == "gain")
    }

    @Test func `candidates come from a table too, and where leaves some out`() throws {
        let table = given("name,size\na,10\nb,30\nc,100\nd,300\ne,1000\n", from: "sizes.csv")
        let found = try design(["candidates": .null, "where": "cost < 500"], candidates: [table])
        #expect(try rows(found).allSatisfy { $0[1] < 500 })
        #expect(try found.json("design")["candidates"] == 4)
        let bad = given("size\n10\nx\n", from: "sizes.csv")
        #expect(
            failure { _ = try design(["candidates": .null], candidates: [bad]) }
                == "sizes.csv, line 3: expected a positive number as `size`, found \"x\"")
    }

    @Test
    func `a law that was fitted is known better at its target with the runs that are proposed`()
        throws
    {
        let points = try run(
            LawSimulateStage.self,
            [
                "form": "chinchilla",
                "parameters": ["E": 1.7, "A": 400, "B": 1500, "alpha": 0.34, "beta": 0.37],
                "inputs": [
                    "N": ["from": 1e7, "to": 1e9, "points": 5],
                    "D": ["from": 1e9, "to": 3e10, "points": 5],
                ], "noise": 0.005,
            ])
        let fit = try run(
            LawFitStage.self, ["form": "chinchilla", "y": "y", "bootstrap": 60],
            ["points": [given(points.bytes("table"))]])
        let found = try run(
            LawDesignStage.self,
            [
                "target": [["N": 7e10, "D": 1.4e12]], "budget": 1e21, "runs": 6,
                "candidates": [
                    "N": ["from": 1e8, "to": 1e10, "points": 5],
                    "D": ["from": 1e9, "to": 1e11, "points": 5],
                ],
            ], ["law": [given(fit.bytes("law"))]])
        let json = try found.json("design")
        #expect(json["cost"] == "6*N*D")
        #expect((json["spent"]?.double ?? .infinity) <= 1e21)
        let target = json["targets"]?.elements?.first
        let (now, after) = (
            target?["now"]?["deviation"]?.double, target?["after"]?["deviation"]?.double
        )
        #expect((after ?? 1) < 0.8 * (now ?? 0))
        #expect((json["bound"]?["efficiency"]?.double ?? 0) > 0.4)
        for row in try rows(found) { #expect(row[3] == 6 * row[1] * row[2]) }
    }

    @Test func `a grid of candidates has numbers that a person would write`() throws {
        let found = try design([
            "candidates": ["size": ["from": 1e8, "to": 1e10, "points": 4]], "replicates": false,
        ])
        #expect(try rows(found).map { $0[1] }.sorted() == [1e8, 464_159_000, 2_154_430_000, 1e10])
    }

    @Test func `what cannot be designed is refused word for word`() {
        func said(_ parameters: [String: JSON], _ law: [String: JSON]? = nil) -> String {
            failure { _ = try design(parameters, law: law) }
        }
        #expect(
            said(["cost": ""])
                == "cost: expected an expression over size, for what a run of a law of these costs is not known, "
                + "found none")
        #expect(
            said(["budget": 5]) == "budget: expected at least the cost of one run, 10.0, found 5.00"
        )
        #expect(
            said(["candidates": .null])
                == "candidates: expected values for each of size, such as {size: {from: 1e8, to: 1e10, points: "
                + "9}}, or an input `candidates`, found null")
        #expect(
            said(["target": [["sise": 3]]])
                == "target: expected a positive number for each of size, found {\"sise\":3}")
        #expect(
            said(["target": [["size": 3, "D": 4]]]) == "target: no input `D`; expected size")
        #expect(
            said(["where": "size < 3"])
                == "candidates: expected runs for which `where` holds, found none of 5")
        #expect(
            said(["cost": "size - 10"])
                == "cost: expected a positive number of `size - 10` at size = 10.0")
        var bare = law
        bare["covariance"] = .null
        #expect(
            said([:], bare)
                == "fit: law: expected a covariance of 2 parameters in law.json, found none; fit it with "
                + "bootstrap: 200 or more")
        var exact = law
        exact["residuals"] = .null
        #expect(
            said([:], exact)
                == "fit: law: expected residuals that scatter, found 10 points for 2 parameters and a log error "
                + "of none; set `noise`, the standard deviation of one run")
        #expect(said(["noise": 0.02], exact).isEmpty)
    }

    @Test func `a design is one line`() throws {
        #expect(
            DesignSummary.text(try design().json("design"))
                .hasPrefix(
                    "next 4 runs for 3010 (size); at size = 10⁵ 0.3162 [0.2738, 0.3652] now, [0.2996, 0.3338] "
                        + "expected after  (95 %; at least "))
    }
}
