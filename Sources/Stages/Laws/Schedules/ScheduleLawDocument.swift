import Canon
import Numerics
import Workbench

/// The `law.json` of a law of schedules, format `bitlaw/schedule-law/1`.
struct ScheduleLawDocument {
    let form: MultiPower
    let objective: LawObjective
    let points: SchedulePoints
    /// The names of the curves.
    let names: [String]
    let natural: [Double]
    let scale: LawScale
    /// The fit; `nil` where the parameters were given.
    let law: FittedLaw?
    /// The first step whose change counts.
    let warmUp: Int

    /// Parameters that were given; `nil` where none was.
    ///
    /// - Throws: ``FormatError`` where one is missing, or has no meaning.
    static func given(_ json: JSON, _ form: MultiPower) throws -> [Double]? {
        guard let members = json.members, !members.isEmpty else { return nil }
        let known = form.parameters.map { $0.name }
        for name in JSON.sorted(members.keys) where !known.contains(name) {
            throw FormatError(
                "at: \(notes(forUnknown: name, allowed: known).joined(separator: "; ")); found \(name)"
            )
        }
        return try known.map { name in
            if let number = members[name]?.double, number > 0 || name == "gamma" { return number }
            throw FormatError(
                "at: \(name): expected a positive number, found "
                    + (members[name]?.canonicalText ?? "none"))
        }
    }

    func json() -> JSON {
        let fitted = form.predict(natural, points.x, scale)
        let heldOut = form.predict(natural, points.heldOutX, scale)
        let cost = zip(fitted, points.y).reduce(0.0) { sum, pair in
            sum + objective.cost(Elementary.log(pair.0) - Elementary.log(pair.1))
        }
        let values = zip(form.parameters, natural).map { parameter, value in
            (
                parameter.name,
                ["value": .finite(value), "meaning": .string(parameter.meaning)] as JSON
            )
        }
        var document: [String: JSON] = [
            "format": "bitlaw/schedule-law/1", "form": .string(form.name),
            "formula": .string(form.formula), "isFitted": .bool(law != nil),
            "countsChangesFrom": .number(Double(warmUp)),
            "names": .array(form.parameters.map { .string($0.name) }),
            "parameters": .object(Dictionary(values) { $1 }),
            "objective": ["name": .string(objective.text), "value": .finite(cost)],
            "points": .number(Double(points.y.count)),
            "error": error(fitted, points.y),
            "heldOut": error(heldOut, points.heldOutY),
            "warnings": .array((law.map { SearchWarnings($0).texts } ?? []).map { .string($0) }),
            "summary": .string(summary(fitted, heldOut)),
        ]
        if let certificate = law?.certificate {
            document["certificate"] = [
                "scaledGradient": .number(certificate.scaledGradient),
                "condition": .number(certificate.condition),
                "tradeOff": .array(certificate.weakest.map { .string($0) }),
                "starts": .number(Double(certificate.starts)),
                "agreeing": .number(Double(certificate.agreeing)),
                "atBound": .array(certificate.atBound.map { .string($0) }),
            ]
        }
        return .object(document)
    }

    /// The mean absolute error, and the root mean square of the logarithm.
    private func error(_ found: [Double], _ y: [Double]) -> JSON {
        let n = Double(y.count)
        guard n > 0 else { return ["points": 0] }
        let logs = zip(found, y).map { Elementary.log($0) - Elementary.log($1) }
        return [
            "points": .number(n), "meanAbsoluteError": .finite(meanError(found, y)),
            "logError": .finite((logs.reduce(0) { $0 + $1 * $1 } / n).squareRoot()),
        ]
    }

    private func meanError(_ found: [Double], _ y: [Double]) -> Double {
        zip(found, y).reduce(0.0) { $0 + ($1.0 - $1.1).magnitude } / Double(max(1, y.count))
    }

    private func summary(_ fitted: [Double], _ heldOut: [Double]) -> String {
        let values = zip(form.parameters, natural).map { "\($0.name) \(LawNumber.text($1, 4))" }
        var text =
            "multi-power \(law == nil ? "at" : "fitted:") \(values.joined(separator: ", ")); "
        text += "mean error \(Markup.significant(meanError(fitted, points.y)))"
        if !heldOut.isEmpty {
            text += ", held out \(Markup.significant(meanError(heldOut, points.heldOutY)))"
        }
        return text
    }

    /// Every row with its prediction.
    func table() -> Table {
        var table = Table(columns: ["curve", "step", "y", "prediction", "heldOut"])
        for (x, y, isHeldOut) in [
            (points.x, points.y, false), (points.heldOutX, points.heldOutY, true),
        ] {
            for (row, value) in form.predict(natural, x, scale).enumerated() {
                table.append([
                    .string(names[Int(x[0][row])]), .number(x[1][row]), .number(y[row]),
                    .finite(value), .number(isHeldOut ? 1 : 0),
                ])
            }
        }
        return table
    }
}
