import Canon
import Experiment
import Testing
import Workbench

/// Expressions over results: what they name, how they join, what they compute, what they refuse.
struct ResultExpressionTests {
    /// Errors at two sizes, two inputs and three replicates; a law for each input; a table.
    private static var results: Results {
        var inputs: [StageInput] = []
        for (input, factor) in [("plain", 1.0), ("polar", 0.5)] {
            for samples in [100.0, 400.0] {
                for replicate in 0..<3 {
                    inputs.append(
                        measured(
                            "errors",
                            [
                                ("model", ["name": .string(input), "width": .number(8 * factor)]),
                                ("samples", .number(samples)),
                                ("replicate", .number(Double(replicate))),
                            ],
                            ["loss": factor * (20 / samples.squareRoot() + 0.1 * Double(replicate))]
                        ))
                }
            }
            inputs.append(
                given(
                    [
                        "parameters": [
                            "alpha": ["value": .number(factor), "low": 0.4, "high": 1.25]
                        ],
                        "warnings": ["lack of fit", "few points"],
                        "rows": [["id": "a", "x": 1], ["id": "b", "x": 4]],
                    ], from: "network-law[model=\(input)]",
                    at: [("model", ["name": .string(input), "width": .number(8 * factor)])]))
        }
        inputs.append(given("budget,N,note\n1e18,100,a\n4e18,200,b\n16e18,400,\n", from: "minima"))
        return Results(inputs)
    }

    private func value(_ text: String) throws -> JSON? {
        let series = try ResultExpression(text, about: Self.results).value(in: Self.results)
        return series.single
    }

    private func mistake(_ text: String) -> String { failure { _ = try value(text) } }

    @Test(arguments: [
        ("median(errors[model=plain, samples=100].loss)", 2.1),
        ("errors[model=polar,samples=400,replicate=0].loss", 0.5),
        ("network-law[model=polar].parameters.alpha.value", 0.5),
        ("network-law[model=polar].alpha", 0.5),
        ("network-law[model.width>=8].alpha", 1),
        ("max(errors.loss)", 2.2),
        ("count(errors.loss)", 12),
        ("count(errors.loss > 1)", 7),
        ("share(errors.loss > 1) * 12", 7),
        ("max(median(errors.loss, replicate) / min(errors.loss, replicate))", 1.1),
        ("max(network-law.alpha - network-law[model=polar].alpha)", 0.5),
        ("network-law[model=plain].alpha / network-law[model=polar].alpha - 2", 0),
        ("sum(errors[model=plain,replicate=0].loss / errors[model=polar,replicate=0].loss)", 4),
        ("count(errors.loss / errors[model=plain,samples=100,replicate=0].loss)", 12),
        ("max(errors[samples=100].loss - errors[samples=400].loss)", 1),
        ("interpolate(errors[model=plain,replicate=0].loss, samples, 200)", 1.414213562373095),
        ("count(interpolate(errors[model=plain,replicate=0].loss, samples, 500))", 0),
        ("rankcorrelation(minima.N, minima.budget)", 1),
        ("max(interpolate(errors.loss, errors.samples, 200, samples))", 1.624807680927192),
        ("count(interpolate(errors.loss, errors.samples, 200, samples))", 6),
        ("max(crossing(errors.loss, errors.samples, 1.624807680927192, samples))", 200),
        ("sum(slope(errors[replicate=0].loss, errors[replicate=0].samples, samples))", -1),
        ("interpolate(minima.N, minima.budget - 1e18, 3e18)", 200),
        ("margin(errors[model=plain,samples=100].loss, 0.95)", 0.2484138),
        ("max(margin(errors.loss, 0.95, replicate))", 0.2484138),
        ("slopeerror(minima.N, minima.N * 0.1, minima.budget)", 0.0510072),
        ("slope(minima.N, minima.budget)", 0.5),
        ("count(slope(errors.loss, errors.samples, samples))", 6),
        ("max(slope(errors[replicate=0].loss, errors.samples * errors.samples, samples))", -0.25),
        ("min(interpolate(errors.loss, errors.samples, 100, samples))", 1),
        ("count(where(errors.loss, errors.loss > 1))", 7),
        ("max(where(minima.N, minima.budget <= 4e18))", 200),
        ("count(where(minima.N, minima.budget > 1e20))", 0),
        ("count(rises(network-law.rows.x, 'row'))", 2),
        ("minima[budget=4e18].N", 200),
        ("minima[1e18 = 1].N", -1),
        ("count(minima.note)", 2),
        ("network-law[model=plain].rows[id=b].x", 4),
        ("network-law[model=plain].rows[1].x", 4),
        ("sum(errors[replicate=0].samples)", 1000),
        ("sd(errors[model=plain,samples=100].loss) * 10", 1),
        ("crossing(errors[model=plain,replicate=0].loss, samples, 1.414213562373095)", 200),
        ("argmin(errors[model=plain,replicate=0].loss, samples)", 400),
        ("log2(8) + sqrt(16) - 2 ^ 3", -1),
        ("max(2, 3, min(7, 5))", 5),
    ])
    func `an expression has the value that is worked out by hand`(text: String, expected: Double)
        throws
    {
        if text.hasPrefix("minima[1e18") {
            #expect(mistake(text).contains("nothing in `minima` is called `1e18`"))
            return
        }
        let found = try #require(try value(text)?.double)
        #expect((found - expected).magnitude < 1e-6 * max(1, expected.magnitude), "\(found)")
    }

    @Test
    func `one point of an axis is compared with another once the axis is taken away`() throws {
        let text = "median(network-law[model=plain].alpha) / median(network-law[model=polar].alpha)"
        #expect(try value(text) == 2)
        #expect(try value("all(falls(errors.loss, samples))") == true)
        #expect(try value("all(errors[model=polar].loss < 1) or false") == false)
        #expect(try value("any(network-law.warnings == 'lack of fit')") == true)
    }

    @Test func `a condition on a member that several points share fixes no axis`() throws {
        let results = Results(
            ["a", "b"].map { name in
                measured("points", [("setting", ["name": .string(name), "gain": 1])], ["x": 3])
            })
        let text = "count(points[setting.gain=1].x == points[setting.gain=1].x)"
        #expect(try ResultExpression(text, about: results).value(in: results).single == 2)
    }

    @Test func `what a run lacks is nothing, with the reason, and no mistake`() throws {
        let series = try ResultExpression(
            "median(errors[samples=5000].loss)", about: Self.results
        ).value(in: Self.results)
        #expect(series.rows.isEmpty)
        #expect(series.absence == "no `errors` has samples=5000")
    }

    @Test(arguments: [
        (
            "errrors.loss",
            "nothing is called `errrors` here at character 1; expected a stage: \"errors\", "
                + "\"network-law\", \"minima\"; did you mean `errors`?"
        ),
        (
            "errors.lss",
            "nothing here is called `lss` at character 8; expected: \"loss\", \"model\", "
                + "\"replicate\", \"samples\"; did you mean `loss`?"
        ),
        (
            "errors[size=3].loss",
            "nothing in `errors` is called `size` at character 8; expected: \"loss\", "
                + "\"model\", \"replicate\", \"samples\""
        ),
        (
            "errors[samples].loss",
            "expected a condition, found `samples` at character 8; expected: NAME=VALUE, or != < "
                + "<= > >=, such as samples>=1000; * for all"
        ),
        ("errors[samples=100.loss", "`[` without its `]` at character 7; expected: `]`"),
        (
            "median(errors.loss, width)",
            "median(…) over `width`: the values do not vary over it at character 1; expected: "
                + "model, samples, replicate"
        ),
        (
            "minima/rows.N",
            "`minima` gives no output `rows` here at character 8; expected: ; to read it, add "
                + "`minima/rows` to `results`; to divide, put blanks around the `/`"
        ),
        ("medan(errors.loss)", "unknown function `medan` at character 1; expected: "),
        (
            "margin(errors.loss, replicate)",
            "margin(…) takes values, a level between 0 and 1, then axes at character 1; such as "
                + "margin(errors.loss, 0.95, replicate)"
        ),
        (
            "slope(errors.loss, samples, replicate)",
            "slope(…) needs one axis as its second argument, found 2 at character 1"
        ),
        ("errors.loss + 'a'", "expected a number, found \"a\" at character 13"),
    ])
    func `a mistake is told with its place and what is allowed`(text: String, told: String) {
        #expect(mistake(text).hasPrefix(told), "\(mistake(text))")
    }

    @Test func `a value stands in a text as its format says`() throws {
        func text(_ template: String) throws -> String {
            try ResultTemplate(template, about: Self.results).pieces.map { piece in
                switch piece {
                case .text(let text): return text
                case .value(let expression, let format):
                    return ResultTemplate.text(try expression.value(in: Self.results), format)
                }
            }.joined()
        }
        #expect(try text("n^${-network-law[model=polar].alpha | 2 decimals}") == "n^−0.50")
        #expect(
            try text("${network-law[model=plain].alpha | interval}") == "1 [0.400, 1.25]")
        #expect(try text("${share(errors.loss > 1) | 1 percent}") == "58.3 %")
        #expect(try text("${max(errors.loss) | 2 digits} and $${x}") == "2.2 and ${x}")
        #expect(try text("${network-law.alpha}") == "plain: 1; polar: 0.500")
        #expect(try text("${sum(minima.N) * 1000}") == "700,000")
        #expect(
            failure { _ = try text("${errors.loss | wide}") }
                == "unknown format ` wide` at character 16; expected: 4 digits, 2 decimals, "
                + "percent, 1 percent, interval")
    }
}
