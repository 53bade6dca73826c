import Canon
import Experiment
import Glibc
import Laws
import Numerics
import TestSupport
import Testing
import Workbench

/// IsoFLOP curves with replicates, with few usable budgets, with runs that spoil one.
@Suite struct IsoflopTests {
    private static let sizes = [1e8, 2e8, 4e8, 8e8, 1.6e9]

    /// A parabola in log N about 4e8 (C/1e19)^0.5.
    private func loss(_ n: Double, _ compute: Double) -> Double {
        let off = Glibc.log(n / (4e8 * Glibc.pow(compute / 1e19, 0.5)))
        return 3 + 0.05 * off * off
    }

    private func table(
        _ budgets: [Double], sizes: [Double] = IsoflopTests.sizes,
        _ change: (inout Table) -> Void = { _ in }
    ) -> Table {
        var table = Table(columns: ["N", "C", "loss"])
        for budget in budgets {
            for size in sizes {
                let n = size * Glibc.pow(budget / 1e19, 0.5)
                table.append([.number(n), .number(budget), .number(loss(n, budget))])
            }
        }
        change(&table)
        return table
    }

    private func allocation(_ table: Table, _ parameters: [String: JSON] = [:]) throws -> JSON {
        var all: [String: JSON] = ["bootstrap": 0]
        all.merge(parameters) { $1 }
        return try run(
            LawIsoflopStage.self, all, ["points": [given(table.csv(), from: "runs.csv")]]
        ).json("allocation")
    }

    private func warnings(_ json: JSON) -> [String] {
        (json["warnings"]?.elements ?? []).compactMap { $0.text }
    }

    /// Seeds that are symmetric about the curve: their mean is the curve, their least is not.
    @Test func `replicates count as their mean and are never dropped`() throws {
        let table = table([1e19, 1e20, 1e21]) { table in
            let rows = table.rows
            for row in rows where row[0].double ?? 0 > 5e8 && row[1] == 1e20 {
                for off in [-0.3, 0.3] {
                    table.append([row[0], row[1], .number((row[2].double ?? 0) + off)])
                }
            }
        }
        let json = try allocation(table)
        #expect(((json["a"]?["value"]?.double ?? 0) - 0.5).magnitude < 1e-9)
        let cells = json["replicates"]?.elements ?? []
        #expect(cells.count == 4 && cells.allSatisfy { $0["runs"] == 3 })
        #expect(json["budgets"]?.elements?[1]["runs"] == 13)
        // The deviation of log 2.7, log 3 and log 3.3 by hand: about 0.1.
        #expect(((json["replicateDeviation"]?.double ?? 0) - 0.1).magnitude < 0.01)
        #expect(
            warnings(json).contains {
                $0.hasPrefix(
                    "4 cells hold 12 runs: each is the mean of its runs, weighted by their number (between "
                        + "runs log loss deviates by 0.0")
            })
    }

    @Test func `resamples draw replicates, so that their scatter is in the interval`() throws {
        func width(_ off: Double) throws -> Double {
            let sizes = (-4...4).map { 4e8 * Glibc.pow(2, Double($0)) }
            let table = table([1e19, 1e20, 1e21], sizes: sizes) { table in
                for row in table.rows {
                    table.append([row[0], row[1], .number((row[2].double ?? 0) + off)])
                }
            }
            let a = try allocation(table, ["bootstrap": 100])["a"] ?? .null
            return (a["high"]?.double ?? .nan) - (a["low"]?.double ?? .nan)
        }
        #expect(try width(0) < 1e-9)
        #expect(try width(0.02) > 1e-3)
    }

    @Test(arguments: [1, 2])
    func `the minima of few budgets are given, and no exponent`(count: Int) throws {
        let budgets = Array([1e19, 1e20].prefix(count))
        let json = try allocation(table(budgets), ["at": [1e22]])
        #expect(json["a"] == .null && json["at"] == [])
        let found = json["budgets"]?.elements ?? []
        for (budget, expected) in zip(found, [4e8, 4e8 * 10.0.squareRoot()]) {
            #expect(((budget["N"]?.double ?? 0) / expected - 1).magnitude < 1e-6)
            #expect(((budget["loss"]?.double ?? 0) - 3).magnitude < 1e-9)
            #expect((budget["D"]?.double ?? 0) > 0)
        }
        #expect(
            warnings(json) == [
                "no exponent: expected at least 3 budgets with a minimum inside, found \(count); the minima "
                    + "stand under `budgets`; add runs at other budgets"
            ])
        let line = AllocationSummary.text(json)
        #expect(line.hasPrefix("isoflop, parabola: no exponent; at C = 10¹⁹ N 4"), "\(line)")
    }

    @Test func `a diverged run that gives a budget two valleys is named with its line`() throws {
        let table = table([1e19, 1e20, 1e21, 1e22]) { table in
            table = Table(
                columns: table.columns,
                rows: table.rows.enumerated().map { place, row in
                    place == 7 ? [row[0], row[1], 5] : row
                })
        }
        let found = warnings(try allocation(table))
        #expect(
            found.contains {
                $0.hasPrefix("C = 1e20 has two valleys: the loss 5.00 at N = ")
                    && $0.contains(
                        "(runs.csv, line 9) stands above both its neighbours: a diverged run?")
            }, "\(found)")
    }

    @Test func `a prediction far beyond the budgets says how far`() throws {
        let json = try allocation(table([1e19, 1e20, 1e21]), ["at": [1e24]])
        #expect(
            warnings(json) == [
                "C = 1e24 is 3.0 orders of magnitude beyond the largest fitted C (1e21)"
            ])
        #expect(
            AllocationSummary.text(json).hasPrefix(
                "isoflop, parabola: a 0.500, b 0.500; at C = 10²⁴ N "))
    }

    /// The points of the branch that stands far above the others lie beyond the axis, and only these.
    @Test func `a branch far above all others is cut, and its points are arrows`() throws {
        func svg(_ highest: Double) throws -> String {
            let table = table([1e19, 1e20, 1e21]) { table in
                table = Table(
                    columns: table.columns,
                    rows: table.rows.enumerated().map { place, row in
                        place == 0 ? [row[0], row[1], .number(highest)] : row
                    })
            }
            let plot = try run(
                LawIsoflopStage.self, ["bootstrap": 0],
                ["points": [given(table.csv(), from: "runs.csv")]]
            ).json("plot")
            return try PlotDocument(parsing: plot.canonicalText.utf8.map { $0 }).figure.svg()
        }
        let arrow = "Z\" fill=\"none\" stroke="
        let cut = try svg(9)
        #expect(cut.ranges(of: arrow).count == 1)
        #expect(cut.contains("Arrows: points beyond the axis."))
        // Within a quarter of the next highest nothing is cut.
        let whole = try svg(3.5)
        #expect(!whole.contains(arrow) && !whole.contains("Arrows"))
    }
}
