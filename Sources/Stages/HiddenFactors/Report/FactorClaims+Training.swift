import Canon
import Numerics
import System
import Workbench

/// Claims about training on all inputs or on fresh ones.
extension FactorClaims {
    func capacity(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (series, input) = find("capacity") {
            var parts: [String] = []
            var measured: [String: Double] = [:]
            var holds = true
            for curve in series.curves {
                guard let chibar = curve.facts["chibar"], let half = curve.at(chibar / 2),
                    let whole = curve.at(chibar), let twice = curve.at(2 * chibar)
                else { continue }
                let (before, after) = (half.mean / whole.mean, whole.mean / twice.mean)
                holds = holds && before >= 8 && after <= 5
                measured["below_\(place(chibar))"] = before
                measured["above_\(place(chibar))"] = after
                measured["runs"] = Double(half.count)
                parts.append(
                    "χ̄ = \(place(chibar)): "
                        + page.number(
                            "\(text(before)) times below, \(text(after)) times above", from: [input]
                        )
                        + " (\(text(half.mean)), \(text(whole.mean)), \(text(twice.mean)))")
            }
            if !parts.isEmpty {
                outcome = Outcome(holds, parts.joined(separator: "; ") + ".", measured)
            }
        }
        return entry(
            3, "The width needed is about χ̄",
            basis: "the authors' code draws χ̄ as the threshold; pilot",
            test: """
                compression, mean of the last loss: L(χ̄/2) / L(χ̄) at least 8 and L(χ̄) / L(2χ̄) \
                at most 5, wherever all three widths were run
                """,
            expected: "400 and 2.3 for χ̄ = 6, 34 and 2.5 for χ̄ = 12: a knee, not a jump", outcome)
    }

    func compression(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (series, input) = find("compression"), let points = series.curves.first?.points,
            points.count > 2, let slope = FactorClaims.overallSlope(points)
        {
            let holds =
                FactorClaims.isIncreasing(points.map { $0.mean }) && (0.7...2.2).contains(slope)
            outcome = Outcome(
                holds,
                list(&page, points.map { ("χ = \(place($0.x))", $0.mean) }, input)
                    + "; slope from end to end \(text(slope)).",
                ["slope": slope]
            )
        }
        return entry(
            4, "More complex data is compressed more slowly", basis: "stored figure, pilot",
            test:
                "compression to the same step: mean loss strictly increasing in χ, log-log slope 0.7 to 2.2",
            expected:
                "7.5e-6, 3.6e-5, 8.7e-5, 1.15e-4 at N = 256, slope 1.3; 1.7 at full size after 1,000 epochs",
            outcome)
    }

    func width(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (flops, input) = find("width-flops"), let (steps, other) = find("width-steps"),
            let a = flops.curves.first, let b = steps.curves.first, let chibar = a.facts["chibar"],
            let free = FactorClaims.spread(a.points.filter { $0.x >= chibar }.map { $0.mean }),
            let costly = FactorClaims.spread(b.points.filter { $0.x >= chibar }.map { $0.mean })
        {
            outcome = Outcome(
                free <= 3 && costly >= 5,
                """
                From d = χ̄ = \(place(chibar)) on: a factor \
                \(page.number(text(free), from: [input])) at equal operations, \
                \(page.number(text(costly), from: [other])) at equal steps. At equal operations, 
                """
                    + list(&page, a.points.map { ("d = \(place($0.x))", $0.mean) }, input) + ".",
                ["spread_by_operations": free, "spread_by_steps": costly]
            )
        }
        return entry(
            5, "Beyond χ̄ width is free per operation", basis: "stored figure, pilot",
            test: """
                compression, 1 parent, log-cosine: means of all widths from χ̄ on within a factor \
                3 at equal operations, apart by 5 or more after 100 steps
                """,
            expected:
                "9.7e-4, 8.1e-4, 7.1e-4 at 1e10 operations for d = 8, 16, 32; 19 times apart at epoch 100",
            outcome)
    }

    func singlePass(_ page: inout ReportPage) -> Entry {
        var outcome: Outcome?
        if let (series, input) = find("single-pass-final") {
            var parts: [String] = []
            var measured: [String: Double] = [:]
            var holds = true
            for curve in series.curves where curve.points.count > 2 {
                let points = curve.points
                let rank = rankCorrelation(points.map { $0.x }, points.map { $0.geometric })
                let slope = FactorClaims.overallSlope(points, geometric: true) ?? .nan
                holds = holds && rank > 1 - 1e-9
                let name = curve.value.double.map { FactorSeries.text($0) } ?? ""
                measured["rank_\(name)"] = rank
                measured["slope_\(name)"] = slope
                parts.append(
                    (curve.label.isEmpty ? "" : "\(Markup.escape(curve.label)): ")
                        + "Spearman's correlation \(page.number(text(rank), from: [input])); geometric means "
                        + list(&page, points.map { ("χ = \(place($0.x))", $0.geometric) }, input)
                        + "; slope from end to end \(text(slope))")
            }
            if !parts.isEmpty {
                outcome = Outcome(holds, parts.joined(separator: ". ") + ".", measured)
            }
        }
        return entry(
            6, "In a single pass, speed is ordered by χ", basis: "seed text, stored figure, pilot",
            test: """
                for each α the last loss, geometric mean over all tasks of equal χ: rank \
                correlation with χ of 1
                """,
            expected:
                "1; at N = 256 and α = 0.1 from 3e-3 (χ = 32) to 3.6e-2 (χ = 4096), slope 0.43, saturating",
            outcome)
    }
}
