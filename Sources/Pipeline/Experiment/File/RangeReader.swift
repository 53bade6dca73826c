import Canon

/// Reads the numbers of a range.
struct RangeReader {
    let fields: FieldReader
    private var diagnostics: Diagnostics { fields.diagnostics }

    init(fields: FieldReader) { self.fields = fields }

    /// The numbers of a mapping that has `from`, `to`, and `step` or `points`; `nil` after a mistake, which
    /// is told.
    func read(_ value: YAMLValue, _ members: [String: YAMLValue]) -> [Double]? {
        guard let from = members["from"].flatMap({ fields.decimal($0, "`from`") }),
            let to = members["to"].flatMap({ fields.decimal($0, "`to`") })
        else { return nil }
        if let step = members["step"] {
            guard let size = fields.decimal(step, "`step`") else { return nil }
            return stepped(from, to, size, value, step)
        }
        guard let written = members["points"],
            let count = fields.whole(written, "`points`", in: 1...AxisReader.largest)
        else { return nil }
        var isLogarithmic = false
        if let scale = members["scale"] {
            guard let name = fields.text(scale, "`scale`", "linear or log") else { return nil }
            guard ["linear", "log"].contains(name) else {
                diagnostics.add(
                    "unknown scale `\(name)`", scale.place,
                    notes(forUnknown: name, allowed: ["linear", "log"]))
                return nil
            }
            isLogarithmic = name == "log"
        }
        var rounds = false
        if let round = members["round"] {
            guard let truth = fields.truth(round, "`round`") else { return nil }
            rounds = truth
        }
        guard let points = points(from, to, count, isLogarithmic: isLogarithmic, value, written)
        else { return nil }
        return distinct(points, rounds: rounds, value)
    }

    private func stepped(
        _ from: Decimal, _ to: Decimal, _ step: Decimal, _ value: YAMLValue, _ written: YAMLValue
    ) -> [Double]? {
        guard let range = NumberRange.stepped(from, to, step: step, most: AxisReader.largest) else {
            diagnostics.add(
                "`step` does not lead from `from` to `to` in 1 to \(AxisReader.largest) points",
                written.place,
                ["expected: a `step` towards `to`, and numbers that share 38 decimal places"])
            return nil
        }
        if !range.reachesEnd, let last = range.values.last {
            diagnostics.warn(
                "the range ends at \(JSON.number(last).canonicalText): `to` is no whole number of steps away",
                value.place)
        }
        return distinct(range.values, rounds: false, value)
    }

    private func points(
        _ from: Decimal, _ to: Decimal, _ count: Int, isLogarithmic: Bool, _ value: YAMLValue,
        _ written: YAMLValue
    ) -> [Double]? {
        guard count > 1 || from == to else {
            diagnostics.add(
                "one point for two ends", written.place,
                ["expected: at least 2 points, for a range holds both of its ends"])
            return nil
        }
        if isLogarithmic { return logarithmic(from, to, count, value) }
        guard let points = NumberRange.linear(from, to, points: count) else {
            diagnostics.add(
                "`from` and `to` are too far apart", value.place,
                ["expected: numbers that share 32 decimal places, or scale: log with positive ones"]
            )
            return nil
        }
        return points
    }

    private func logarithmic(_ from: Decimal, _ to: Decimal, _ count: Int, _ value: YAMLValue)
        -> [Double]?
    {
        guard from.mantissa > 0, to.mantissa > 0 else {
            diagnostics.add(
                "a logarithmic range reaches 0 or below", value.place,
                ["expected: `from` and `to` greater than 0"])
            return nil
        }
        return NumberRange.logarithmic(from, to, points: count)
    }

    /// The points without those that coincide: rounding makes such, and a person is told how many.
    private func distinct(_ points: [Double], rounds: Bool, _ value: YAMLValue) -> [Double]? {
        let values = rounds ? points.map { $0.rounded() } : points
        var seen: Set<Double> = []
        let distinct = values.filter { seen.insert($0).inserted }
        if distinct.count == values.count { return values }
        guard rounds || points.allSatisfy({ $0 == points[0] }) else {
            diagnostics.add(
                "the points are closer together than numbers can be told apart", value.place,
                ["expected: fewer points, or a larger step"])
            return nil
        }
        diagnostics.warn(
            "\(values.count - distinct.count) of \(values.count) points coincide with others "
                + (rounds ? "when rounded " : "") + "and are left out", value.place)
        return distinct
    }
}
