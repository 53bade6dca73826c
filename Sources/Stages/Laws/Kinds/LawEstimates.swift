import Canon
import Numerics

/// A number that a fit gives, with its interval or the reason why there is none.
struct LawEstimate {
    let value: Double
    let interval: Result<(low: Double, high: Double), NoInterval>
    /// The objective along the quantity, where it was asked for.
    var profile: ProfileInterval?

    /// Both ends, where there are two; infinite where the points do not bound them.
    var ends: (low: Double, high: Double)? { try? interval.get() }

    /// `value`, `low`, `high`, and how they were made.
    func members(_ method: LawIntervals.Method) -> [String: JSON] {
        var members: [String: JSON] = ["value": .finite(value)]
        switch interval {
        case .success(let ends):
            members["low"] = .finite(ends.low)
            members["high"] = .finite(ends.high)
            members["interval"] = .string(method.rawValue)
            let open = [("low", ends.low), ("high", ends.high)].filter { !$0.1.isFinite }
            if !open.isEmpty { members["unbounded"] = .array(open.map { .string($0.0) }) }
        case .failure:
            members["low"] = .null
            members["high"] = .null
            members["interval"] = "none"
        }
        if let profile {
            members["profile"] = [
                "low": .finite(profile.low), "high": .finite(profile.high),
                "curve": .array(profile.curve.map { [.finite($0.value), .finite($0.objective)] }),
            ]
        }
        return members
    }
}

/// Everything that a fit gives with an interval: parameters, and exponents that follow from them.
struct LawEstimates {
    let intervals: LawIntervals
    /// In the order of the form; held parameters have no interval and no reason.
    let parameters: [LawEstimate]
    /// By name: a and b of N* ∝ C^a and D* ∝ C^b, where the law has them in closed form.
    let derived: [String: LawEstimate]

    init(_ law: FittedLaw, _ intervals: LawIntervals, _ points: LawPoints, isProfiled: Bool) {
        self.intervals = intervals
        parameters = law.natural.indices.map { place in
            if law.held[place] {
                return LawEstimate(value: law.natural[place], interval: .failure(.noWidth))
            }
            let quantity = LawQuantity.parameter(place, of: law)
            var estimate = LawEstimates.estimate(quantity, law, intervals)
            if isProfiled {
                estimate.profile = try? ProfileInterval(
                    law, points, of: quantity, confidence: intervals.level, isTraced: true)
            }
            return estimate
        }
        derived =
            law.form.name == "chinchilla"
            ? [
                "a": LawQuantity { $0[4] / ($0[3] + $0[4]) },
                "b": LawQuantity { $0[3] / ($0[3] + $0[4]) },
            ].mapValues { LawEstimates.estimate($0, law, intervals) } : [:]
    }

    private static func estimate(
        _ quantity: LawQuantity, _ law: FittedLaw, _ intervals: LawIntervals
    ) -> LawEstimate {
        LawEstimate(
            value: quantity.of(law.natural),
            interval: Result { () throws(NoInterval) in try intervals.interval(of: quantity) })
    }

    /// Why parameters have no interval, each reason once, with their names where others have one.
    func reasons(_ law: FittedLaw) -> [String] {
        var found: [(reason: NoInterval, names: [String])] = []
        for (place, parameter) in parameters.enumerated() where !law.held[place] {
            guard case .failure(let reason) = parameter.interval else { continue }
            let name = law.form.parameters[place].name
            if let known = found.firstIndex(where: { $0.reason == reason }) {
                found[known].names.append(name)
            } else {
                found.append((reason, [name]))
            }
        }
        let isOfAll = found.count == 1 && found[0].names.count == law.freeCount
        return found.map { reason, names in
            isOfAll ? "no interval: \(reason)" : "no interval for \(firstFew(names)): \(reason)"
        }
    }
}
