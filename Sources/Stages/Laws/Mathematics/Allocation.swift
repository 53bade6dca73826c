import Canon
import Experiment
import Numerics
import Workbench

/// Where a law of N and D is lowest for given compute.
enum Allocation {
    /// What a token costs, in FLOPs, as a function of N.
    enum Cost {
        /// 6N, as in Kaplan et al. and Hoffmann et al.
        case sixND
        /// An expression over N.
        case expression(Expression)

        func perToken(_ n: Double) throws -> Double {
            switch self {
            case .sixND: return 6 * n
            case .expression(let expression):
                guard let value = try expression.value(["N": .number(n)]).double, value > 0 else {
                    throw FormatError("flops_per_token: expected a positive number at N = \(n)")
                }
                return value
            }
        }
    }

    /// The optimum for parameters, or `nil` where the law has none inside.
    ///
    /// Chinchilla's law under 6ND has a closed form (Hoffmann et al., eq. 4); otherwise a golden
    /// section over log N, 10⁻¹⁰ wide, in the bracket of a scan over 24 decades.
    static func optimum(
        _ law: LawFile, natural: [Double]? = nil, compute: Double, cost: Cost
    ) -> (n: Double, d: Double, loss: Double)? {
        let natural = natural ?? law.natural
        if case .sixND = cost, law.form.name == "chinchilla" {
            let (a, b, alpha, beta) = (natural[1], natural[2], natural[3], natural[4])
            guard a > 0, b > 0, alpha > 0, beta > 0 else { return nil }
            let g = (Elementary.log(alpha * a) - Elementary.log(beta * b)) / (alpha + beta)
            let logC = Elementary.log(compute / 6)
            let logN = g + beta / (alpha + beta) * logC
            let (n, d) = (Elementary.exp(logN), Elementary.exp(logC - logN))
            return (n, d, law.form.predict(natural, [[n], [d]], law.scale)[0])
        }
        func loss(_ logN: Double) -> Double {
            let n = Elementary.exp(logN)
            guard let cost = try? cost.perToken(n) else { return .infinity }
            let value = law.form.predict(natural, [[n], [compute / cost]], law.scale)[0]
            return value.isFinite ? value : .infinity
        }
        let middle = 0.5 * Elementary.log(compute)
        let scan = (0...96).map { middle - 27.6 + 0.575 * Double($0) }
        let values = scan.map(loss)
        guard let best = values.indices.min(by: { values[$0] < values[$1] }), best > 0,
            best < 96
        else { return nil }
        let logN = GoldenSections(
            from: scan[best - 1], to: scan[best + 1], width: 1e-8, ties: .right, loss
        ).middle
        let n = Elementary.exp(logN)
        guard let cost = try? cost.perToken(n) else { return nil }
        return (n, compute / cost, loss(logN))
    }

    /// A point of an allocation file, with intervals over samples where there are enough.
    static func row(
        _ compute: Double, _ best: (n: Double, d: Double),
        _ samples: [(n: Double, d: Double)], _ level: Double
    ) -> JSON {
        func number(_ value: Double, _ of: ((n: Double, d: Double)) -> Double) -> JSON {
            let found = BootstrapInterval.percentile(samples.map(of), level)
            return [
                "value": .finite(value), "low": .finite(found?.low),
                "high": .finite(found?.high),
            ]
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

    /// A number with its interval.
    static func number(_ value: Double, _ samples: [Double], _ level: Double) -> JSON {
        let found = BootstrapInterval.percentile(samples, level)
        return [
            "value": .finite(value), "low": .finite(found?.low),
            "high": .finite(found?.high),
        ]
    }
}
