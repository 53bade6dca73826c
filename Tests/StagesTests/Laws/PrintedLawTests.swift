import Canon
import Experiment
import Glibc
import Laws
import Numerics
import TestSupport
import Testing
import Workbench

/// What a person reads: a law computed by hand from the printed line, allocations, plots of many points.
@Suite struct PrintedLawTests {
    /// The numbers after each name of a printed line.
    private func number(_ text: String, after name: String) -> Double {
        guard let start = text.ranges(of: name).first else { return .nan }
        let rest = text[start.upperBound...]
        let digits = rest.prefix { "0123456789.-−".contains($0) }
        let factor = Double(digits.replacing("−", with: "-")) ?? .nan
        // `6.8·10⁶`, or `10⁶` alone.
        let isTen = digits == "10"
        let tail = rest.dropFirst(digits.count)
        guard isTen || tail.hasPrefix("·10") else { return factor }
        let raised = (isTen ? tail : tail.dropFirst(3)).prefix { "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".contains($0) }
        let power = raised.map { one -> String in
            Array("⁰¹²³⁴⁵⁶⁷⁸⁹").firstIndex(of: one).map { "\($0)" } ?? "-"
        }.joined()
        guard !power.isEmpty else { return factor }
        return (isTen ? 1 : factor) * (Double("1e\(power)") ?? .nan)
    }

    @Test(arguments: 0..<trials(30))
    func `the printed power law predicts what the fit does`(index: Int) throws {
        var stream = RandomStream(seed: 41, purpose: "law", index: UInt64(index))
        let (floor, prefactor) = (stream.uniform() < 0.5 ? 0 : 1.5, stream.logUniform(in: 1..<1e9))
        let (alpha, low) = (stream.uniform(in: 0.05..<0.9), stream.logUniform(in: 1..<1e8))
        var table = Table(columns: ["x", "y"])
        for step in 0..<12 {
            let x = low * Glibc.pow(10, 0.3 * Double(step))
            let y = (floor + prefactor * Glibc.pow(x, -alpha)) * Glibc.exp(0.01 * stream.normal())
            table.append([.number(x), .number(y)])
        }
        let form = floor > 0 ? "power-law-with-floor" : "power-law"
        let law = try run(
            LawFitStage.self, ["x": "x", "y": "y", "form": .string(form), "bootstrap": 0],
            ["points": [given(table.csv())]]
        ).json("law")
        let file = try LawFile(law)
        let line = LawSummary.text(law)
        // `y = E + A·x^p   α …`, or without the floor.
        let e = floor > 0 ? number(line, after: "y = ") : 0
        let a = number(line, after: floor > 0 ? " + " : "y = ")
        let power = number(line, after: "x^")
        for x in [low, 30 * low, 2e3 * low, 1e6 * low] {
            let printed = e + a * Glibc.pow(x, power)
            #expect((printed / file.predict([x]).value - 1).magnitude < 1e-3, "\(line) at \(x)")
        }
    }

    @Test func `a parameter that is held has no interval, is marked, and warns of nothing`() throws
    {
        var table = Table(columns: ["x", "y"])
        var stream = RandomStream(seed: 43, purpose: "law", index: 0)
        for step in 0..<10 {
            let x = 1e6 * Glibc.pow(2, Double(step))
            let y = (1.5 + 6.8e6 * Glibc.pow(x, -1)) * Glibc.exp(0.01 * stream.normal())
            table.append([.number(x), .number(y)])
        }
        let law = try run(
            LawFitStage.self,
            ["x": "x", "y": "y", "form": "power-law-with-floor", "fix": ["E": 1.5]],
            ["points": [given(table.csv())]]
        ).json("law")
        #expect(law["parameters"]?["E"]?["held"] == true)
        #expect(law["parameters"]?["E"]?["unbounded"] == nil)
        #expect(law["parameters"]?["E"]?["low"] == .null)
        #expect(law["parameters"]?["alpha"]?["low"]?.double ?? 2 < 1)
        #expect(law["warnings"] == [])
        let line = LawSummary.text(law)
        #expect(line.contains(", E 1.50 (held)  (95 %, 10 points)"), "\(line)")
        #expect(line.contains("·10⁶·x^−"), "\(line)")
    }

    @Test(arguments: 0..<trials(30))
    func `the printed surface predicts what the law does, with no digit to spare`(index: Int) {
        var stream = RandomStream(seed: 42, purpose: "law", index: UInt64(index))
        let natural = [
            stream.uniform(in: 1..<2), stream.logUniform(in: 50..<2000),
            stream.logUniform(in: 50..<2000), stream.uniform(in: 0.2..<0.5),
            stream.uniform(in: 0.2..<0.5),
        ]
        let scale = LawScale(inputs: [0, 0], output: 0)
        let digits = PrintedDigits(
            PowerSum.chinchilla, natural, scale, ranges: [(1e7, 1e10), (1e9, 1e12)]
        ).counts
        func off(_ digits: [Int]) -> Double {
            let read = zip(natural, digits).map { PrintedDigits.printed($0, $1) }
            return [(1e7, 1e9), (1e10, 1e12), (1e13, 1e15), (1e7, 1e15), (3e8, 2e10)].map { n, d in
                let exact = PowerSum.chinchilla.predict(natural, [[n], [d]], scale)[0]
                return (PowerSum.chinchilla.predict(read, [[n], [d]], scale)[0] / exact - 1)
                    .magnitude
            }.max() ?? 1
        }
        #expect(off(digits) < 1e-3)
        #expect(digits.allSatisfy { $0 >= 3 && $0 <= 6 }, "\(digits)")
    }

    @Test func `a plot of many points draws some thousand and says so`() throws {
        var chart = Chart(title: "t", xLabel: "x", yLabel: "y")
        var series = Chart.Series(name: "s")
        for place in 0..<50_000 {
            let y = place == 31_111 ? 900.0 : Double(1 + place % 7)
            series.points.append((x: Double(1 + place), y: y))
        }
        chart.series = [series]
        let svg = chart.svg()
        let drawn = svg.ranges(of: "<circle ").count - 1
        #expect(drawn <= 3000 && drawn > 2000)
        #expect(svg.contains(">\(GroupedDigits.text(drawn)) of 50,000 points drawn<"))
        #expect(ThinnedPoints(series.points).kept.contains(31_111))
        #expect(svg.utf8.count < 400_000)
        chart.series[0].points = Array(series.points.prefix(3000))
        #expect(!chart.svg().contains("points drawn"))
        #expect(try MarkupCheck(svg).oddCoordinates == [])
    }

    @Test func `an allocation beyond the points, or of sizes in millions, says so`() throws {
        func law(_ unit: Double) -> JSON {
            var parameters: [String: JSON] = [:]
            let values = [1.69, 406.4, 410.7, 0.34, 0.28]
            for (name, value) in zip(["E", "A", "B", "alpha", "beta"], values) {
                parameters[name] = ["value": .number(value)]
            }
            return [
                "format": "bitlaw/law/1", "form": "chinchilla", "parameters": .object(parameters),
                "scale": ["inputs": [0, 0], "output": 0, "ends": [0, 0]],
                "inputs": [
                    ["column": "N", "high": .number(1e9 / unit)],
                    ["column": "D", "high": .number(1e11 / unit)],
                ],
                "compute": ["high": .number(6e19 / (unit * unit))],
            ]
        }
        func allocation(_ unit: Double, _ compute: Double) throws -> JSON {
            try run(
                LawAllocateStage.self, ["compute": [.number(compute)]], ["law": [given(law(unit))]]
            ).json("allocation")
        }
        let far = try allocation(1, 6e22)
        let open: JSON =
            "no interval: the law was fitted without bootstrap samples; fit it with `bootstrap: 400`"
        #expect(
            far["warnings"] == [
                open, "C = 6e22 is 3.0 orders of magnitude beyond the largest fitted C (6e19)",
            ])
        #expect(
            AllocationSummary.text(far).hasPrefix("surface: a 0.452, b 0.548; at C = 6·10²² N "))
        #expect(try allocation(1, 6e19)["warnings"] == [open])
        let millions = try allocation(1e6, 1e7)["warnings"]?.elements?.compactMap { $0.text } ?? []
        #expect(millions.contains { $0.hasPrefix("N reaches 1000 and D 100000") }, "\(millions)")
    }
}
