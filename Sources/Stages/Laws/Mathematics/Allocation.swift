import Canon
import Experiment
import Numerics
import Workbench

/// The rows and numbers of an allocation file, and what is said of lost samples.
enum Allocation {
    /// A point of an allocation file, with intervals over samples where there are enough.
    static func row(
        _ compute: Double, _ best: (n: Double, d: Double),
        _ samples: [(n: Double, d: Double)], _ level: Double
    ) -> JSON {
        func number(_ value: Double, _ of: ((n: Double, d: Double)) -> Double) -> JSON {
            Allocation.number(value, samples.map(of), level)
        }
        return [
            "C": .number(compute), "N": number(best.n) { $0.n }, "D": number(best.d) { $0.d },
            "DperN": number(best.d / best.n) { $0.d / $0.n },
        ]
    }

    /// Whether so many of the samples make an interval: all but one in twenty have an answer.
    static func isEnough(_ found: Int, of samples: Int) -> Bool { 20 * found >= 19 * samples }

    /// What to say of samples that have no answer.
    static func lost(_ found: Int, of samples: Int) -> [String] {
        guard found < samples else { return [] }
        return [
            "\(samples - found) of \(samples) bootstrap samples have no answer"
                + (isEnough(found, of: samples)
                    ? " and are left out"
                    : ": no interval is given, for the others are the lucky ones")
        ]
    }

    /// A number with its interval over samples.
    static func number(_ value: Double, _ samples: [Double], _ level: Double) -> JSON {
        let found = BootstrapInterval.percentile(samples, level)
        return [
            "value": .finite(value), "low": .finite(found?.low),
            "high": .finite(found?.high),
        ]
    }

    /// A number with both ends of its interval; infinite ones are `null` and named in `unbounded`.
    static func number(_ value: Double, _ ends: (low: Double, high: Double)?) -> JSON {
        var members: [String: JSON] = [
            "value": .finite(value), "low": .finite(ends?.low), "high": .finite(ends?.high),
        ]
        let open = [("low", ends?.low), ("high", ends?.high)].filter { $0.1?.isFinite == false }
        if !open.isEmpty { members["unbounded"] = .array(open.map { .string($0.0) }) }
        return .object(members)
    }
}
