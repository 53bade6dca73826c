import Canon
import Numerics
import Workbench

/// Laws beside each other, in groups that can be compared.
///
/// A criterion means something only among laws of one y, one objective with its weights, and the same points.
struct LawComparison {
    /// A law, who made it, and which group it is of.
    private struct Entry {
        let producer: String
        let law: JSON
        let group: Int
    }

    private let entries: [Entry]
    private let groupCount: Int

    /// Sorts laws into groups, in the order in which the first of each stands.
    init(_ laws: [(producer: String, law: JSON)]) {
        var known: [[JSON]: Int] = [:]
        entries = laws.map { producer, law in
            let key = [
                law["y"] ?? .null, law["objective"]?["name"] ?? .null,
                law["objective"]?["weights"] ?? .null, law["data"]?["sha256"] ?? .null,
            ]
            let group = known[key] ?? known.count
            known[key] = group
            return Entry(producer: producer, law: law, group: group)
        }
        groupCount = known.count
    }

    /// How laws of a group are ranked: the first of these that all of them have.
    private static let criteria: [(name: String, value: @Sendable (JSON) -> Double?)] = [
        ("aicc", { $0["aicc"]?.double }),
        ("held-out log error", { $0["heldOut"]?["logError"]?.double }),
        ("log error", { $0["logError"]?.double }),
    ]

    /// Why a law has nobody to be compared with; `nil` where it has.
    private func loneliness(_ entry: Entry) -> String? {
        guard entries.count > 1, entries.count(where: { $0.group == entry.group }) == 1 else {
            return nil
        }
        let other = entries.first { $0.group != entry.group }?.law ?? .null
        var reasons: [String] = []
        if other["y"] != entry.law["y"] { reasons.append("another y") }
        if other["objective"] != nil, other["objective"]?["name"] != entry.law["objective"]?["name"]
        {
            reasons.append("another objective")
        }
        if other["objective"]?["weights"] != entry.law["objective"]?["weights"] {
            reasons.append("other weights")
        }
        if other["data"]?["sha256"] != entry.law["data"]?["sha256"] {
            reasons.append("other points or inputs")
        }
        return "not compared: \(reasons.joined(separator: ", "))"
    }

    /// A row for each law.
    var table: Table {
        var table = Table(columns: [
            "law", "form", "objective", "points", "parameters", "log_error", "delta_aicc",
            "held_out_points", "held_out_log_error", "extrapolation_factor", "condition",
            "agreeing", "warnings", "group", "y", "criterion", "difference",
        ])
        for entry in entries { table.append(row(entry)) }
        return table
    }

    private func row(_ entry: Entry) -> [JSON] {
        let law = entry.law
        let peers = entries.filter { $0.group == entry.group }.map { $0.law }
        let lonely = loneliness(entry)
        let criterion = LawComparison.criteria.first { one in
            peers.allSatisfy { one.value($0) != nil }
        }
        let least = criterion.flatMap { one in peers.compactMap(one.value).min() }
        let difference =
            lonely == nil && peers.count > 1
            ? criterion?.value(law).flatMap { own in least.map { own - $0 } } : nil
        let starts = law["certificate"]?["starts"]?.integer ?? 0
        let agreeing = law["certificate"]?["agreeing"]?.integer ?? 0
        let warnings =
            [lonely].compactMap { $0 } + (law["warnings"]?.elements ?? []).compactMap { $0.text }
        return [
            .string(entry.producer), law["form"] ?? .null, law["objective"]?["name"] ?? .null,
            law["points"] ?? .null, .number(Double(law["parameters"]?.members?.count ?? 0)),
            law["logError"] ?? .null, .finite(criterion?.name == "aicc" ? difference : nil),
            law["heldOut"]?["points"] ?? .null, law["heldOut"]?["logError"] ?? .null,
            law["heldOut"]?["extrapolationFactor"] ?? .null,
            law["certificate"]?["condition"] ?? .null, .string("\(agreeing)/\(starts)"),
            .string(warnings.joined(separator: "; ")), .number(Double(entry.group + 1)),
            law["y"] ?? .null,
            difference == nil ? .null : .string(criterion?.name ?? ""), .finite(difference),
        ]
    }

    /// What a reader of the log should know of the groups; empty where all laws are of one.
    var notes: [String] {
        guard groupCount > 1 else { return [] }
        return [
            "\(entries.count) laws are of \(groupCount) groups of y, objective, weights and points: "
                + "differences stand within a group only"
        ]
            + entries.compactMap { entry in
                loneliness(entry).map { "\(entry.producer): \($0)" }
            }
    }

    /// The laws of one input and of the first law's y over that input.
    func plot() throws -> PlotDocument {
        let first = entries[0].law
        let drawn = try entries.filter { $0.law["y"] == first["y"] && $0.law["x"] == first["x"] }
            .map { (producer: $0.producer, law: $0.law, file: try LawFile($0.law)) }
            .filter { $0.file.form.inputs.count == 1 }
        let left = entries.count - drawn.count
        let note = left > 0 && !drawn.isEmpty ? " (\(left) of another y or input not drawn)" : ""
        var chart = Chart(
            title: "Laws" + note, xLabel: first["x"]?.text ?? "x",
            yLabel: first["y"]?.text ?? "y")
        let lows = drawn.compactMap { $0.law["range"]?.elements?.first?.double }
        let highs = drawn.map {
            ($0.law["heldOut"]?["extrapolationFactor"]?.double ?? 1) * ($0.file.highest.first ?? 1)
        }
        guard let low = lows.min(), let high = highs.max(), low > 0, high > low else {
            return PlotDocument(chart)
        }
        let grid = (0...80).map { step -> Double in
            let t = Double(step) / 80
            return Elementary.exp((1 - t) * Elementary.log(low) + t * Elementary.log(high))
        }
        for (producer, _, file) in drawn {
            var one = Chart.Series(name: producer)
            one.line = zip(grid, file.form.predict(file.natural, [grid], file.scale))
                .filter { $0.1 > 0 && $0.1.isFinite }.map { ($0, $1) }
            chart.series.append(one)
        }
        chart.heldOutFrom = drawn.compactMap { $0.file.highest.first }.min()
        return PlotDocument(chart)
    }
}
