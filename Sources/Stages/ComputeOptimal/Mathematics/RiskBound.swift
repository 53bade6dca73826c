import Numerics
import System

/// An upper bound on the reducible error, in nats, of a learner with so many units and examples.
///
/// Teacher: ``ProcessTeacher`` of input dimension d and complexity K, gain 1. A bound is the sum of an
/// estimation term, which falls with the number of examples T, and a misspecification term, which falls
/// with the number of units n; n is taken as a real number of at least 1. docs/COMPUTE-OPTIMAL.md has the
/// proof of ``Variant/ours`` and says where each of the others comes from.
package struct RiskBound: Sendable {
    /// Which bound.
    package enum Variant: String, Sendable, CaseIterable {
        /// Kd/T + K/n, p = nd: without logarithms; its optimum is known in closed form.
        case stripped
        /// The bound that docs/COMPUTE-OPTIMAL.md proves, p = n(d + 1).
        case ours
        /// A bound recalled from memory and checked against no text: it supports no claim about a paper.
        case recalled
        /// p log T/T + K/n, p = nd: an estimation error that grows with the width, as Barron's (1994).
        case barron
    }

    /// Which bound.
    package let variant: Variant
    /// The inputs' dimension d, and the teacher's complexity K.
    package let dimension, complexity: Double

    /// Names a bound.
    package init(_ variant: Variant, dimension: Double, complexity: Double) {
        precondition(dimension >= 1 && complexity > 0, "d = \(dimension), K = \(complexity)")
        self.variant = variant
        self.dimension = dimension
        self.complexity = complexity
    }

    /// Parameters of a learner with so many units.
    package func parameters(units n: Double) -> Double { n * parametersPerUnit }

    /// Parameters a unit.
    package var parametersPerUnit: Double { variant == .ours ? dimension + 1 : dimension }

    /// The fewest examples that the bound speaks of: log T/T rises up to T = e.
    package var leastSamples: Double { variant == .barron ? 2.718281828459045 : 1 }

    /// Both terms, in nats, for n ≥ 1 units and T ≥ ``leastSamples`` examples.
    package func terms(units n: Double, samples t: Double) -> (
        estimation: Double, misspecification: Double
    ) {
        let (d, k) = (dimension, complexity)
        switch variant {
        case .stripped: return (k * d / t, k / n)
        case .barron: return (n * d * Elementary.log(t) / t, k / n)
        case .ours:
            let atoms = 1 + k * Elementary.log1p((n - 1) / k)
            // The scale of the net that minimises the sum; never coarser than the sphere's radius.
            let square = min(1, 2 * atoms * d * n / (t * (k + n)))
            let entropy =
                Elementary.log(2 * n) + d * (Elementary.log(3) - 0.5 * Elementary.log(square))
            return (atoms * entropy / t, 0.25 * (k / (2 * n) + square * (k + n) / n))
        case .recalled:
            let growth = Elementary.log1p(n / k)
            let square = min(1, n * growth / (3 * t))
            let entropy = Elementary.log(2 * n) + d * (Elementary.log(3) - Elementary.log(square))
            return (k * growth * entropy / t, 3 * k * (1 + d * square) / n)
        }
    }

    /// The bound, in nats.
    package func value(units n: Double, samples t: Double) -> Double {
        let terms = terms(units: n, samples: t)
        return terms.estimation + terms.misspecification
    }
}

/// Where a bound is least for a compute of C = p·T.
package struct RiskOptimum: Sendable, Equatable {
    /// The compute, in parameters times examples.
    package let compute: Double
    /// Units, parameters and examples there.
    package let units, parameters, samples: Double
    /// The two terms there, in nats.
    package let estimation, misspecification: Double
    /// The local slope d ln p*/d ln C.
    package let slope: Double

    /// The bound there, in nats.
    package var error: Double { estimation + misspecification }
}

extension RiskBound {
    /// The least value over n ≥ 1 with T = C/p ≥ ``leastSamples``.
    ///
    /// ``LineMinimum`` over log n; the slope is a central difference over a tenth of a decade on either
    /// side. Error: relative 10⁻⁷ of p*, absolute 10⁻⁵ of the slope. C must be at least 10 parameters of
    /// one unit.
    package func optimum(compute: Double) -> RiskOptimum {
        let units = leastUnits(compute)
        let samples = compute / parameters(units: units)
        let terms = terms(units: units, samples: samples)
        let (above, below) = (
            leastUnits(compute * 1.2589254117941673), leastUnits(compute / 1.2589254117941673)
        )
        return RiskOptimum(
            compute: compute, units: units, parameters: parameters(units: units), samples: samples,
            estimation: terms.estimation, misspecification: terms.misspecification,
            slope: (Elementary.log(above) - Elementary.log(below)) / (2 * 0.23025850929940456))
    }

    private func leastUnits(_ compute: Double) -> Double {
        let most = Elementary.log(max(1.000001, compute / (parametersPerUnit * leastSamples)))
        let least = LineMinimum.find(from: 0, to: most) { u in
            let n = Elementary.exp(u)
            return value(units: n, samples: max(leastSamples, compute / parameters(units: n)))
        }
        return Elementary.exp(least.place)
    }
}
