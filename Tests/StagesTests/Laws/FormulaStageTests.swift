import Canon
import Laws
import Numerics
import TestSupport
import Testing
import Workbench

/// Laws in the user's own words, from the text of an experiment file to the numbers of a `law.json`.
@Suite struct FormulaStageTests {
    private static let sizes = [1e7, 3e7, 1e8, 3e8, 1e9, 3e9]
    private static let tokens = [1e9, 4e9, 2e10, 8e10, 3e11]

    /// y of a rule at every size and token count, in three groups, with small fixed noise.
    private func table(
        noise: Double = 0.002, _ y: (_ n: Double, _ d: Double, _ group: Int) -> Double
    ) -> String {
        var table = Table(columns: ["N", "D", "eval", "run.loss"])
        var row = 0
        for group in 0..<3 {
            for n in Self.sizes {
                for d in Self.tokens {
                    row += 1
                    let wave = noise * (Double(row * 7 % 11) - 5) / 5
                    table.append([
                        .number(n), .number(d), .string(["arc", "piqa", "csqa"][group]),
                        .number(y(n, d, group) * Elementary.exp(wave)),
                    ])
                }
            }
        }
        return table.csv()
    }

    private func chinchilla(_ n: Double, _ d: Double, _ group: Int) -> Double {
        1.7 + 400 / Elementary.power(n, 0.34) + 1500 / Elementary.power(d, 0.37)
    }

    private func fit(_ csv: String, _ parameters: [String: JSON]) throws -> JSON {
        let base: [String: JSON] = ["y": "run.loss", "bootstrap": 0]
        return try run(
            LawFitStage.self, base.merging(parameters) { $1 }, ["points": [given(csv)]]
        ).json("law")
    }

    private func isNear(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
        (a - b).magnitude <= tolerance * b.magnitude
    }

    private func value(_ law: JSON, _ name: String) -> Double {
        law["parameters"]?[name]?["value"]?.double ?? .nan
    }

    @Test(arguments: ["least-squares", "huber", "absolute"])
    func `a formula gives the numbers of the form that has it`(objective: String) throws {
        let csv = table(chinchilla)
        let named = try fit(csv, ["form": "chinchilla", "objective": .string(objective)])
        let own = try fit(
            csv, ["form": "E + A / N^alpha + B / D^beta", "objective": .string(objective)])
        for name in ["E", "A", "B", "alpha", "beta"] {
            #expect(isNear(value(own, name), value(named, name), 1e-5), "\(name)")
        }
        #expect(own["expression"] == "E + A / N^alpha + B / D^beta")
    }

    @Test func `a law in exponents, with an abbreviation and base 10, is the same law`() throws {
        let csv = table(chinchilla)
        let plain = try fit(csv, ["form": "E + A/N^alpha + B/D^beta"])
        let other = try fit(
            csv,
            ["form": "E + 10^(a - alpha*n) + exp(b - beta*log(D)) where n = log10(N)"])
        #expect(isNear(value(other, "alpha"), value(plain, "alpha"), 1e-6))
        #expect(
            isNear(value(other, "a"), Elementary.log(value(plain, "A")) / 2.302585092994046, 1e-6))
        #expect(isNear(value(other, "b"), Elementary.log(value(plain, "B")), 1e-6))
    }

    @Test func `ties, held values and bounds hold, and a bound that binds is marked`() throws {
        let csv = table(chinchilla)
        let law = try fit(
            csv,
            [
                "form": "E + A/N^alpha + B/D^beta",
                "parameters": ["beta": "alpha", "E": ["min": 1.75, "max": 3]],
            ])
        #expect(value(law, "E") == 1.75)
        #expect(law["certificate"]?["atBound"] == ["E"])
        #expect(law["parameters"]?["beta"] == nil)
        let held = try fit(csv, ["form": "E + A/N^alpha + B/D^beta", "fix": ["E": 1.7]])
        #expect(value(held, "E") == 1.7)
        #expect(held["parameters"]?["E"]?["held"] == true)
    }

    @Test func `groups have their own values beside shared ones, and the law reads back`() throws {
        let floors = [1.5, 1.8, 2.4]
        let csv = table(noise: 0) { n, d, group in
            floors[group] + Double(group + 1) * 300 / Elementary.power(n, 0.3)
        }
        let law = try fit(
            csv,
            [
                "form": "E + A/N^alpha", "shared": ["alpha"],
                "per": ["E": "eval", "A": ["by": "eval"]],
            ])
        #expect(isNear(value(law, "alpha"), 0.3, 1e-6))
        for (name, floor) in zip(["arc", "piqa", "csqa"], floors) {
            #expect(isNear(value(law, "E[\(name)]"), floor, 1e-6))
        }
        let file = try LawFile(law)
        #expect(file.roles == ["N", "eval (group)"])
        let found = file.predict([1e10, 2]).value
        #expect(isNear(found, 2.4 + 900 / Elementary.power(1e10, 0.3), 1e-6))
    }

    @Test func `small groups are drawn to their mean, by how far they differ`() throws {
        let exponents = [0.28, 0.3, 0.32]
        let csv = table(noise: 0.02) { n, d, group in
            1.5 + 300 / Elementary.power(n, exponents[group])
        }
        let form: [String: JSON] = ["form": "E + A/N^alpha"]
        func fitted(_ shrink: Bool) throws -> [Double] {
            let by: JSON = ["by": "eval", "shrink": .bool(shrink)]
            let law = try fit(
                csv,
                form.merging(["per": ["alpha": by, "A": "eval", "E": "eval"]]) { $1 })
            if shrink { #expect(law["priors"]?["of"]?.elements?.count == 3) }
            return ["arc", "piqa", "csqa"].map { value(law, "alpha[\($0)]") }
        }
        let (apart, drawn) = (try fitted(false), try fitted(true))
        func spread(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }
        #expect(spread(drawn) < spread(apart))
    }

    @Test func `a prior pulls by its precision`() throws {
        // One parameter, y = m with noise: the posterior mean is the precision-weighted mean.
        var table = Table(columns: ["x", "y"])
        for (row, y) in [2.0, 2.2, 1.9, 2.3].enumerated() {
            table.append([.number(Double(row + 1)), .number(y)])
        }
        let law = try fit(
            table.csv(),
            [
                "form": "m + 0*x", "y": "y", "space": "linear", "sigma": 0.2,
                "parameters": ["m": ["prior": "normal(1, 0.1)"]],
            ])
        // Σy/σ² = 210, 4/σ² = 100, 1/τ² = 100, μ/τ² = 100.
        #expect(isNear(value(law, "m"), 310.0 / 200, 1e-9))
    }

    @Test func `a sum runs over the columns of a family, and what it cannot tell is named`() throws
    {
        var table = Table(columns: ["r_a", "r_b", "r_c", "y"])
        for (a, b) in [
            (0.1, 0.2), (0.5, 0.1), (0.3, 0.3), (0.2, 0.7), (0.6, 0.3), (0.05, 0.9), (0.4, 0.15),
        ] {
            let c = 1 - a - b
            let y = 1.2 + Elementary.exp(0.5 * a - 0.4 * b + 1.1 * c)
            table.append([a, b, c, y].map { .number($0) })
        }
        let law = try fit(table.csv(), ["form": "c + exp(sum(u_j * r_j))", "y": "y"])
        #expect(isNear(value(law, "u_a"), 0.5, 1e-5))
        #expect(isNear(value(law, "u_b"), -0.4, 1e-5))
        #expect(isNear(value(law, "c"), 1.2, 1e-5))
        let error = #expect(throws: (any Error).self) {
            try fit(table.csv(), ["form": "c + k*exp(sum(t_j * r_j))", "y": "y"])
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("t_a + log k, t_b + log k, t_c + log k"), "\(text)")
    }

    @Test func `a plot of a formula shows every point, also where a column is 0`() throws {
        var table = Table(columns: ["share", "x", "y"])
        for row in 0..<12 {
            let (share, x) = (Double(row % 4) / 4, Double(1 + row))
            let y = 2 + share + 1 / x + 0.001 * Double(row * 5 % 7)
            table.append([share, x, y].map { .number($0) })
        }
        let plot = try run(
            LawFitStage.self, ["form": "E + a*share + b/x", "y": "y", "bootstrap": 0],
            ["points": [given(table.csv())]]
        ).drawn("plot")
        #expect(plot.contains("fitted y"))
        #expect(plot.split(separator: "<circle").count - 1 >= 12)
    }

    /// A mistake and a part of what is said of it.
    private static let mistakes: [(parameters: [String: JSON], said: String)] = [
        (["form": "E + A/n^alpha"], "unknown name `n`: the table has the column `N`"),
        (["form": "E + A/m^alpha"], "has no column in it"),
        (["form": "E + (A/N^alpha"], "expected `)` at character 15"),
        (["form": "E + foo(N)"], "unknown function `foo` at character 5"),
        (["form": "E + if(N, A)"], "if takes 3 arguments, found 2"),
        (["form": "E + A/N^alpha where"], "form: "),
        (["form": "E + A/N^q where q 3"], "expected `name = expression` after `where`"),
        (["form": "E + sum(A)"], "expected a sum over a family of columns"),
        (
            ["form": "E + A/N^a", "parameters": ["g": ["min": 0]]],
            "`g` is not in the formula; its parameters are E, A, a"
        ),
        (
            ["form": "E + A/N^a", "parameters": ["a": ["min": 2, "max": 1]]],
            "expected min below max, found min 2 and max 1"
        ),
        (
            ["form": "E + A/N^a", "parameters": ["a": ["start": 3, "max": 1]]],
            "expected a value from -inf to 1, found 3"
        ),
        (
            ["form": "E + A/N^a", "parameters": ["a": ["fixed": 0.3, "prior": "normal(0, 1)"]]],
            "a is held, so its prior says nothing"
        ),
        (
            ["form": "E + A/N^a", "parameters": ["a": ["prior": "uniform(0, 1)"]]],
            "expected normal(mean, deviation)"
        ),
        (
            ["form": "E + A/N^a", "parameters": ["a": ["mini": 0]]],
            "unknown member `mini`"
        ),
        (
            ["form": "E + A/N^a", "parameters": ["a": "b + 1"]],
            "expected a formula of E, A, found `b`"
        ),
        (["form": "E + A/N^a", "per": ["E": "evil"]], "no column `evil`"),
        (
            ["form": "E + A/N^a", "per": ["E": "eval"], "shared": ["a"]],
            "`A` is neither in `shared` nor in `per`"
        ),
        (["form": "E + A/N^a", "shared": ["a"]], "expected `per`"),
        (
            ["form": "E + A*log(N - 2e7)"],
            "line 2: expected a number as `log((N - 20000000))`, found none for N = 10000000"
        ),
        (["form": "0*N - exp(a)"], "none of 1 candidates"),
        (
            ["form": "E + A/N^a", "columns": ["M": "N"]],
            "`M` is not in the formula; its columns are N"
        ),
        (
            ["form": "broken", "parameters": ["a": ["min": 0]]],
            "the form broken has no formula"
        ),
    ]

    @Test(arguments: mistakes.indices)
    func `a mistake in a formula says what was expected and where`(place: Int) throws {
        let (parameters, said) = Self.mistakes[place]
        let csv = table(chinchilla)
        let error = #expect(throws: (any Error).self) { try fit(csv, parameters) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains(said), "\(text)")
    }

    /// The same law by name and as a formula: equal points, and as many intervals that hold the truth.
    @Test func `a formula is simulated, and its intervals are counted`() throws {
        let world: [String: JSON] = [
            "parameters": ["E": 1.8, "A": 400, "alpha": 0.35],
            "inputs": ["x": ["from": 1e6, "to": 1e9, "points": 10]], "noise": 0.01,
        ]
        let forms = ["power-law-with-floor", "E + A*x^-alpha"]
        let tables = try forms.map { form in
            try Table(
                csv: run(LawSimulateStage.self, world.merging(["form": .string(form)]) { $1 })
                    .bytes("table"))
        }
        #expect(tables[1].columns == ["x", "y"])
        for (named, own) in zip(tables[0].rows, tables[1].rows) {
            let (expected, found) = (named[1].double ?? .nan, own[1].double ?? 0)
            #expect((found - expected).magnitude < 1e-12 * expected)
        }
        let counted = try forms.map { form in
            let asked: [String: JSON] = [
                "form": .string(form), "simulations": 20, "intervals": ["auto"],
            ]
            let table = try Table(
                csv: run(LawCoverageStage.self, world.merging(asked) { $1 }).bytes("coverage"))
            return Dictionary(
                zip(table[column: "parameter"] ?? [], table[column: "coverage"] ?? [])
            ) { $1 }
        }
        #expect(counted[0] == counted[1] && counted[0].count == 3, "\(counted)")
    }

    @Test func `a formula to simulate names its inputs, and each parameter has a value`() {
        func text(_ form: String, _ parameters: JSON, _ inputs: JSON) -> String {
            failure {
                _ = try run(
                    LawSimulateStage.self,
                    ["form": .string(form), "parameters": parameters, "inputs": inputs])
            }
        }
        #expect(
            text("E + A*x^-alpha", ["E": 1, "A": 2], ["x": [1, 2]])
                == "parameters: expected a number for alpha")
        #expect(
            text("E + A*x^-alpha", ["E": 1, "A": 2, "alpha": 1], ["x": [1, 2], "D": [1]])
                == "inputs: `D` is not in the formula `E + A*x^-alpha`; its inputs are x")
    }
}
