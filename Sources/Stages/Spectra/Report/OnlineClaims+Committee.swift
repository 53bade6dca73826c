import Numerics
import Workbench

/// Claims about an erf committee.
extension OnlineClaims {
    func equations(_ page: inout ReportPage) -> NumberedClaim {
        var (parts, holds): ([String], Bool?) = ([], nil)
        for level in OnlineEnsemble.groups(pairs, by: "levels") {
            var ratios: [Double: [Double]] = [:]
            for curve in level.curves {
                guard
                    let theory = pairTheories.first(where: {
                        $0.coordinate("levels") == curve.coordinate("levels")
                            && $0.coordinate("replicate") == curve.coordinate("replicate")
                    })
                else { continue }
                for time in [1.0, 5, 20, 50, 100, 200, 300] {
                    guard let a = curve.value(at: time), let b = theory.value(at: time) else {
                        continue
                    }
                    ratios[time, default: []].append(a / b)
                }
            }
            let times = ratios.keys.sorted()
            let means = times.map { OnlineEnsemble.moments(ratios[$0] ?? []) }
            if times.isEmpty { continue }
            // The exit from the plateau: α from 200 on at these settings.
            let good = zip(times, means).allSatisfy { time, moment in
                (moment.mean - 1).magnitude
                    <= (time < 200 ? 0.03 : 0.25) + 3 * moment.error
            }
            holds = (holds ?? true) && good
            parts.append(
                "L = \(level.name): "
                    + page.number(
                        zip(times, means).map {
                            "\(Markup.significant($1.mean)) at \(Markup.significant($0))"
                        }.joined(separator: ", "), from: level.curves.map { $0.input }))
        }
        return NumberedClaim(
            statement: "The closed equations describe SGD of an erf committee",
            basis: OnlineClaims.paper + "; the equations in blocks are ours",
            test: """
                K = M = 2, N = 512, η = 0.5, σ_J = 0.1, L = 1 and 4; equations from the actual \
                overlaps: SGD over equations.
                """,
            expected: "1 within 3 % before the exit from the plateau, within 25 % at it",
            measured: parts.isEmpty
                ? "this run has no measurements for it" : parts.joined(separator: "; "),
            holds: holds)
    }

    /// A symmetric run of the equations: times, errors, R − S.
    private func path(
        _ units: Int, _ levels: Int, rate: Double, until: Double, perDecade: Int = 20
    ) throws -> (alpha: [Double], error: [Double], gap: [Double], half: Double?) {
        let spectrum = Spectrum(levels: levels, beta: 1)
        let flow = SymmetricFlow(spectrum: spectrum, units: units, rate: rate)
        let y = flow.state(same: 1e-3, other: -1e-3, own: 1e-4)
        var integrator = FlowMethod.automatic.integrator(flow, rate: rate, until: until)
        var crossing = PlateauCrossing(level: 0.5)
        var result: (alpha: [Double], error: [Double], gap: [Double]) = ([], [], [])
        var time = 0.0
        for alpha in OnlineSetting.grid(from: 1, to: until, perDecade: perDecade) {
            try integrator.advance(y, from: time, to: alpha) { point in
                let (value, slope) = (flow.overlaps(point.z), flow.overlaps(point.slope))
                crossing.note(point.alpha, value.r - value.s, slope: slope.r - slope.s)
            }
            time = alpha
            let z = flow.sums(y)
            let overlaps = flow.overlaps(z)
            result.alpha.append(alpha)
            result.error.append(flow.error(z))
            result.gap.append(overlaps.r - overlaps.s)
        }
        return (result.alpha, result.error, result.gap, crossing.time)
    }

    func plateauHeight() throws -> NumberedClaim {
        let heights = try [1, 2, 4].map { levels in
            let run = try path(2, levels, rate: 0.02, until: 9000, perDecade: 40)
            // Where the curve is flattest.
            let slopes = LocalExponents.slopes(
                run.alpha.map(Elementary.log), run.error.map(Elementary.log),
                halfWidth: Elementary.log(1.2))
            let middle = slopes.indices.filter { run.alpha[$0] > 100 && run.gap[$0] < 0.3 }
            let flat = middle.max { (slopes[$0] ?? -9) < (slopes[$1] ?? -9) }
            return flat.map { run.error[$0] } ?? 0
        }
        let limit = PlateauTheory(units: 2).error
        return NumberedClaim(
            statement: "The height of the plateau does not depend on the spectrum",
            basis: OnlineClaims.ours,
            test: "Equations, η = 0.02, K = M = 2, L = 1, 2, 4; and the limit η → 0.",
            expected: "0.00583 each; limit 0.0058054",
            measured:
                "\(OnlineClaims.text(heights)); limit \(Markup.significant(limit, 5))",
            holds: OnlineClaims.agree(heights, [0.00583, 0.00583, 0.00583], 0.01)
                && OnlineClaims.agree([limit], [0.0058054], 1e-5))
    }

    func escapeRate() throws -> NumberedClaim {
        let plateau = PlateauTheory(units: 2)
        var (fitted, predicted): ([Double], [Double]) = ([], [])
        for levels in [1, 4] {
            let run = try path(2, levels, rate: 0.1, until: 2000, perDecade: 60)
            let inside = run.alpha.indices.filter { run.gap[$0] > 0.015 && run.gap[$0] < 0.06 }
            if let first = inside.first, let last = inside.last, last > first {
                fitted.append(
                    (run.alpha[last] - run.alpha[first])
                        / Elementary.log(run.gap[last] / run.gap[first]))
            }
            predicted.append(
                plateau.escapeTime(Spectrum(levels: levels, beta: 1), rate: 0.1))
        }
        return NumberedClaim(
            statement: "The asymmetry grows at the predicted escape rate",
            basis: OnlineClaims.ours,
            test: "η = 0.1, M = 2, L = 1 and 4: 1/slope of ln(R₁₁ − R₁₂) on the plateau.",
            expected: "303.3, 143.2 (formula for η → 0: 304.2, 142.9)",
            measured:
                "\(OnlineClaims.text(fitted)) (formula: \(OnlineClaims.text(predicted)))",
            holds: OnlineClaims.agree(fitted, [303.3, 143.2], 0.02)
                && OnlineClaims.agree(predicted, [304.2, 142.9], 1e-3))
    }

    func plateauEnds() throws -> NumberedClaim {
        let expected = [1852.0, 1403, 943, 583, 337, 181]
        let ends = try [1, 2, 4, 8, 16, 32].map { levels in
            try path(2, levels, rate: 0.1, until: 2500, perDecade: 4).half ?? .nan
        }
        return NumberedClaim(
            statement: "The plateau shrinks as there are more distinct eigenvalues, and vanishes",
            basis: OnlineClaims.paper + "; the numbers are ours",
            test:
                "Equations, η = 0.1, M = 2, L = 1, 2, 4, 8, 16, 32: α at which R₁₁ − R₁₂ = ½.",
            expected: OnlineClaims.text(expected), measured: OnlineClaims.text(ends),
            holds: OnlineClaims.agree(ends, expected, 2e-3))
    }

    func quadratic() -> NumberedClaim {
        let values = [2, 3, 4, 6, 10].map {
            PlateauTheory(units: $0).escapeTime(Spectrum(levels: 1, beta: 1), rate: 1)
        }
        let expected = [30.42, 65.05, 112.2, 244.2, 658.9]
        let ratios = zip(values, [2.0, 3, 4, 6, 10]).map { $0 / (6.283185307179586 * $1 * $1) }
        return NumberedClaim(
            statement: "The escape time grows as M²/(ηL)", basis: OnlineClaims.paper,
            test: "η τ_esc at L = 1, M = 2, 3, 4, 6, 10, and over 2πM².",
            expected: OnlineClaims.text(expected) + "; ratios 1.21, 1.15, 1.12, 1.08, 1.05",
            measured: "\(OnlineClaims.text(values)); ratios \(OnlineClaims.text(ratios, 3))",
            holds: OnlineClaims.agree(values, expected, 1e-3)
                && OnlineClaims.agree(ratios, [1.21, 1.15, 1.12, 1.08, 1.05], 5e-3))
    }

    func crossover() -> NumberedClaim {
        let one = ReducedFlow(spectrum: Spectrum(levels: 1, beta: 1), units: 2)
        let late = one.states(at: [350, 450], same: 0.002, other: 0.001).map(one.error)
        let rate = Elementary.log(late[0] / late[1]) / 100
        let many = ReducedFlow(spectrum: Spectrum(levels: 256, beta: 1), units: 2)
        let values = many.states(at: [10, 100, 1000], same: 0.002, other: 0.001).map(many.error)
        let expected = [0.003145, 0.0007126, 6.803e-5]
        return NumberedClaim(
            statement: "The tail goes from exponential to a power law as L grows",
            basis: OnlineClaims.paper + "; the reduced flow is ours",
            test:
                "Reduced flow, M = 2, β = 1: rate per ηα at L = 1; ε_g at ηα = 10, 100, 1,000 at L = 256.",
            expected: "0.0442; " + OnlineClaims.text(expected),
            measured: "\(Markup.significant(rate)); \(OnlineClaims.text(values))",
            holds: OnlineClaims.agree([rate], [0.0442], 0.01)
                && OnlineClaims.agree(values, expected, 1e-3))
    }
}
