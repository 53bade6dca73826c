import Canon
import Experiment
import Numerics
import Workbench

extension OptimalClaims {
    private var base: OptimalResults.Setting? { results.setting(8, 16) }

    func flat() -> CheckedClaim {
        let claim = "The estimation error does not grow with the width"
        let (basis, expected) = (
            "ours: d = 8, K = 16, T = 16,384", "errors of n = 12 to 64 within 25 % of each other"
        )
        guard let base else { return .lacking("J8", claim, basis: basis, expected: expected) }
        let widths = Set(base.numbers("n").filter { $0 >= 12 }).sorted()
        let found = widths.compactMap { n -> (Double, Double, Double)? in
            guard let error = base.at(n, 16384, "error"), let se = base.at(n, 16384, "error_se")
            else {
                return nil
            }
            return (n, error, se)
        }
        guard found.count >= 3, let least = found.map({ $0.1 }).min(),
            let most = found.map({ $0.1 }).max()
        else { return .lacking("J8", claim, basis: basis, expected: expected) }
        let text = found.map { "n = \(Told.number($0.0, 2)): \(Told.withError($0.1, $0.2))" }
        return CheckedClaim(
            id: "J8", claim: claim, basis: basis, expected: expected,
            measured: text.joined(separator: "; ")
                + ": largest over least \(Told.number(most / least))",
            verdict: .init(most / least <= 1.25), inputs: base.inputs)
    }

    func falling() -> CheckedClaim {
        let claim = "The misspecification error falls with the width"
        let (basis, expected) = (
            "ours: d = 8, K = 16, T = 262,144",
            "n = 1, 2, 4, 8: 0.0147, 0.0063, 0.0024, 0.0012 (20 %, two standard errors), about n^−1.2"
        )
        let reference = [0.0147, 0.0063, 0.0024, 0.0012]
        guard let base else { return .lacking("J9", claim, basis: basis, expected: expected) }
        let found = [1.0, 2, 4, 8].compactMap { n -> (Double, Double, Double)? in
            guard let error = base.at(n, 262_144, "error"), let se = base.at(n, 262_144, "error_se")
            else { return nil }
            return (n, error, se)
        }
        guard found.count == 4,
            let line = StraightLine(
                found.map { Elementary.log($0.0) }, found.map { Elementary.log($0.1) })
        else { return .lacking("J9", claim, basis: basis, expected: expected) }
        let holds = zip(found, reference).allSatisfy {
            ($0.1 - $1).magnitude <= 0.2 * $1 + 2 * $0.2
        }
        return CheckedClaim(
            id: "J9", claim: claim, basis: basis, expected: expected,
            measured: found.map { Told.withError($0.1, $0.2) }.joined(separator: ", ")
                + "; slope \(Told.number(line.slope))", verdict: .init(holds), inputs: base.inputs)
    }

    func exponent() -> CheckedClaim {
        let claim =
            "At this size p* grows as C^0.3, not as C^½; the bound's own slope is below ½ too"
        let (basis, expected) = (
            "ours: a finite-size value, d = 8, K = 16", "0.30 ± 0.06 (0.22 to 0.36 over d and K)"
        )
        guard let base, let value = base.surface["size_exponent"]?["value"]?.double else {
            return .lacking("J10", claim, basis: basis, expected: expected)
        }
        let slopes = (base.surface["optima"]?.elements ?? []).compactMap {
            $0["bound"]?["slope"]?.double
        }
        let others = results.settings.filter { $0.gain == 1 }.compactMap {
            $0.surface["size_exponent"]?["value"]?.double
        }
        return CheckedClaim(
            id: "J10", claim: claim, basis: basis, expected: expected,
            measured: "\(Told.interval(base.surface["size_exponent"])); over d and K "
                + "\(Told.number(others.min())) to \(Told.number(others.max())); the bound's slope there "
                + "\(Told.number(slopes.min())) to \(Told.number(slopes.max()))",
            verdict: .init((value - 0.30).magnitude <= 0.06), inputs: [base.input])
    }

    /// p*/T* at C = 1e6 of settings, in order, and whether it rises.
    private func ratios(_ settings: [OptimalResults.Setting?]) -> (
        text: String, rises: Bool, inputs: [StageInput]
    )? {
        let known = settings.compactMap { $0 }
        let found = known.compactMap { $0.optimum(1e6)?["ratio"] }
        let values = found.compactMap { $0["value"]?.double }
        guard values.count == settings.count, values.count > 1 else { return nil }
        return (
            found.map { Told.interval($0, 2) }.joined(separator: ", "),
            zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, known.map { $0.input }
        )
    }

    func directions() -> CheckedClaim {
        let claim = "In the experiment, larger d or K moves compute from data to the model"
        let (basis, expected) = (
            "sourced direction", "p*/T* at C = 1e6 rises over d = 4, 8, 16 and over K = 4, 16, 64"
        )
        guard let d = ratios([results.setting(4, 16), base, results.setting(16, 16)]),
            let k = ratios([results.setting(8, 4), base, results.setting(8, 64)])
        else { return .lacking("J11", claim, basis: basis, expected: expected) }
        return CheckedClaim(
            id: "J11", claim: claim, basis: basis, expected: expected,
            measured: "d: \(d.text); K: \(k.text)", verdict: .init(d.rises && k.rises),
            inputs: d.inputs + k.inputs)
    }

    func bothSides() -> CheckedClaim {
        let claim = "At equal compute both too small and too large models are worse"
        let (basis, expected) = (
            "sourced decomposition; d = 8, K = 16, C = 1e6",
            "n = 1: 0.0150, n = 3 to 12: 0.0044 to 0.0052, n = 64: 0.0129 (20 %)"
        )
        guard let base else { return .lacking("J12", claim, basis: basis, expected: expected) }
        let widths = Set(base.numbers("n")).sorted()
        let found = widths.compactMap { n in
            base.error(width: n, samples: 1e6 / (n * (base.d + 1))).map { (n, $0) }
        }
        guard let low = found.first(where: { $0.0 == 1 }),
            let high = found.first(where: { $0.0 == 64 })
        else { return .lacking("J12", claim, basis: basis, expected: expected) }
        let middle = found.filter { (3...12).contains($0.0) }.map { $0.1 }
        guard let least = middle.min(), let most = middle.max() else {
            return .lacking("J12", claim, basis: basis, expected: expected)
        }
        let near =
            (low.1 / 0.0150 - 1).magnitude < 0.25 && (high.1 / 0.0129 - 1).magnitude < 0.25
            && least > 0.0044 * 0.8 && most < 0.0052 * 1.2
        return CheckedClaim(
            id: "J12", claim: claim, basis: basis, expected: expected,
            measured: "n = 1: \(Told.number(low.1)); n = 3 to 12: \(Told.number(least)) to "
                + "\(Told.number(most)); n = 64: \(Told.number(high.1))",
            verdict: .init(low.1 > most && high.1 > most && near), inputs: base.inputs)
    }
}
