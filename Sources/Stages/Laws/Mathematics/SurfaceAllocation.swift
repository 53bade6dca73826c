import Canon
import Numerics
import Workbench

/// Approach 3: the compute-optimal N and D of a fitted law, with intervals by the rule of its own.
///
/// D and D/N follow from N where compute is given, so the interval of N gives theirs; b follows from a.
struct SurfaceAllocation {
    private let law: LawFile
    private let optimum: ComputeOptimum
    private let level: Double
    /// Why numbers have no interval, each reason once.
    private var reasons: [String] = []
    /// The largest number of bootstrap samples that have no answer somewhere.
    private var lost = 0

    init(_ law: LawFile, _ cost: ComputeOptimum.Cost, level: Double) {
        self.law = law
        self.level = level
        optimum = ComputeOptimum(law, cost)
    }

    /// N, D and D/N at a budget.
    ///
    /// - Throws: ``FormatError`` where the law has no optimum there.
    mutating func row(_ compute: Double) throws -> JSON {
        let optimum = optimum
        guard let best = optimum.allocation(law.natural, compute: compute) else {
            throw FormatError("no interior optimum at C = \(compute)")
        }
        let ends = ends(
            LawQuantity(isPositive: true) {
                optimum.size($0, compute: compute, near: best.n) ?? .nan
            })
        func number(_ value: Double, _ of: (Double, Double) -> Double) throws -> JSON {
            guard let ends else { return Allocation.number(value, nil) }
            let moved = try [ends.low, ends.high].map { n in
                // Beyond what the points bound there is no data, or nothing else than data.
                n > 0 && n.isFinite
                    ? of(n, try optimum.tokens(compute, n)) : of(n, n > 0 ? 0 : .infinity)
            }
            return Allocation.number(value, (moved.min() ?? .nan, moved.max() ?? .nan))
        }
        return [
            "C": .number(compute), "N": try number(best.n) { n, _ in n },
            "D": try number(best.d) { $1 }, "DperN": try number(best.d / best.n) { $1 / $0 },
        ]
    }

    /// The exponents a and b of N and D in C, over the decade above some compute; `null` without an optimum.
    mutating func exponents(from compute: Double) -> (a: JSON, b: JSON) {
        let optimum = optimum
        guard let a = optimum.exponent(law.natural, from: compute) else { return (.null, .null) }
        let near = [compute, 10 * compute].compactMap {
            optimum.size(law.natural, compute: $0)
        }
        let ends = ends(
            LawQuantity { optimum.exponent($0, from: compute, near: near) ?? .nan })
        return (
            Allocation.number(a, ends),
            Allocation.number(1 - a, ends.map { (1 - $0.high, 1 - $0.low) })
        )
    }

    /// What a reader should know of the intervals.
    var warnings: [String] {
        let drawn = law.samples.count
        return reasons
            + (reasons.isEmpty ? Allocation.lost(drawn - lost, of: drawn) : [])
    }

    /// Both ends of a quantity's interval; `nil` where it has none, with the reason kept.
    private mutating func ends(_ quantity: LawQuantity) -> (low: Double, high: Double)? {
        if law.intervalMethod == LawIntervals.Method.percentile.rawValue {
            lost = max(lost, law.samples.count { quantity.of($0).isNaN })
        }
        switch law.interval(of: quantity, level: level) {
        case .success(let ends): return ends
        case .failure(let reason):
            let isSaid = "\(reason)".hasPrefix("no interval")
            let text = isSaid ? "\(reason)" : "no interval: \(reason)"
            if !reasons.contains(text) { reasons.append(text) }
            return nil
        }
    }
}
