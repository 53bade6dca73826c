import Canon

/// Reads the values of an axis: a list, a range, a count.
struct AxisReader {
    let diagnostics: Diagnostics
    /// The most values that one axis may have.
    static let largest = 1_000_000

    func read(_ key: YAMLKey, _ value: YAMLValue) -> ExperimentSyntax.Axis? {
        if let elements = value.elements {
            return finish(key, value, elements.map { $0.json }, isReplicate: false)
        }
        guard
            let members = checkedMapping(
                value, "axis `\(key.name)`",
                ["from", "to", "points", "step", "scale", "round", "count", "values", "replicate"],
                diagnostics)
        else { return nil }
        let isMarked = members["replicate"]?.json.bool
        if let count = members["count"] {
            guard members.keys.allSatisfy({ ["count", "replicate"].contains($0) }) else {
                diagnostics.add(
                    "`count` stands beside other keys", value.place,
                    ["expected: {count: N} alone, for the values 0 to N − 1"])
                return nil
            }
            guard let number = count.json.integer, number > 0, number <= AxisReader.largest else {
                diagnostics.add(
                    "`count` is \(count.found)", count.place,
                    ["expected: a whole number from 1 to \(AxisReader.largest)"])
                return nil
            }
            return finish(
                key, value, (0..<number).map { .number(Double($0)) }, isReplicate: isMarked ?? true)
        }
        if let values = members["values"] {
            guard let elements = values.elements else {
                diagnostics.add("`values` is \(values.found)", values.place, ["expected: a list"])
                return nil
            }
            return finish(key, value, elements.map { $0.json }, isReplicate: isMarked ?? false)
        }
        guard let numbers = range(value, members) else { return nil }
        return finish(key, value, numbers.map { .number($0) }, isReplicate: isMarked ?? false)
    }

    private func finish(
        _ key: YAMLKey, _ value: YAMLValue, _ values: [JSON], isReplicate: Bool
    ) -> ExperimentSyntax.Axis? {
        guard !values.isEmpty else {
            diagnostics.add(
                "axis `\(key.name)` is empty", value.place, ["expected: at least one value"])
            return nil
        }
        // Values are the same where their bytes are: Swift takes two forms of `é` for one.
        var seen: Set<[UInt8]> = []
        let unique = values.filter { seen.insert($0.canonical()).inserted }
        if unique.count < values.count, value.elements != nil {
            diagnostics.add(
                "axis `\(key.name)` has a value twice", value.place, ["give each value once"])
            return nil
        }
        return ExperimentSyntax.Axis(name: key, values: unique, isReplicate: isReplicate)
    }

    private func number(_ members: [String: YAMLValue], _ name: String, _ value: YAMLValue)
        -> Double?
    {
        guard let member = members[name] else {
            diagnostics.add(
                "`\(name)` is missing", value.place,
                ["expected: a list, {from, to, points}, {from, to, step} or {count}"])
            return nil
        }
        guard let number = member.json.double else {
            diagnostics.add("`\(name)` is \(member.found)", member.place, ["expected: a number"])
            return nil
        }
        return number
    }

    private func range(_ value: YAMLValue, _ members: [String: YAMLValue]) -> [Double]? {
        guard let from = number(members, "from", value), let to = number(members, "to", value)
        else {
            return nil
        }
        let rounds = members["round"]?.json.bool ?? false
        if members["step"] != nil {
            guard let step = number(members, "step", value) else { return nil }
            let steps = ((to - from) / step).rounded(.down)
            guard step != 0, steps >= 0, steps < Double(AxisReader.largest) else {
                diagnostics.add(
                    "`step` does not lead from `from` to `to` in 1 to \(AxisReader.largest) steps",
                    value.place)
                return nil
            }
            return (0...Int(steps)).map { from + Double($0) * step }
        }
        guard let points = number(members, "points", value) else { return nil }
        guard let count = Int(exactly: points), count >= 1, count <= AxisReader.largest else {
            diagnostics.add(
                "`points` is \(points)", members["points"]?.place ?? value.place,
                ["expected: a whole number from 1 to \(AxisReader.largest)"])
            return nil
        }
        let scale = members["scale"]?.text ?? "linear"
        guard scale == "linear" || scale == "log" else {
            diagnostics.add(
                "unknown scale `\(scale)`", members["scale"]?.place ?? value.place,
                notes(forUnknown: scale, allowed: ["linear", "log"]))
            return nil
        }
        guard scale == "linear" || (from > 0 && to > 0) else {
            diagnostics.add(
                "a logarithmic range reaches 0 or below", value.place,
                ["expected: `from` and `to` greater than 0"])
            return nil
        }
        return (0..<count).map { index in
            var point = from
            if index == count - 1 && count > 1 {
                point = to
            } else if index > 0 {
                let t = Double(index) / Double(count - 1)
                if scale == "log" {
                    let (low, high) = (DeterministicMath.log2(from), DeterministicMath.log2(to))
                    point = DeterministicMath.exp2(low + t * (high - low))
                } else {
                    point = from + t * (to - from)
                }
            }
            return rounds ? point.rounded() : point
        }
    }
}
