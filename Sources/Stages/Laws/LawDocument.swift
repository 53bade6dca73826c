package import Cache
import Numerics
import Pipeline

/// The file `law.json`: everything that a reader needs to use a law and to judge it.
enum LawDocument {
    static func json(
        _ context: StageContext, _ data: LawData, _ fit: PowerLawFit, _ samples: [PowerLawFit],
        _ hasFloor: Bool
    ) -> JSON {
        let level = context.parameters.number("confidence")
        let yName = context.parameters.text("y")
        let xName = context.parameters.text("x")
        func parameter(_ value: Double, _ of: (PowerLawFit) -> Double, _ text: String) -> JSON {
            let interval = Quantiles.interval(samples.map(of), level)
            return [
                "value": .number(value), "meaning": .string(text),
                "low": interval.map { .number($0.low) } ?? .null,
                "high": interval.map { .number($0.high) } ?? .null,
            ]
        }
        var parameters: [String: JSON] = [
            "A": parameter(fit.prefactor, { $0.prefactor }, "prefactor, in the unit of \(yName)"),
            "alpha": parameter(fit.exponent, { $0.exponent }, "exponent"),
        ]
        if hasFloor {
            parameters["E"] = parameter(fit.floor, { $0.floor }, "floor, in the unit of \(yName)")
        }
        let formula = hasFloor ? "\(yName) = E + A·\(xName)^-alpha" : "\(yName) = A·\(xName)^-alpha"
        return [
            "format": "bitlaw/law/1", "form": context.parameters.value("form"),
            "formula": .string(formula), "x": .string(xName), "y": .string(yName),
            "parameters": .object(parameters), "confidence": .number(level),
            "interval": "percentile bootstrap",
            "bootstrap": [
                "samples": .number(Double(samples.count)),
                "asked": context.parameters.value("bootstrap"),
                "resampled": context.parameters.isNull("group")
                    ? "points" : .string("groups of \(context.parameters.text("group"))"),
            ],
            "objective": [
                "name": "sum of squared log residuals", "value": .number(fit.objective),
            ],
            "points": .number(Double(data.x.count)),
            "range": [
                .number(data.x.min() ?? 0), .number(data.x.max() ?? 0),
            ],
            "heldOut": [
                "points": .number(Double(data.heldOut.count)),
                "logError": data.heldOutError(fit).map { .number($0) } ?? .null,
            ],
            "certificate": [
                "scaledGradient": .number(fit.scaledGradient),
                "condition": .number(fit.condition), "starts": .number(Double(fit.starts)),
                "agreeing": .number(Double(fit.agreeing)),
                "atBound": fit.isFloorAtBound ? ["E"] : [],
            ],
        ]
    }
}

/// A fitted law in one line.
package enum LawSummary {
    /// Formula and parameters with their intervals, as `run` prints them.
    package static func text(_ law: JSON) -> String {
        let parameters = law["parameters"]?.members ?? [:]
        func value(_ name: String) -> Double { parameters[name]?["value"]?.double ?? 0 }
        func interval(_ name: String) -> String {
            guard let low = parameters[name]?["low"]?.double,
                let high = parameters[name]?["high"]?.double
            else { return "" }
            return " [\(Markup.significant(low)), \(Markup.significant(high))]"
        }
        let floor = parameters["E"] == nil ? "" : "\(Markup.significant(value("E"))) + "
        var text =
            "\(law["y"]?.text ?? "y") = \(floor)\(Markup.significant(value("A")))·"
            + "\(law["x"]?.text ?? "x")^\(Markup.significant(-value("alpha")))   "
            + "α \(Markup.significant(value("alpha")))\(interval("alpha"))"
        if parameters["E"] != nil {
            text += ", E \(Markup.significant(value("E")))\(interval("E"))"
        }
        let percent = Markup.significant((law["confidence"]?.double ?? 0) * 100, 2)
        text += "  (\(percent) %, \(law["points"]?.integer ?? 0) points)"
        if let error = law["heldOut"]?["logError"]?.double {
            text += ", held-out log error \(Markup.significant(error))"
        }
        return text
    }
}

/// Order statistics.
enum Quantiles {
    /// The quantile by linear interpolation between order statistics (type 7).
    static func quantile(_ sorted: [Double], _ p: Double) -> Double {
        let place = p * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }

    /// The central interval of a level; `nil` for fewer than 20 values.
    static func interval(_ values: [Double], _ level: Double) -> (low: Double, high: Double)? {
        guard values.count >= 20 else { return nil }
        let sorted = values.sorted()
        return (quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2))
    }

    static func median(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : quantile(values.sorted(), 0.5)
    }
}
