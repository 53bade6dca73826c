import Canon
import Experiment
import Glibc
import Laws
import TestSupport
import Testing
import Workbench

/// Laws beside each other: what can be compared, and by what.
@Suite struct LawComparisonTests {
    private func law(_ name: String, _ parameters: [String: JSON] = [:]) throws -> StageInput {
        var table = Table(columns: ["x", "loss", "error"])
        for step in 0..<14 {
            let x = Glibc.exp(0.8 * Double(step))
            let wiggle = 1 + 0.003 * Glibc.cos(7 * Double(step))
            let loss = (0.05 + 2 * Glibc.pow(x, -0.5)) * wiggle
            table.append([.number(x), .number(loss), .number(loss * loss)])
        }
        var all: [String: JSON] = ["x": "x", "y": "loss", "bootstrap": 0]
        all.merge(parameters) { $1 }
        return given(
            try run(LawFitStage.self, all, ["points": [given(table.csv())]]).json("law"), from: name
        )
    }

    private func compared(_ laws: [StageInput]) throws -> (rows: [[String: JSON]], plot: String) {
        let made = try run(LawCompareStage.self, [:], ["laws": laws])
        let table = try Table(csv: made.bytes("table"))
        return (
            table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.columns, $0)) },
            try made.drawn("plot")
        )
    }

    @Test func `a law of another y, objective or weighting is in no comparison`() throws {
        let (rows, plot) = try compared([
            law("plain"), law("floor", ["form": "power-law-with-floor"]),
            law("other", ["y": "error"]),
            law("least", ["objective": "absolute", "form": "power-law-with-floor"]),
        ])
        #expect(rows.map { $0["group"] } == [1, 1, 2, 3])
        #expect(rows[1]["delta_aicc"] == 0 && (rows[0]["delta_aicc"]?.double ?? 0) > 10)
        #expect(rows[2]["delta_aicc"] == .null && rows[3]["delta_aicc"] == .null)
        #expect(
            rows[2]["warnings"]?.text?.hasPrefix(
                "not compared: another y, other points or inputs") == true)
        #expect(rows[3]["warnings"]?.text?.hasPrefix("not compared: another objective") == true)
        #expect(plot.contains("Laws (1 of another y or input not drawn)"))
        #expect(!plot.contains(">other<"))
    }

    @Test func `Huber laws are compared by what they have`() throws {
        let huber: [String: JSON] = ["objective": "huber", "delta": 0.01]
        let held = try compared([
            law("plain", huber.merging(["x_max": 3000]) { $1 }),
            law("floor", huber.merging(["x_max": 3000, "form": "power-law-with-floor"]) { $1 }),
        ]).rows
        #expect(held.map { $0["criterion"] } == ["held-out log error", "held-out log error"])
        #expect(held[1]["difference"] == 0 && (held[0]["difference"]?.double ?? 0) > 0.1)
        let fitted = try compared([
            law("plain", huber),
            law("floor", huber.merging(["form": "power-law-with-floor"]) { $1 }),
        ]).rows
        #expect(fitted.map { $0["criterion"] } == ["log error", "log error"])
        #expect(fitted[1]["difference"] == 0 && fitted[0]["delta_aicc"] == .null)
    }
}
