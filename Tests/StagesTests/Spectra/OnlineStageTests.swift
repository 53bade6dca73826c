import Canon
import Experiment
import Spectra
import System
import TestSupport
import Testing
import Workbench

/// The kinds of one-pass learning: simulations against theory, and what is kept of them.
@Suite struct OnlineStageTests {
    private func curve(_ run: StageRun) throws -> Table { try Table(csv: run.bytes("curve")) }

    private func errors(_ run: StageRun) throws -> [Double] {
        try curve(run)[column: "error"]?.compactMap { $0.double } ?? []
    }

    /// Bounds are five standard errors over 200 seeds.
    @Test func `the average of linear runs is the exact one at finite size`() throws {
        let count = trials(200)
        var sums: [[Double]] = []
        for seed in 0..<count {
            sums.append(
                try errors(
                    run(
                        OnlineSGDStage.self,
                        [
                            "levels": 4, "inputs": 64, "students": 1, "teachers": 1, "rate": 0.5,
                            "activation": "linear", "deviation": 1, "alpha": 4, "from": 0.5,
                            "per_decade": 3,
                        ], seed: UInt64(seed))))
        }
        let theory = try run(
            LinearTheoryStage.self,
            [
                "levels": 4, "inputs": 64, "students": 1, "teachers": 1, "rate": 0.5,
                "deviation": 1, "alpha": 4, "from": 0.5, "per_decade": 3,
            ])
        let expected = try curve(theory)[column: "finite"]?.compactMap { $0.double } ?? []
        try #require(expected.count == sums[0].count && expected.count >= 4)
        for (place, value) in expected.enumerated() {
            let mean = sums.reduce(0) { $0 + $1[place] } / Double(count)
            let squares = sums.reduce(0) { $0 + ($1[place] - mean) * ($1[place] - mean) }
            let error = (squares / Double(count * (count - 1))).squareRoot()
            #expect((mean - value).magnitude < 5 * error, "\(place): \(mean), \(value) ± \(error)")
        }
    }

    /// Simulations of an independent implementation, five of their standard errors.
    @Test func `the exact average agrees with simulations made elsewhere`() throws {
        guard let bytes = try sharedFile("reference/power-law-spectra.csv") else { return }
        let table = try Table(csv: bytes).filtered(["kind": "sgd_linear_mean"])
        #expect(table.rows.count >= 8)
        for row in table.rows {
            let columns = Dictionary(uniqueKeysWithValues: zip(table.columns, row))
            guard let levels = columns["L"]?.integer, let n = columns["N"]?.integer,
                let beta = columns["beta"]?.double, let rate = columns["eta"]?.double,
                let variance = columns["sigmaJ2"]?.double, let alpha = columns["x"]?.double,
                let value = columns["value"]?.double, let extra = columns["extra"]?.text,
                let error = Double(extra.split(separator: "=").last ?? "")
            else { throw TestMistake("a row of another shape") }
            let theory = LinearTheory(
                spectrum: Spectrum(levels: levels, beta: beta), rate: rate, variance: variance)
            let steps = Int((alpha * Double(n)).rounded())
            let expected = theory.finiteErrors(at: [steps], inputs: n)[0]
            #expect((value - expected).magnitude < 5 * error, "\(value), \(expected) ± \(error)")
        }
    }

    private static let small: [String: JSON] = [
        "levels": 4, "inputs": 512, "rate": 0.5, "deviation": 0.1, "alpha": 20, "from": 1,
        "per_decade": 2,
    ]

    /// One run at N = 512 strays by about 1/√N from its average.
    @Test func `an erf run follows the equations from its actual overlaps`() throws {
        let sgd = try run(OnlineSGDStage.self, Self.small, seed: 3)
        var parameters = Self.small
        parameters["inputs"] = nil
        let theory = try run(
            OrderParameterTheoryStage.self, parameters, ["start": [given(sgd.bytes("start"))]])
        let (measured, expected) = try (errors(sgd), errors(theory))
        #expect(measured[0] == expected[0] || (measured[0] / expected[0] - 1).magnitude < 1e-6)
        for (a, b) in zip(measured, expected).dropFirst() {
            #expect((a / b - 1).magnitude < 0.15, "\(a), \(b)")
        }
    }

    /// Five students of five teachers have no columns of overlaps, and arrays of them; two have both.
    @Test(arguments: [2, 5])
    func `the overlaps of every time are kept at any size, in the order of the table`(
        units: Int
    ) throws {
        var parameters = Self.small
        parameters["students"] = .number(Double(units))
        parameters["teachers"] = .number(Double(units))
        let sgd = try run(OnlineSGDStage.self, parameters, seed: 3)
        parameters["inputs"] = nil
        let theory = try run(
            OrderParameterTheoryStage.self, parameters, ["start": [given(sgd.bytes("start"))]])
        let (run, flow) = try (
            NumpyArray(sgd.bytes("overlaps")), NumpyArray(theory.bytes("overlaps"))
        )
        let (table, width) = (try curve(sgd), units * units + units * (units + 1) / 2)
        #expect(run.rows == table.rows.count && run.columns == width)
        #expect(flow.rows == run.rows && flow.columns == width)
        // Both start from the same overlaps, and stay near each other at N = 512.
        for (place, (a, b)) in zip(run.elements, flow.elements).enumerated() {
            #expect((a - b).magnitude < (place < width ? 1e-6 : 0.2), "\(place): \(a), \(b)")
        }
        guard units == 2 else {
            #expect(table.columns == ["alpha", "error"])
            return
        }
        #expect(table.columns.dropFirst(2) == ["r11", "r12", "r21", "r22", "q11", "q12", "q22"])
        let cells = table.rows.flatMap { $0.dropFirst(2).compactMap { $0.double } }
        #expect(cells == run.elements)
    }

    @Test func `a run that is interrupted and taken up ends in the same bytes`() throws {
        let whole = try run(OnlineSGDStage.self, Self.small, seed: 7)
        var states: [[UInt8]] = []
        let kind = OnlineSGDStage.kind
        var values: [String: JSON] = [:]
        for parameter in kind.parameters {
            values[parameter.name] = Self.small[parameter.name] ?? parameter.defaultValue
        }
        func attempt(_ kept: [UInt8]?) throws -> [UInt8] {
            let folder = TemporaryFolder(named: "stäges")
            let context = StageContext(
                kind: kind, parameters: Parameters(checked: values), seed: 7, folder: folder.path,
                inputs: [:], kept: { kept }, keep: { states.append($0()) })
            try OnlineSGDStage.run(context)
            return try context.outputs["curve"]?.bytes() ?? []
        }
        #expect(try attempt(nil) == whole.bytes("curve"))
        let kept = states
        #expect(kept.count >= 3)
        for state in [kept[0], kept[kept.count / 2], kept[kept.count - 1]] {
            #expect(try attempt(state) == whole.bytes("curve"))
        }
        // What is no state of this training is left alone.
        #expect(try attempt(Array(kept[0].dropLast())) == whole.bytes("curve"))
        #expect(try attempt([1, 2, 3]) == whole.bytes("curve"))
    }

    @Test func `a rate beyond the limit is refused with the time at which it failed`() throws {
        var parameters = Self.small
        parameters["activation"] = "linear"
        parameters["rate"] = 50
        let text = failure { _ = try run(OnlineSGDStage.self, parameters) }
        #expect(text.contains("training diverged at alpha = ") && text.contains("lower `rate`"))
        parameters = Self.small
        parameters["inputs"] = 510
        let other = failure { _ = try run(OnlineSGDStage.self, parameters) }
        #expect(other.contains("expected a multiple of the 4 distinct eigenvalues, found 510"))
    }

    @Test func `a spectrum comes from eigenvalues or from a table`() throws {
        let given = given("eigenvalue,count\n1,2\n6,1\n")
        let spectrum = try run(OnlineSpectrumStage.self, [:], ["eigenvalues": [given]])
        #expect(spectrum.text("spectrum") == "eigenvalue,count\n2.25,1\n0.375,2\n")
        // Two columns with variances 4/3 and 16/3 and no covariance.
        let data = StagesTests.given("a,b\n1,2\n1,-2\n-1,2\n-1,-2\n")
        let estimate = try run(OnlineSpectrumStage.self, [:], ["table": [data]])
        let table = try Table(csv: estimate.bytes("spectrum"))
        let values = table[column: "eigenvalue"]?.compactMap { $0.double } ?? []
        #expect(values.count == 2 && (values[0] - 1.6).magnitude < 1e-12)
        #expect(failure { _ = try run(OnlineSpectrumStage.self) }.contains("expected one of"))
        let curve = try run(
            OnlineSGDStage.self,
            ["inputs": 3, "students": 1, "teachers": 1, "alpha": 1, "from": 1, "batch": 3],
            ["spectrum": [StagesTests.given(spectrum.text("spectrum"))]])
        #expect(try errors(curve).count == 2)
    }

    @Test func `whitening turns a power law into an exponential`() throws {
        var parameters: [String: JSON] = [
            "levels": 64, "inputs": 64, "students": 1, "teachers": 1, "activation": "linear",
            "rate": 0.2, "alpha": 60, "from": 1, "per_decade": 2, "precision": "double",
        ]
        let plain = try errors(run(OnlineSGDStage.self, parameters))
        parameters["whiten"] = true
        let white = try errors(run(OnlineSGDStage.self, parameters))
        #expect(white[white.count - 1] < 1e-3 * plain[plain.count - 1])
    }

    @Test func `the reduced flow gives the errors of an independent implementation`() throws {
        let run = try run(
            ReducedFlowStage.self, ["levels": 16, "units": 2, "times": [0, 1, 10, 100]])
        let errors = try errors(run)
        try #require(errors.count == 4)
        // docs/POWER-LAW-SPECTRA.md: ε of σ_J → 0 is 1/6 less what the start already has.
        #expect((errors[0] - 1 / 6).magnitude < 2e-3)
        for (value, expected) in zip(errors.dropFirst(), [0.0274388, 0.00931261, 0.000884871]) {
            #expect((value / expected - 1).magnitude < 1e-4, "\(value), \(expected)")
        }
        let wrong = failure { _ = try StagesTests.run(ReducedFlowStage.self, ["times": [2, 1]]) }
        #expect(wrong == "times: expected values in ascending order; sort them")
    }
}
