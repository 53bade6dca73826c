import Canon
import DynamicalModel
import Numerics
import Testing
import Workbench

/// The dynamical model: reference numbers, brute force, and theory against simulation.
@Suite struct DynamicalModelTests {
    @Test func `nodes stand for modes one by one`() {
        for (a, b) in [(1.5, 1.25), (2, 2), (4, 1.25)] {
            let (few, all) = (
                PowerSpectrum(a: a, b: b, modes: 200_000), PowerSpectrum(a: a, b: b, every: 200_000)
            )
            #expect(few.eigenvalues.count < 800)
            for t in [0.1, 30, 1e4] {
                #expect((few.timeLoss(t) / all.timeLoss(t) - 1).magnitude < 1e-6)
            }
            for n in [3.0, 100] {
                #expect((few.kappa(n) / all.kappa(n) - 1).magnitude < 1e-6)
                #expect((few.sizeLoss(n) / all.sizeLoss(n) - 1).magnitude < 1e-6)
                #expect((few.dataLoss(n) / all.dataLoss(n) - 1).magnitude < 1e-6)
            }
        }
    }

    @Test func `time exponents, κ, and losses at infinite time are the reference's`() throws {
        for row in try OptimalReference.rows("rf.time") {
            let spectrum = PowerSpectrum(a: row.number("a"), b: row.number("b"), modes: 1e6)
            let times = (0..<20).map {
                Elementary.exp(2.302585092994046 * (2 + 2 * Double($0) / 19))
            }
            let line = try #require(
                StraightLine(
                    times.map(Elementary.log), times.map { Elementary.log(spectrum.timeLoss($0)) }))
            #expect((line.slope - row.values[0]).magnitude < row.bound, "\(row.parameters)")
        }
        for row in try OptimalReference.rows("rf.kappa") + OptimalReference.rows("rf.Linf") {
            let spectrum = PowerSpectrum(a: row.number("a"), b: row.number("b"), modes: 1e9)
            let n = row.number("N")
            let mine = row.id == "rf.kappa" ? spectrum.kappa(n) : spectrum.sizeLoss(n)
            #expect(
                (mine / row.values[0] - 1).magnitude < row.bound,
                "\(row.id) \(row.parameters): \(mine)")
        }
    }

    @Test func `losses of the P = ∞ theory are the reference's`() throws {
        for row in try OptimalReference.rows("rf.L")
        where ["rf.L", "rf.L400.theory"].contains(row.id) {
            let (a, b) = (row.number("a"), row.number("b"))
            let spectrum =
                row.id == "rf.L"
                ? PowerSpectrum(a: a, b: b, modes: 1e9) : PowerSpectrum(a: a, b: b, every: 400)
            let mine = FeatureTheory(spectrum).loss(time: row.number("t"), size: row.number("N"))
            #expect(
                (mine / row.values[0] - 1).magnitude < 1e-3, "\(row.id) \(row.parameters): \(mine)")
        }
    }

    @Test func `the kind writes every loss, limit, κ and width of the reference`() throws {
        for row in try OptimalReference.rows("rf") {
            guard ["rf.L", "rf.Linf", "rf.kappa", "rf.width"].contains(row.id) else { continue }
            var given: [String: JSON] = [
                "a": .number(row.number("a")), "b": .number(row.number("b")),
            ]
            let isLimit = row.parameters["t"] == "inf"
            if row.id == "rf.width" { given["sizes"] = [256, 512, 1024, 2048] }
            if row.parameters["N"] != nil { given["sizes"] = [.number(row.number("N"))] }
            if row.parameters["t"] != nil && !isLimit {
                given["times"] = [.number(row.number("t"))]
            }
            let made = try run(DynamicsTheoryStage.self, given)
            let document = try made.json("theory")
            let mine: Double?
            switch row.id {
            case "rf.L": mine = try Table(csv: made.bytes("losses")).rows[0][2].double
            case "rf.Linf": mine = document["sizes"]?.elements?[0]["loss"]?.double
            case "rf.kappa": mine = document["sizes"]?.elements?[0]["kappa"]?.double
            default:
                mine =
                    isLimit
                    ? document["width_at_infinity"]?.double
                    : document["widths"]?.elements?[0]["slope"]?.double
            }
            let size = row.id == "rf.width" ? 1 : row.values[0].magnitude
            let bound = row.id == "rf.width" ? row.bound : 1e-3
            #expect(
                ((mine ?? .nan) - row.values[0]).magnitude < bound * size,
                "\(row.id) \(row.parameters): \(mine ?? .nan)")
        }
    }

    @Test
    func `the theory's limits are the laws of infinite size, of infinite time and of time zero`() {
        let spectrum = PowerSpectrum(a: 2, b: 1.5, every: 50)
        let theory = FeatureTheory(spectrum)
        for t in [0.3, 5, 100] {
            #expect((theory.loss(time: t, size: 1e12) / spectrum.timeLoss(t) - 1).magnitude < 1e-8)
        }
        #expect((theory.loss(time: 1e9, size: 12) / spectrum.sizeLoss(12) - 1).magnitude < 1e-6)
        let total = spectrum.energies.reduce(0, +)
        #expect((theory.loss(time: 1e-9, size: 12) / total - 1).magnitude < 1e-6)
    }

    @Test func `compute-optimal exponents are the reference's`() throws {
        for row in try OptimalReference.rows("rf.co") where row.id == "rf.co" {
            let made = try run(
                DynamicsExponentsStage.self,
                ["a": .number(row.number("a")), "b": .number(row.number("b"))]
            ).json("exponents")
            let mine = [made["optimum"]?["loss"]?.double, made["optimum"]?["size"]?.double]
            for (one, value) in zip(mine, row.values) {
                #expect(((one ?? .nan) - value).magnitude < row.bound, "\(row.parameters): \(mine)")
            }
            if row.number("b") == 1.25 {
                for reference in try OptimalReference.rows("rf.width") {
                    let t =
                        reference.parameters["t"] == "inf"
                        ? "infinity" : reference.number("t") < 1 ? "0.10" : "1.0"
                    let slope = made["width"]?[t]?.double ?? .nan
                    #expect(
                        (slope - reference.values[0]).magnitude < reference.bound,
                        "t = \(t): \(slope)")
                }
            }
        }
    }

    @Test func `a draw's loss is that of a fine integration of its own equation`() throws {
        let spectrum = PowerSpectrum(a: 2, b: 1.5, every: 9)
        let arithmetic = try Arithmetic.portable()
        var (stream, again) = (
            RandomStream(seed: 2, purpose: "x"), RandomStream(seed: 2, purpose: "x")
        )
        let draw = try FeatureDraw(spectrum, size: 4, stream: &stream, arithmetic: arithmetic)
        let b = (0..<4).map { _ in
            (0..<9).map { k in again.normal() * (spectrum.eigenvalues[k] / 4).squareRoot() }
        }
        var u = spectrum.energies.map { $0.squareRoot() }
        let steps = 40_000
        for _ in 0..<steps {
            // Midpoint rule.
            func slope(_ u: [Double]) -> [Double] {
                var out = [Double](repeating: 0, count: 9)
                for row in b {
                    let dot = zip(row, u).reduce(0) { $0 + $1.0 * $1.1 }
                    for k in 0..<9 { out[k] -= row[k] * dot }
                }
                return out
            }
            let half = zip(u, slope(u)).map { $0 + 0.5 * 3 / Double(steps) * $1 }
            u = zip(u, slope(half)).map { $0 + 3 / Double(steps) * $1 }
        }
        let loss = u.reduce(0) { $0 + $1 * $1 }
        #expect((draw.loss(3) - loss).magnitude < 1e-8)
        #expect(zip(draw.residual(3), u).allSatisfy { ($0 - $1).magnitude < 1e-8 })
    }

    @Test func `mean losses of draws are the reference's and near the theory`() throws {
        let made = try run(
            DynamicsSimulateStage.self,
            [
                "a": 2, "b": 1.5, "sizes": [16, 32], "times": [1, 10, 100, 1000], "draws": 300,
                "members": [1, 4],
            ])
        let table = try Table(csv: made.bytes("losses"))
        for row in try OptimalReference.rows("rf.L400.mc") where row.number("a") == 2 {
            let own = table.filtered([
                "size": .number(row.number("N")), "time": .number(row.number("t")),
            ]).rows
            guard let mean = own.first?[2].double, let se = own.first?[3].double else { continue }
            #expect(
                (mean - row.values[0]).magnitude < 4 * se + 0.014 * row.values[0],
                "\(row.parameters): \(mean) ± \(se)")
        }
        for row in table.rows {
            let (mean, se, theory) = (
                row[2].double ?? .nan, row[3].double ?? .nan, row[5].double ?? .nan
            )
            #expect((mean - theory).magnitude < 4 * se + 0.04 * theory)
        }
        let ensembles = try Table(csv: made.bytes("ensembles"))
        #expect((ensembles.rows[1][3].double ?? 9) < (ensembles.rows[0][3].double ?? 0))
    }

    @Test func `the mean-field recursion gives the reference's losses`() throws {
        for row in try OptimalReference.rows("rf.dmft") {
            let theory = MeanFieldDescent(
                PowerSpectrum(a: row.number("a"), b: row.number("b"), every: 64), size: 24,
                samples: 40,
                rate: 0.15, noise: row.number("sigma"), steps: 80, arithmetic: try .portable())
            let step = Int(row.number("step"))
            let mine = row.id.hasSuffix("test") ? theory.test[step] : theory.train[step]
            // The reference prints five decimals of the same equations.
            #expect((mine - row.values[0]).magnitude < 2e-5, "\(row.id) \(row.parameters): \(mine)")
        }
        for row in try OptimalReference.rows("rf.gap") {
            let step = Int(row.number("step"))
            var (x, y) = ([Double](), [Double]())
            for p in [32.0, 64, 128, 256] {
                let theory = MeanFieldDescent(
                    PowerSpectrum(a: 1.5, b: 1.25, every: 120), size: .infinity, samples: p,
                    rate: 0.2,
                    noise: 0, steps: step + 1, arithmetic: try .portable())
                x.append(Elementary.log(p))
                y.append(Elementary.log(theory.test[step] - theory.train[step]))
            }
            let slope = try #require(StraightLine(x, y)).slope
            #expect((slope - row.values[0]).magnitude < row.bound, "step \(step): \(slope)")
        }
    }

    @Test func `gradient descent on reused data is the mean-field theory within 3 %`() throws {
        let made = try run(
            DynamicsDescentStage.self,
            ["a": 1.5, "b": 1.25, "steps": 40, "runs": 500, "noise": 0.5])
        for row in try Table(csv: made.bytes("losses")).rows {
            let numbers = row.map { $0.double ?? .nan }
            #expect((numbers[1] / numbers[3] - 1).magnitude < 0.03 + 3 * numbers[4] / numbers[3])
            #expect((numbers[2] / numbers[5] - 1).magnitude < 0.03 + 3 * numbers[6] / numbers[5])
        }
    }

    @Test func `a march solves the equations that a fixed point iterates`() throws {
        // One mode, three steps, by hand: C0[t,t] at steps 0 and 1.
        let spectrum = PowerSpectrum(a: 2, b: 1.5, every: 1)
        let theory = MeanFieldDescent(
            spectrum, size: 3, samples: 5, rate: 0.2, noise: 0.5, steps: 3,
            arithmetic: try .portable())
        #expect(theory.test[0] == 1 && (theory.train[0] - 1.25).magnitude < 1e-15)
        // E over A and Ψ of (1 − ηαβ)² with α = |A|²/N, β = |ψ|²/P, plus the noise's part, to leading order:
        // mean 1 − η; variances 2/N and 2/P become 1/N and 1/P in the theory of many modes.
        let eta = 0.2
        let expected =
            (1 - eta) * (1 - eta) + eta * eta * (1.0 / 3 * 1.0 + (1 + 1.0 / 3) * 1.25 / 5)
        #expect((theory.test[1] - expected).magnitude < 0.02)
    }
}
