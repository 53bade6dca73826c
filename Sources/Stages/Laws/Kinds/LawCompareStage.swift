import Canon
package import Experiment
import Numerics
import Workbench

/// Several laws, or several ways to allocate compute, in one table and one plot.
package enum LawCompareStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.compare", version: 6,
        summary: "Compares fitted laws, or allocations of compute, in one table and one plot.",
        source: "corrected Akaike criterion: Hurvich & Tsai, Biometrika 76 (1989)",
        inputs: [
            InputPort(
                "laws", "law.json of fits; compared where y, objective, weights and points agree",
                isOptional: true, isCollection: true,
                takesSeveralStages: true),
            InputPort(
                "allocations", "allocation.json of law.allocate, law.isoflop and law.envelope",
                isOptional: true, isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            OutputPort("table", fileName: "comparison.csv", "A row for each law or allocation."),
            OutputPort(
                "plot", fileName: "plot.json",
                "To draw: the laws over their input, or compute-optimal N over compute."),
        ])

    /// Reads all, writes one table.
    package static func run(_ context: StageContext) throws {
        let laws = try context.inputs("laws").map {
            (producer: $0.producer, law: try JSON(parsing: $0.bytes()))
        }
        let allocations = try context.inputs("allocations").map {
            ($0.producer, try JSON(parsing: $0.bytes()))
        }
        guard !laws.isEmpty || !allocations.isEmpty else {
            throw FormatError("expected laws or allocations, found neither")
        }
        guard laws.isEmpty || allocations.isEmpty else {
            throw FormatError("expected laws or allocations, found both; compare them apart")
        }
        if laws.isEmpty {
            try context.write("table", allocationTable(allocations).csv())
            try context.write("plot", allocationPlot(allocations).text())
        } else {
            let comparison = LawComparison(laws)
            for note in comparison.notes { context.log(note) }
            try context.write("table", comparison.table.csv())
            try context.write("plot", try comparison.plot().text())
        }
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

    private static func allocationPlot(_ all: [(String, JSON)]) -> PlotDocument {
        var chart = Chart(
            title: "Compute-optimal model size",
            xLabel: "compute C (FLOP)", yLabel: "best size N* (parameters)")
        for (producer, one) in all {
            var series = Chart.Series(name: FigureAxis.spelled(producer))
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
        return PlotDocument(chart)
    }
}
