import Numerics
import Workbench

/// What a reader should know of how an optimum was found: bounds, other minima, descents that disagree.
struct SearchWarnings {
    private let law: FittedLaw
    /// Both ends of each parameter's interval, where it has one.
    private let ends: [(low: Double, high: Double)?]

    /// Takes the intervals of the parameters where the law has some.
    init(_ law: FittedLaw, ends: [(low: Double, high: Double)?] = []) {
        self.law = law
        self.ends = ends.isEmpty ? law.natural.map { _ in nil } : ends
    }

    /// A line a kind, the gravest first.
    var texts: [String] { others + disagreement + bounds + start + tradeOff }

    /// Minima that are nearly as good.
    ///
    /// Where the objective is flat at its bottom, as sums of absolute values are between points, descents end
    /// all along it. This is told where an interval does not hold it.
    private var others: [String] {
        let found = law.certificate.search.others.filter {
            $0.excess > SearchWarnings.flat || !isWithinIntervals($0)
        }.map { $0.text(law.form) }
        guard !found.isEmpty else { return [] }
        let what = found.count == 1 ? "another minimum" : "\(found.count) other minima"
        return ["\(what): \(found.joined(separator: "; "))"]
    }

    /// Minima that differ by less are one stretch.
    private static let flat = 1e-9

    private func isWithinIntervals(_ minimum: LawMinimum) -> Bool {
        zip(minimum.natural, zip(ends, law.held)).allSatisfy { value, known in
            let (ends, isHeld) = known
            return isHeld || ends.map { $0.low <= value && value <= $0.high } ?? false
        }
    }

    private var disagreement: [String] {
        let certificate = law.certificate
        guard certificate.agreeing * 2 < certificate.starts else { return [] }
        return [
            "only \(certificate.agreeing) of \(certificate.starts) descents reached the best value"
        ]
    }

    private var bounds: [String] {
        let bound = law.certificate.atBound
        guard !bound.isEmpty else { return [] }
        return [
            bound.joined(separator: ", ")
                + (bound.count == 1 ? " is at its bound" : " are at their bounds")
        ]
    }

    private var start: [String] {
        law.certificate.didMove ? [] : ["the best descent did not move from its start"]
    }

    private var tradeOff: [String] {
        guard law.certificate.condition > 1e8 else { return [] }
        return [
            "\(law.certificate.weakest.joined(separator: ", ")) trade off: condition number "
                + Markup.significant(law.certificate.condition)
        ]
    }
}
