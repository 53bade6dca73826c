import Canon
import Numerics
import Workbench

/// The file `minimum.json`, format `bitlaw/minimum/1`.
struct MinimumDocument {
    let laws: WeightedLaws
    let region: InputRegion
    let best: RegionMinimum
    let agreeing: Int
    let samples: [RegionMinimum]
    let level: Double

    func json() -> JSON {
        let value = estimate(best.value, samples.map { $0.value })
        return [
            "format": "bitlaw/minimum/1", "confidence": .number(level),
            "summary": .string(summary(value)),
            "inputs": .object(
                Dictionary(laws.columns.indices.map { (laws.columns[$0], input($0)) }) { $1 }),
            "value": value, "samples": .number(Double(samples.count)),
            "starts": .number(Double(region.starts.count)),
            "agreeing": .number(Double(agreeing)), "rest": .number(best.rest),
            "warnings": .array(warnings.map { .string($0) }),
        ]
    }

    private func estimate(_ value: Double, _ values: [Double]) -> JSON {
        let interval = BootstrapInterval.percentile(values, level)
        return [
            "value": .finite(value), "low": .finite(interval?.low), "high": .finite(interval?.high),
        ]
    }

    private func input(_ place: Int) -> JSON {
        let at = best.place[place]
        let fitted = laws.fitted[place]
        var members =
            estimate(at, samples.map { $0.place[place] }).members ?? [:]
        members["fitted"] = [.number(fitted.low), .number(fitted.high)]
        members["atBound"] = .bool(at == region.lower[place] || at == region.upper[place])
        members["isBeyond"] = .bool(isBeyond(place))
        return .object(members)
    }

    private func isBeyond(_ place: Int) -> Bool {
        let (at, fitted) = (best.place[place], laws.fitted[place])
        let slack = 1e-9 * (fitted.high - fitted.low)
        return at < fitted.low - slack || at > fitted.high + slack
    }

    private func summary(_ value: JSON) -> String {
        let parts = laws.columns.indices.map {
            "\(laws.columns[$0]) \(Told.interval(input($0)))"
        }
        let percent = Markup.significant(level * 100, 2)
        return
            "least \(Told.interval(value, 4)) at \(parts.joined(separator: ", "))  (\(percent) %)"
    }

    private var warnings: [String] {
        var (beyond, bound): ([String], [String]) = ([], [])
        for place in laws.columns.indices {
            let fitted = laws.fitted[place]
            let at = best.place[place]
            let name = "\(laws.columns[place]) = \(Markup.significant(at))"
            if isBeyond(place) {
                let (low, high) = (Markup.significant(fitted.low), Markup.significant(fitted.high))
                beyond.append("\(name) lies outside of the fitted \(low) to \(high)")
            } else if at == region.lower[place] || at == region.upper[place] {
                bound.append(name)
            }
        }
        var warnings: [String] = []
        if !beyond.isEmpty {
            warnings.append("\(beyond.joined(separator: "; ")): the minimum extrapolates")
        }
        if !bound.isEmpty {
            let are = bound.count == 1 ? "lies at its bound" : "lie at their bounds"
            warnings.append("\(bound.joined(separator: ", ")) \(are)")
        }
        if agreeing < region.starts.count {
            warnings.append(
                "\(agreeing) of \(region.starts.count) starts reached this minimum; the laws have others"
            )
        }
        if best.rest > 1e-6 {
            warnings.append(
                "the descent did not come to rest: \(Markup.significant(best.rest)) left")
        }
        return warnings
    }
}
