import Canon
import Experiment
import Numerics
import Workbench

/// The claims J1 to J12 of docs/COMPUTE-OPTIMAL.md against the results of a run.
struct OptimalClaims {
    let results: OptimalResults

    /// Every claim, in order; those whose data the run lacks are told as such.
    func all() -> [CheckedClaim] {
        [
            stripped(), slope(), barron(), direction(), squared(), divergence(), atoms(), flat(),
            falling(), exponent(), directions(), bothSides(),
        ]
    }

    private var boundInputs: [StageInput] { results.bound.map { [$0.input] } ?? [] }

    private func stripped() -> CheckedClaim {
        let claim = "Without logarithms the best split is even: p* = T* = √C, err* = 2Kd/√C"
        let (basis, expected) = ("mathematics", "p*/√C = 1 within 1e-3; err* within 1e-4")
        var worst = (p: 0.0, error: 0.0)
        var count = 0
        for c in [1e6, 1e8, 1e12, 1e16, 1e24] {
            guard let p = results.bound("stripped", 8, 8, c, "p"),
                let error = results.bound("stripped", 8, 8, c, "error")
            else { continue }
            let root = c.squareRoot()
            worst.p = max(worst.p, (p / root - 1).magnitude)
            worst.error = max(worst.error, (error * root / 128 - 1).magnitude)
            count += 1
        }
        guard count > 0 else {
            return .lacking("J1", claim, basis: basis, expected: expected)
        }
        return CheckedClaim(
            id: "J1", claim: claim, basis: basis, expected: expected,
            measured:
                "largest deviations \(Told.number(worst.p)) and \(Told.number(worst.error)) at "
                + "\(count) values of C", verdict: .init(worst.p < 1e-3 && worst.error < 1e-4),
            inputs: boundInputs)
    }

    /// Values of a column at several computes, compared with what is expected.
    private func slopes(
        _ variant: String, _ computes: [Double], _ expected: [Double], _ room: Double
    )
        -> (text: String, holds: Bool)?
    {
        let found = computes.compactMap { results.bound(variant, 8, 8, $0, "slope") }
        guard found.count == computes.count else { return nil }
        let holds = zip(found, expected).allSatisfy { ($0 - $1).magnitude <= room }
        return (found.map { Told.number($0, 4) }.joined(separator: ", "), holds)
    }

    private func slope() -> CheckedClaim {
        let claim =
            "Our bound's optimum is linear up to logarithms: its slope rises towards ½ from below"
        let (basis, expected) = (
            "sourced law (linear up to logarithms); bound and numbers ours",
            "d ln p*/d ln C = 0.380, 0.451, 0.479 (± 0.002) at C = 1e6, 1e12, 1e24; rising, below ½"
        )
        guard let found = slopes("ours", [1e6, 1e12, 1e24], [0.380, 0.451, 0.479], 2e-3) else {
            return .lacking("J2", claim, basis: basis, expected: expected)
        }
        var all: [Double] = []
        for row in results.bound?.table.rows ?? [] where row[0].text == "ours" {
            if row[1].double == 8, row[2].double == 8, let slope = row[10].double {
                all.append(slope)
            }
        }
        // The last digits of a difference of logarithms are noise.
        let rises = zip(all.dropFirst(2), all.dropFirst(3)).allSatisfy { $1 > $0 - 1e-5 }
        return CheckedClaim(
            id: "J2", claim: claim, basis: basis, expected: expected, measured: found.text,
            verdict: .init(found.holds && rises && all.allSatisfy { $0 < 0.5 }), inputs: boundInputs
        )
    }

    private func barron() -> CheckedClaim {
        let claim = "An estimation error that grows with the width would give p* ~ C^(1/3)"
        let (basis, expected) = (
            "ours: why the entropy must grow slowly with the width",
            "slope from 0.305 at C = 1e6 to 0.327 at C = 1e24 (± 0.002)"
        )
        guard let found = slopes("barron", [1e6, 1e24], [0.3053, 0.3270], 2e-3) else {
            return .lacking("J3", claim, basis: basis, expected: expected)
        }
        return CheckedClaim(
            id: "J3", claim: claim, basis: basis, expected: expected, measured: found.text,
            verdict: .init(found.holds), inputs: boundInputs)
    }

    private func direction() -> CheckedClaim {
        let claim = "In the bound, larger d or K moves compute from data to the model"
        let (basis, expected) = (
            "sourced direction; sizes ours",
            "p*/T* at C = 1e12: × 1.64 for d 8 → 64, × 1.55 for K 8 → 64"
        )
        guard let base = results.bound("ours", 8, 8, 1e12, "ratio"),
            let wide = results.bound("ours", 64, 8, 1e12, "ratio"),
            let rich = results.bound("ours", 8, 64, 1e12, "ratio")
        else { return .lacking("J4", claim, basis: basis, expected: expected) }
        let holds = (wide / base - 1.64).magnitude < 0.01 && (rich / base - 1.55).magnitude < 0.01
        return CheckedClaim(
            id: "J4", claim: claim, basis: basis, expected: expected,
            measured: "× \(Told.number(wide / base)), × \(Told.number(rich / base))",
            verdict: .init(holds), inputs: boundInputs)
    }

    /// Rows of all facts: what, and the JSON of a restricted model's size.
    private var restricted: [(input: StageInput, d: Double, k: Double, row: JSON)] {
        results.facts.flatMap { fact in
            (fact.json["restricted"]?.elements ?? []).map {
                (fact.input, fact.json["d"]?.double ?? 0, fact.json["K"]?.double ?? 0, $0)
            }
        }
    }

    private func squared() -> CheckedClaim {
        let claim = "E(F − Fₙ)² = K/(2n) for the restricted model"
        let (basis, expected) = ("ours, exact", "ratio 1 ± 0.1")
        let rows = restricted
        guard !rows.isEmpty else { return .lacking("J5", claim, basis: basis, expected: expected) }
        var holds = true
        let parts = rows.map { _, d, k, row -> String in
            let exact = row["squared"]?["exact"]?.double ?? 1
            let ratio = (row["squared"]?["mean"]?.double ?? .nan) / exact
            let error = (row["squared"]?["error"]?.double ?? 0) / exact
            // Few teachers: two standard errors of room.
            holds = holds && (ratio - 1).magnitude < 0.1 + 2 * error
            return "K = \(Told.number(k, 2)), n = \(Told.number(row["n"]?.double, 2)): "
                + Told.withError(ratio, error)
        }
        return CheckedClaim(
            id: "J5", claim: claim, basis: basis, expected: expected,
            measured: parts.joined(separator: "; "), verdict: .init(holds),
            inputs: results.facts.map { $0.input })
    }

    private func divergence() -> CheckedClaim {
        let claim = "KL(F ‖ Fₙ) ≤ K/(16n), falling as 1/n"
        let (basis, expected) = (
            "ours; sourced: misspecification falls with size",
            "ratio to the bound 0.66 to 0.85; slope −1 ± 0.1 from n = 16 on"
        )
        let rows = restricted
        guard !rows.isEmpty else { return .lacking("J6", claim, basis: basis, expected: expected) }
        var (least, most) = (Double.infinity, 0.0)
        for (_, _, _, row) in rows {
            let ratio =
                (row["divergence"]?["mean"]?.double ?? .nan)
                / (row["divergence"]?["exact"]?.double ?? 1)
            (least, most) = (min(least, ratio), max(most, ratio))
        }
        var slopes: [Double] = []
        for fact in results.facts {
            let own = (fact.json["restricted"]?.elements ?? []).filter {
                ($0["n"]?.double ?? 0) >= 16
            }
            let x = own.compactMap { $0["n"]?.double.map(Elementary.log) }
            let y = own.compactMap { $0["divergence"]?["mean"]?.double.map(Elementary.log) }
            if let line = StraightLine(x, y), x.count == y.count { slopes.append(line.slope) }
        }
        let holds =
            least > 0.63 && most < 0.88 && most < 1
            && slopes.allSatisfy { ($0 + 1).magnitude < 0.1 }
        return CheckedClaim(
            id: "J6", claim: claim, basis: basis, expected: expected + " (± 0.03 for 400 draws)",
            measured: "ratios \(Told.number(least)) to \(Told.number(most)); slopes "
                + slopes.map { Told.number($0) }.joined(separator: ", "), verdict: .init(holds),
            inputs: results.facts.map { $0.input })
    }

    private func atoms() -> CheckedClaim {
        let claim = "Distinct atoms of the restricted model grow as a logarithm of n"
        let (basis, expected) = ("ours: why the law is linear", "n = 64: Σ K/(K + j) within 3 %")
        let rows = restricted.filter { $0.row["n"] == 64 }
        guard !rows.isEmpty else { return .lacking("J7", claim, basis: basis, expected: expected) }
        var holds = true
        let parts = rows.map { _, _, k, row -> String in
            let exact = row["atoms"]?["exact"]?.double ?? 1
            let mean = row["atoms"]?["mean"]?.double ?? .nan
            let error = row["atoms"]?["error"]?.double ?? 0
            holds = holds && (mean / exact - 1).magnitude < 0.03 + 2 * error / exact
            return
                "K = \(Told.number(k, 2)): \(Told.withError(mean, error, 4)) of \(Told.number(exact, 4))"
        }
        return CheckedClaim(
            id: "J7", claim: claim, basis: basis, expected: expected,
            measured: parts.joined(separator: "; "), verdict: .init(holds),
            inputs: rows.map { $0.input })
    }
}
