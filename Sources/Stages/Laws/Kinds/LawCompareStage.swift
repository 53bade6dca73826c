import Canon
package import Experiment
import Numerics
import Workbench

/// Several laws, or several ways to allocate compute, in one table and one plot.
package enum LawCompareStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.compare", version: 1,
        summary: "Compares fitted laws, or allocations of compute, in one table and one plot.",
        source: "corrected Akaike criterion: Hurvich & Tsai, Biometrika 76 (1989)",
        parameters: [Parameter("title", .text, default: "", "The plot's title.")],
        inputs: [
            InputPort(
                "laws", "law.json of fits to the same points", isOptional: true, isCollection: true,
                takesSeveralStages: true),
            InputPort(
                "allocations", "allocation.json of law.allocate, law.isoflop and law.envelope",
                isOptional: true, isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            OutputPort("table", fileName: "comparison.csv", "A row for each law or allocation."),
            OutputPort(
                "plot", fileName: "plot.svg",
                "The laws over their input, or compute-optimal N over compute."),
        ])

    /// Reads all, writes one table.
    package static func run(_ context: StageContext) throws {
        let laws = try context.inputs("laws").map { ($0.producer, try JSON(parsing: $0.bytes())) }
        let allocations = try context.inputs("allocations").map {
            ($0.producer, try JSON(parsing: $0.bytes()))
        }
        guard !laws.isEmpty || !allocations.isEmpty else {
            throw FormatError("expected laws or allocations, found neither")
        }
        guard laws.isEmpty || allocations.isEmpty else {
            throw FormatError("expected laws or allocations, found both; compare them apart")
        }
        let table = laws.isEmpty ? allocationTable(allocations) : lawTable(laws)
        try context.write("table", table.csv())
        let title = context.parameters.text("title")
        try context.write(
            "plot",
            laws.isEmpty
                ? allocationPlot(allocations, title) : try lawPlot(laws, title))
    }

    /// ΔAICc is taken among laws of one objective and the same points; smaller is better.
    private static func lawTable(_ laws: [(String, JSON)]) -> Table {
        var table = Table(columns: [
            "law", "form", "objective", "points", "parameters", "log_error", "delta_aicc",
            "held_out_points", "held_out_log_error", "extrapolation_factor", "condition",
            "agreeing", "warnings",
        ])
        func peers(_ law: JSON) -> [Double] {
            laws.filter {
                $0.1["objective"]?["name"] == law["objective"]?["name"]
                    && $0.1["data"]?["sha256"] == law["data"]?["sha256"]
            }.compactMap { $0.1["aicc"]?.double }
        }
        for (producer, law) in laws {
            let least = peers(law).min()
            let criterion = law["aicc"]?.double.flatMap { own in least.map { own - $0 } }
            let starts = law["certificate"]?["starts"]?.integer ?? 0
            let agreeing = law["certificate"]?["agreeing"]?.integer ?? 0
            table.append([
                .string(producer), law["form"] ?? .null, law["objective"]?["name"] ?? .null,
                law["points"] ?? .null,
                .number(Double(law["parameters"]?.members?.count ?? 0)), law["logError"] ?? .null,
                .finite(criterion), law["heldOut"]?["points"] ?? .null,
                law["heldOut"]?["logError"] ?? .null,
                law["heldOut"]?["extrapolationFactor"] ?? .null,
                law["certificate"]?["condition"] ?? .null, .string("\(agreeing)/\(starts)"),
                .string(
                    (law["warnings"]?.elements ?? []).compactMap { $0.text }.joined(separator: "; ")
                ),
            ])
        }
        return table
    }

    private static func allocationTable(_ all: [(String, JSON)]) -> Table {
        var table = Table(columns: [
            "allocation", "method", "a", "a_low", "a_high", "b", "C", "N", "N_low", "N_high", "D",
            "D_low", "D_high", "DperN", "DperN_low", "DperN_high", "warnings",
        ])
        for (producer, one) in all {
            let warnings = (one["warnings"]?.elements ?? []).compactMap { $0.text }
                .joined(separator: "; ")
            for row in one["at"]?.elements ?? [.null] {
                func triple(_ name: String) -> [JSON] {
                    ["value", "low", "high"].map { row[name]?[$0] ?? .null }
                }
                table.append(
                    [
                        .string(producer), one["method"] ?? .null, one["a"]?["value"] ?? .null,
                        one["a"]?["low"] ?? .null, one["a"]?["high"] ?? .null,
                        one["b"]?["value"] ?? .null, row["C"] ?? .null,
                    ] + triple("N") + triple("D") + triple("DperN") + [.string(warnings)])
            }
        }
        return table
    }

    private static func lawPlot(_ laws: [(String, JSON)], _ title: String) throws -> String {
        let files = try laws.map { ($0.0, try LawFile($0.1)) }
        let single = files.filter { $0.1.form.inputs.count == 1 }
        let first = laws[0].1
        var chart = Chart(
            title: title.isEmpty ? "Laws" : title, xLabel: first["x"]?.text ?? "x",
            yLabel: first["y"]?.text ?? "y")
        let lows = laws.compactMap { $0.1["range"]?.elements?.first?.double }
        let highs = zip(laws, files).map {
            ($0.1["heldOut"]?["extrapolationFactor"]?.double ?? 1) * ($1.1.highest.first ?? 1)
        }
        guard let low = lows.min(), let high = highs.max(), low > 0, high > low else {
            return chart.svg()
        }
        let grid = (0...80).map { step -> Double in
            let t = Double(step) / 80
            return Elementary.exp((1 - t) * Elementary.log(low) + t * Elementary.log(high))
        }
        for (producer, file) in single {
            var one = Chart.Series(name: producer)
            one.line = zip(grid, file.form.predict(file.natural, [grid], file.scale))
                .filter { $0.1 > 0 && $0.1.isFinite }.map { ($0, $1) }
            chart.series.append(one)
        }
        chart.heldOutFrom = files.compactMap { $0.1.highest.first }.min()
        return chart.svg()
    }

    private static func allocationPlot(_ all: [(String, JSON)], _ title: String) -> String {
        var chart = Chart(
            title: title.isEmpty ? "Compute-optimal model size" : title,
            xLabel: "compute C (FLOP)", yLabel: "N*")
        for (producer, one) in all {
            var series = Chart.Series(name: "\(producer): \(one["method"]?.text ?? "")")
            for row in one["at"]?.elements ?? [] {
                guard let c = row["C"]?.double, let n = row["N"]?["value"]?.double else { continue }
                series.line.append((c, n))
                series.points.append((c, n))
                if let low = row["N"]?["low"]?.double, let high = row["N"]?["high"]?.double {
                    series.band.append((c, low, high))
                }
            }
            for budget in one["budgets"]?.elements ?? [] where budget["used"] == true {
                guard let c = budget["C"]?.double, let n = budget["N"]?.double else { continue }
                series.points.append((c, n))
            }
            chart.series.append(series)
        }
        return chart.svg()
    }
}
