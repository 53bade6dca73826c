import Canon
import Numerics
import Workbench

/// The claims of docs/POWER-LAW-SPECTRA.md, numbered as there.
///
/// Expected values come from an independent implementation; what is measured is computed here, or comes
/// from the runs.
struct OnlineClaims {
    let curves, average, tail, features, pairs, pairTheories: [OnlineCurve]

    static let paper = "the paper, as reported by its abstract, captions and reviews"
    static let ours = "ours: derived and checked numerically"

    func claim(_ number: Int, _ page: inout ReportPage) throws -> NumberedClaim {
        switch number {
        case 1: closedForm(&page)
        case 2: largestRate()
        case 3: largestRateFull()
        case 4: powerLaw()
        case 5: tailOfSGD(&page)
        case 6: noiseFactor()
        case 7: floors()
        case 8: featureRuns(&page)
        case 9: equations(&page)
        case 10: try plateauHeight()
        case 11: try escapeRate()
        case 12: try plateauEnds()
        case 13: quadratic()
        case 14: crossover()
        default: figureOne(&page)
        }
    }

    static func text(_ values: [Double], _ digits: Int = 4) -> String {
        values.map { Markup.significant($0, digits) }.joined(separator: ", ")
    }

    /// Whether each value is within a relative tolerance.
    static func agree(_ values: [Double], _ expected: [Double], _ tolerance: Double) -> Bool {
        values.count == expected.count
            && zip(values, expected).allSatisfy {
                ($0 - $1).magnitude <= tolerance * $1.magnitude
            }
    }

    /// Runs against expectations: each mean within the 99.7 % interval of Student's distribution,
    /// and so many per cent besides.
    func compare(
        _ curves: [OnlineCurve], at times: [Double], _ expected: [Double], slack: Double,
        _ page: inout ReportPage
    ) -> (text: String, holds: Bool?) {
        let ensemble = OnlineEnsemble(label: .null, curves: curves)
        let moments = times.map { ensemble.moments(at: $0) }
        guard curves.count > 1, moments.allSatisfy({ $0 != nil }) else {
            return ("this run has no measurements for it", nil)
        }
        let width = Distributions.studentQuantile(central: 0.9973, degrees: curves.count - 1)
        var (parts, holds): ([String], Bool) = ([], true)
        for (moment, value) in zip(moments.compactMap { $0 }, expected) {
            parts.append(
                "\(Markup.significant(moment.mean, 4)) ± \(Markup.significant(moment.error, 2))")
            holds =
                holds && (moment.mean - value).magnitude <= width * moment.error + slack * value
        }
        let text = page.number(
            parts.joined(separator: ", "), from: curves.map { $0.input })
        return ("\(text) over \(curves.count) seeds", holds)
    }
}
