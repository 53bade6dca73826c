import Canon
import Laws
import Numerics
import Spectra
import System
import Testing
import Workbench

/// Figures of learning curves, and the exponents that some of them show.
@Suite struct OnlineFigureTests {
    private static let times = OnlineSetting.grid(from: 0.1, to: 1000, perDecade: 4)

    /// A curve of ε over the times.
    private func curve(_ columns: [String: (Double) -> Double]) -> String {
        let names = columns.keys.sorted()
        let rows = Self.times.map { time in
            "\(time)," + names.map { "\(columns[$0]?(time) ?? 0)" }.joined(separator: ",")
        }
        return (["alpha," + names.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
    }

    private func figure(_ parameters: [String: JSON] = [:], factor: Double = 1.1) throws -> StageRun
    {
        let at: [(String, JSON)] = [("levels", 4)]
        let runs = [0.9, 1].map { part in
            given(curve(["error": { factor * part / $0 }]), from: "sgd", at: at)
        }
        return try run(
            OnlineFigureStage.self, parameters,
            [
                "curves": runs,
                "theories": [given(curve(["error": { 1 / $0 }, "other": { 3 / $0 }]), at: at)],
                "facts": [given("{\"tau\": 10, \"end\": 50, \"height\": 2}", at: at)],
            ])
    }

    private func paths(_ svg: String) throws -> [[String: String]] {
        try MarkupCheck(svg).elements.filter { $0.name == "path" }.map { $0.attributes }
    }

    @Test func `a figure has a line for each column, points with bars, and the ratio below`() throws
    {
        let svg = try figure(["lines": ["error", "other"]]).drawn("plot")
        let check = try MarkupCheck(svg)
        #expect(check.text.contains("error against alpha") && check.text.contains("other"))
        #expect(check.text.contains("SGD / theory"))
        let lines = try paths(svg).filter {
            $0["stroke-width"] == "1.7" && $0["d"]?.contains("L") == true
        }
        #expect(lines.contains { $0["stroke-dasharray"] == "7 4" })
        let circles = check.elements.filter { $0.name == "circle" }
        // Every place twice, above and below, and once in the legend.
        #expect(circles.count == 2 * Self.times.count + 1)
        #expect(check.text.contains("below, mean ± two"))
    }

    @Test func `what lies beyond the lower panel is an arrow at its edge`() throws {
        // A factor 40 for half of the times would be nine of ten points; so a jump for a few of them.
        let at: [(String, JSON)] = [("levels", 4)]
        let run = try run(
            OnlineFigureStage.self, [:],
            [
                "curves": [given(curve(["error": { ($0 > 900 ? 40 : 1.02) / $0 }]), at: at)],
                "theories": [given(curve(["error": { 1 / $0 }]), at: at)],
            ])
        let arrows = try paths(run.drawn("plot")).filter {
            $0["d"]?.hasSuffix("l3.5 -6l3.5 6Z") == true
        }
        #expect(arrows.count == 1)
    }

    @Test func `lines end at the panel's edge, and no more decades are shown than asked for`()
        throws
    {
        let svg = try figure(["decades": 2]).drawn("plot")
        for path in try paths(svg) {
            let numbers = (path["d"] ?? "").split { !"0123456789.-".contains($0) }
                .compactMap { Double($0) }
            guard path["stroke-width"] == "1.7", numbers.count > 4 else { continue }
            for place in stride(from: 1, to: numbers.count, by: 2) {
                #expect(numbers[place] >= 29.9 && numbers[place] <= 316.1, "\(numbers[place])")
            }
        }
    }

    @Test func `a linear axis has round numbers, and what lies above its end is cut off`() throws {
        let figure = try figure(["logarithmic": false, "most": 0.3, "from": 1])
        let svg = try figure.drawn("plot")
        for label in ["0", "0.10", "0.20", "0.30", "1.00"] {
            let isThere = svg.contains(">\(label)<")
            #expect(isThere, "\(label)")
        }
        let hasMore = svg.contains(">0.35<") || svg.contains(">−")
        #expect(!hasMore)
    }

    @Test func `units of time and value come from the theory's facts, and so do marks`() throws {
        let collapsed = try figure(["x_over": "tau", "y_over": "height", "marks": "end"])
        let plain = try figure()
        let marked = try paths(collapsed.drawn("plot")).filter { $0["stroke-dasharray"] == "5 5" }
        // The mark, and what it is in the legend.
        #expect(marked.count == 2)
        #expect(try collapsed.drawn("plot") != plain.drawn("plot"))
        let missing = failure { _ = try figure(["x_over": "none"]) }
        #expect(missing.contains("nothing to draw") && missing.contains("facts with `none`"))
    }

    @Test func `a reference is marked across the figure, and a column of its own is drawn`() throws
    {
        let drawn = try run(
            OnlineFigureStage.self,
            ["series": "seed", "lines": ["exponent"], "logarithmic": false, "reference": 0.5],
            ["theories": [given(curve(["exponent": { 1 / $0 }]))]])
        let svg = try drawn.drawn("plot")
        #expect(svg.contains(">reference<") && !svg.contains("SGD / theory"))
        let lacking = failure {
            _ = try run(
                OnlineFigureStage.self, [:],
                ["theories": [given("time,error\n1,2\n", from: "other")]])
        }
        #expect(lacking.hasPrefix("other: expected a table with alpha, found time, error"))
    }

    @Test func `an exponent is fitted inside the theory's window, of the column that is asked for`()
        throws
    {
        let facts: JSON = ["window_from": 0.1, "window_to": 1000, "exponent": 0.5]
        let power = curve([
            "error": { 1 / $0 }, "finite": { Elementary.exp(-0.75 * Elementary.log($0)) },
        ])
        let found = try run(
            OnlinePlateauStage.self, ["margin": 10, "column": "finite"],
            ["curve": [given(power)], "facts": [given(facts)]])
        let json = try found.json("plateau")
        #expect(json["window_from"]?.double == 1 && json["window_to"]?.double == 100)
        #expect(((json["slope"]?.double ?? 0) + 0.75).magnitude < 1e-12)
        #expect(json["bare_exponent"]?.double == 0.5)
        let exponents = try Table(csv: found.bytes("exponents"))[column: "exponent"] ?? []
        #expect(exponents.compactMap { $0.double }.allSatisfy { ($0 - 0.75).magnitude < 1e-9 })
        let wrong = failure {
            _ = try run(
                OnlinePlateauStage.self, ["column": "other"], ["curve": [given(power, from: "a")]])
        }
        #expect(wrong.hasPrefix("a: expected a table with alpha and other, found alpha, error"))
    }

    @Test func `the flattest place of a curve needs no end of the plateau`() throws {
        let json = try run(
            OnlinePlateauStage.self, [:],
            ["curve": [given(curve(["error": { 2e-3 + 0.5 / (1 + $0 * $0) }]))]]
        ).json("plateau")
        #expect(json["found"] == 0 && ((json["flattest"]?.double ?? 0) / 2e-3 - 1) < 1e-3)
    }

    /// L = 1,024: the symmetric form without a start file against the general one with the same start.
    @Test(arguments: [(3, 4, 200.0), (2, 1024, 1.0)])
    func `the equations take their small form where units are alike, to the same numbers`(
        units: Int, levels: Int, alpha: Double
    ) throws {
        let shape: [String: JSON] = [
            "levels": .number(Double(levels)), "students": .number(Double(units)),
            "teachers": .number(Double(units)), "rate": 0.5, "alpha": .number(alpha), "from": 0.1,
            "per_decade": 4,
        ]
        let small = try run(OrderParameterTheoryStage.self, shape)
        let (m, share, rho) = (units, 1 / Double(levels), 1e-3)
        var start: [Double] = []
        for _ in 0..<levels {
            for matrix in [(rho, -rho), (1e-4, 0), (1, 0)] {
                for i in 0..<(m * m) {
                    start.append(share * (i / m == i % m ? matrix.0 : matrix.1))
                }
            }
        }
        let file = NumpyArray(rows: levels, columns: 3 * m * m, elements: start).bytes()
        let large = try run(OrderParameterTheoryStage.self, shape, ["start": [given(file)]])
        let (a, b) = try (Table(csv: small.bytes("curve")), Table(csv: large.bytes("curve")))
        #expect(a.columns == b.columns && a.rows.count == b.rows.count && a.rows.count > 4)
        for (one, other) in zip(a.rows, b.rows) {
            for (x, y) in zip(one, other) {
                #expect(((x.double ?? 0) - (y.double ?? 1)).magnitude < 2e-8)
            }
        }
    }

    /// Forty units and L = 512: 4 · 512 numbers in place of 3,200 · 512.
    @Test func `the plateau of forty units is where the formula has it`() throws {
        let run = try run(
            OrderParameterTheoryStage.self,
            [
                "levels": 1, "students": 40, "teachers": 40, "rate": 0.01, "noise": false,
                "asymmetry": 1e-6, "deviation": 1e-6, "alpha": 100_000, "from": 100,
                "per_decade": 4,
            ])
        let errors =
            try Table(csv: run.bytes("curve"))[column: "error"]?.compactMap { $0.double } ?? []
        let height = PlateauTheory(units: 40).error
        #expect(errors.contains { ($0 / height - 1).magnitude < 1e-3 }, "\(errors), \(height)")
    }

    /// What the tail of a plateau shows `law.fit`: the form needs a plateau.
    @Test func `a plateau that decays is fitted at few eigenvalues, and refused where none is`()
        throws
    {
        func fit(_ levels: Int) throws -> StageRun {
            let theory = try run(
                OrderParameterTheoryStage.self,
                [
                    "levels": .number(Double(levels)), "rate": 0.1, "alpha": 5000, "from": 10,
                    "per_decade": 16,
                ])
            return try run(
                LawFitStage.self,
                [
                    "x": "alpha", "y": "error", "form": "plateau-then-decay", "bootstrap": 0,
                    "where": "alpha >= 100 and error >= 1e-5",
                ], ["points": [given(theory.bytes("curve"))]])
        }
        for levels in [1, 4] {
            let law = try fit(levels).json("law")
            let height = law["parameters"]?["b"]?["value"]?.double ?? 0
            #expect((height / PlateauTheory(units: 2).error - 1).magnitude < 0.2, "\(height)")
        }
        let text = failure { _ = try fit(64) }
        #expect(text.contains("no interior minimum") && text.contains("d1"), "\(text)")
    }
}
