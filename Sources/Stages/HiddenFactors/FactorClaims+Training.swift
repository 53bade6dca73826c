import Cache
import Numerics
import Pipeline

/// Claims about training on all inputs or on fresh ones.
extension FactorClaims {
    func capacity(_ page: inout ReportPage) -> Entry {
        var outcome: (holds: Bool?, evidence: String)?
        if let (series, input) = find("capacity") {
            var parts: [String] = []
            var holds = true
            for curve in series.curves {
                guard let chibar = curve.facts["chibar"], let half = curve.at(chibar / 2),
                    let whole = curve.at(chibar), let twice = curve.at(2 * chibar)
                else { continue }
                let (before, after) = (half.mean / whole.mean, whole.mean / twice.mean)
                holds = holds && before >= 8 && after <= 5
                parts.append(
                    "χ̄ = \(place(chibar)): "
                        + page.number(
                            "\(text(before)) times below, \(text(after)) times above", from: [input]
                        )
                        + " (\(text(half.mean)), \(text(whole.mean)), \(text(twice.mean)))")
            }
            if !parts.isEmpty { outcome = (holds, parts.joined(separator: "; ") + ".") }
        }
        return entry(
            3, "The width needed is about χ̄",
            basis: "the authors' code draws χ̄ as the threshold; pilot",
            test:
                "compression, mean of the last loss: L(χ̄/2) / L(χ̄) at least 8 and L(χ̄) / L(2χ̄) at most 5, wherever all three widths were run",
            expected: "400 and 2.3 for χ̄ = 6, 34 and 2.5 for χ̄ = 12: a knee, not a jump", outcome)
    }

    func compression(_ page: inout ReportPage) -> Entry {
        var outcome: (holds: Bool?, evidence: String)?
        if let (series, input) = find("compression"), let points = series.curves.first?.points,
            points.count > 2, let slope = FactorClaims.overallSlope(points)
        {
            let holds =
                FactorClaims.isIncreasing(points.map { $0.mean }) && (0.7...2.2).contains(slope)
            outcome = (
                holds,
                list(&page, points.map { ("χ = \(place($0.x))", $0.mean) }, input)
                    + "; slope from end to end \(text(slope))."
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
        var outcome: (holds: Bool?, evidence: String)?
        if let (flops, input) = find("width-flops"), let (steps, other) = find("width-steps"),
            let a = flops.curves.first, let b = steps.curves.first, let chibar = a.facts["chibar"],
            let free = FactorClaims.spread(a.points.filter { $0.x >= chibar }.map { $0.mean }),
            let costly = FactorClaims.spread(b.points.filter { $0.x >= chibar }.map { $0.mean })
        {
            outcome = (
                free <= 3 && costly >= 5,
                "From d = χ̄ = \(place(chibar)) on: a factor \(page.number(text(free), from: [input])) at equal operations, "
                    + "\(page.number(text(costly), from: [other])) at equal steps. At equal operations, "
                    + list(&page, a.points.map { ("d = \(place($0.x))", $0.mean) }, input) + "."
            )
        }
        return entry(
            5, "Beyond χ̄ width is free per operation", basis: "stored figure, pilot",
            test:
                "compression, 1 parent, log-cosine: means of all widths from χ̄ on within a factor 3 at equal operations, apart by 5 or more after 100 steps",
            expected:
                "9.7e-4, 8.1e-4, 7.1e-4 at 1e10 operations for d = 8, 16, 32; 19 times apart at epoch 100",
            outcome)
    }

    func singlePass(_ page: inout ReportPage) -> Entry {
        var outcome: (holds: Bool?, evidence: String)?
        if let (series, input) = find("single-pass-final"),
            let points = series.curves.first?.points,
            points.count > 2
        {
            let rank = rankCorrelation(points.map { $0.x }, points.map { $0.geometric })
            let slope = FactorClaims.overallSlope(points, geometric: true)
            outcome = (
                rank > 1 - 1e-9,
                "Spearman's correlation \(page.number(text(rank), from: [input])); geometric means "
                    + list(&page, points.map { ("χ = \(place($0.x))", $0.geometric) }, input)
                    + "; slope from end to end \(text(slope))."
            )
        }
        return entry(
            6, "In a single pass, speed is ordered by χ", basis: "seed text, stored figure, pilot",
            test:
                "last loss, geometric mean over all tasks of equal χ: rank correlation with χ of 1",
            expected:
                "1; at N = 256 from 3e-3 (χ = 32) to 3.6e-2 (χ = 4096), slope 0.43, saturating",
            outcome)
    }

    func layers(_ page: inout ReportPage) -> Entry {
        var outcome: (holds: Bool?, evidence: String)?
        if let (one, a) = find("layers-1"), let (two, b) = find("layers-2") {
            func last(_ series: FactorSeries, _ layers: Int) -> Double? {
                series.curve(.number(Double(layers)))?.points.last?.mean
            }
            if let none = last(one, 0), let some = last(one, 1), let bad = last(two, 0),
                let good = last(two, 1)
            {
                let deep = [0, 1, 2, 3].map { ("L = \($0)", last(two, $0)) }
                var perOperation = ""
                if let end = two.curve(1)?.points.last,
                    let deeper = two.curve(2)?.points.last(where: { $0.x <= 1.05 * end.x })
                {
                    perOperation =
                        " At the operations of the whole L = 1 run, L = 2 stands at "
                        + page.number(text(deeper.mean), from: [b])
                        + ", its rate still high; L = 1 ends at \(text(end.mean))."
                }
                outcome = (
                    bad > 0.01 && max(none, some, good) < 0.01,
                    "1 parent: "
                        + page.number(
                            "\(text(none)) without a block, \(text(some)) with one", from: [a])
                        + ". 2 parents: " + list(&page, deep, b) + "." + perOperation
                )
            }
        }
        return entry(
            12, "Interacting parents need a block, and one is enough",
            basis: "the authors' choice of one block; pilot",
            test:
                "generalisation, mean of the last loss on unobserved inputs: without blocks above 0.01 with 2 parents and below with 1; with one block below with both",
            expected: "L = 0 fails for 2 parents only; per operation deeper is not better", outcome)
    }

    func rates(_ page: inout ReportPage) -> Entry {
        var outcome: (holds: Bool?, evidence: String)?
        if let (series, input) = find("rates"), !series.curves.isEmpty {
            var parts: [String] = []
            var holds = true
            for curve in series.curves {
                let best = curve.points.min { $0.mean < $1.mean }
                holds = holds && best.map { ($0.x / 0.03 - 1).magnitude < 1e-9 } ?? false
                parts.append(
                    "\(Markup.escape(curve.label)): "
                        + list(&page, curve.points.map { (place($0.x), $0.mean) }, input))
            }
            outcome = (holds, parts.joined(separator: "; ") + ".")
        }
        return entry(
            13, "A learning rate of 0.03 is the right default",
            basis: "the authors' default; pilot",
            test: "generalisation, mean of the last loss on unobserved inputs is least at 0.03",
            expected:
                "1.2e-3, 3.6e-4, 8.9e-4, 4.1e-3, 2.0e-2 at 0.1, 0.03, 0.01, 0.003, 0.001 (2 parents)",
            outcome)
    }
}
