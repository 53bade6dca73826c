import Canon
import Experiment
import Glibc
import Laws
import Numerics
import TestSupport
import Testing
import Workbench

/// What a fit says of points that show no law, or another: the cause, where the law is printed.
@Suite struct LawDiagnosisTests {
    private func fit(_ table: Table, _ parameters: [String: JSON]) throws -> JSON {
        var all: [String: JSON] = ["y": "loss", "bootstrap": 0]
        all.merge(parameters) { $1 }
        return try run(LawFitStage.self, all, ["points": [given(table.csv(), from: "runs.csv")]])
            .json("law")
    }

    private func warnings(_ table: Table, _ parameters: [String: JSON]) throws -> [String] {
        try (fit(table, parameters)["warnings"]?.elements ?? []).compactMap { $0.text }
    }

    /// Points along x with noise; `at` gives y without it.
    private func curve(
        _ count: Int, noise: Double, seed: UInt64, runs: Int = 1, _ at: (Double) -> Double
    ) -> Table {
        var stream = RandomStream(seed: seed, purpose: "noise")
        var table = Table(columns: ["x", "loss"])
        for step in 0..<count {
            let x = 1e6 * Glibc.pow(1000, Double(step) / Double(count - 1))
            for _ in 0..<runs {
                table.append([
                    .number(x), .number(at(x) * Glibc.exp(noise * stream.normal())),
                ])
            }
        }
        return table
    }

    private func surface(
        noise: Double, seed: UInt64, _ tokens: (Double, Int) -> Double
    ) -> Table {
        var stream = RandomStream(seed: seed, purpose: "noise")
        var table = Table(columns: ["N", "D", "loss"])
        for size in 0..<4 {
            let n = 1e7 * Glibc.pow(10, Double(size) * 0.7)
            for step in 0..<4 {
                let d = tokens(n, step)
                let loss = 1.69 + 406.4 * Glibc.pow(n, -0.34) + 410.7 * Glibc.pow(d, -0.28)
                table.append([
                    .number(n), .number(d),
                    .number(loss * Glibc.exp(noise * stream.normal())),
                ])
            }
        }
        return table
    }

    @Test func `inputs that move together are named, in a refusal and in a warning`() throws {
        let cause =
            "N and D move together (correlation of their logarithms 1.000): the points cannot tell their "
            + "parts of the law apart; add runs at other D/N, or fit a law of one of them"
        var refused = 0
        for seed in 0..<UInt64(8) {
            var stream = RandomStream(seed: seed, purpose: "noise")
            var table = Table(columns: ["N", "D", "loss"])
            for size in 0..<16 {
                let n = 1e7 * Glibc.pow(1.6, Double(size))
                let loss = 1.69 + 406.4 * Glibc.pow(n, -0.34) + 410.7 * Glibc.pow(20 * n, -0.28)
                table.append([
                    .number(n), .number(20 * n), .number(loss * Glibc.exp(0.01 * stream.normal())),
                ])
            }
            do {
                let found = try warnings(table, ["form": "chinchilla"])
                #expect(found.contains(cause), "\(found)")
            } catch {
                refused += 1
                #expect(
                    "\(error)".hasSuffix(cause) && !"\(error)".contains("more starts"), "\(error)")
            }
        }
        #expect(refused > 0)
        let near = surface(noise: 0.001, seed: 2) { $0 * (20 + 2 * Double($1)) }
        let tied = try warnings(near, ["form": "chinchilla-tied"])
        #expect(tied.contains { $0.hasPrefix("N and D move together (correlation") }, "\(tied)")
    }

    @Test func `a diverged run is named with its row, its value and the law's`() throws {
        var table = curve(12, noise: 0.01, seed: 3) { 200 * Glibc.pow($0, -0.3) }
        table.append([.number(3e7), .number(11)])
        let squares = try warnings(table, ["x": "x"])
        #expect(
            squares.contains {
                $0.hasPrefix("far off the law: runs.csv, line 14 (loss = 11.0, the law says ")
                    && $0.hasSuffix(
                        "a diverged run? leave it out with `where`, or use `objective: huber`")
            }, "\(squares)")
        let huber = try warnings(table, ["x": "x", "objective": "huber", "delta": 0.01])
        #expect(
            huber.contains {
                $0.hasPrefix("far off the law: runs.csv, line 14 ")
                    && $0.hasSuffix("a diverged run? leave it out with `where`")
            }, "\(huber)")
    }

    @Test func `a law that rises is told to be none`() throws {
        let found = try warnings(
            curve(10, noise: 0.01, seed: 4) { Glibc.pow($0, 0.1) }, ["x": "x"])
        #expect(
            found.contains {
                $0.hasPrefix("the law rises with x, from 3.9")
                    && $0.contains("no scaling law of a loss")
            }, "\(found)")
    }

    @Test func `checkpoints of runs without a group are told to be no independent points`() throws {
        var stream = RandomStream(seed: 5, purpose: "noise")
        var table = Table(columns: ["run", "N", "D", "loss"])
        for size in 0..<6 {
            let n = 1e7 * Glibc.pow(4, Double(size))
            var drift = 0.0
            for step in 0..<30 {
                let d = 1e9 * Glibc.pow(1.2, Double(step))
                drift = 0.97 * drift + 0.004 * stream.normal()
                let loss = 1.69 + 406.4 * Glibc.pow(n, -0.34) + 410.7 * Glibc.pow(d, -0.28)
                table.append([
                    .number(Double(size)), .number(n), .number(d),
                    .number(loss * Glibc.exp(drift)),
                ])
            }
        }
        let single = try warnings(table, ["form": "chinchilla"])
        #expect(
            single.contains {
                $0.hasPrefix("residuals of neighbours along D are alike (correlation 0.")
                    && $0.contains("name the column of the run, such as `group: run`")
            }, "\(single)")
        let grouped = try warnings(table, ["form": "chinchilla", "group": "run"])
        #expect(!grouped.contains { $0.contains("neighbours") }, "\(grouped)")
    }

    @Test func `rows that are there ten times are counted`() throws {
        let table = curve(12, noise: 0.02, seed: 6) { 200 * Glibc.pow($0, -0.3) }
        let often = Table(
            columns: table.columns, rows: (0..<10).flatMap { _ in table.rows })
        #expect(
            try warnings(often, ["x": "x"]).contains {
                $0.hasPrefix("108 of 120 points repeat an earlier one in every digit")
            })
        #expect(try !warnings(table, ["x": "x"]).contains { $0.contains("repeat") })
    }

    @Test func `sizes in millions are doubted`() throws {
        let raw = surface(noise: 0.002, seed: 7) { $0 * (5 * Double($1) + 2) }
        let millions = Table(
            columns: raw.columns,
            rows: raw.rows.map { row in
                [
                    .number((row[0].double ?? 0) / 1e6), .number((row[1].double ?? 0) / 1e9),
                    row[2],
                ]
            })
        #expect(
            try warnings(millions, ["form": "chinchilla"]).contains {
                $0.contains("if they are in millions or billions, 6ND is no number of FLOPs")
            })
        #expect(
            try !warnings(raw, ["form": "chinchilla"]).contains { $0.contains("millions") })
    }

    @Test func `an error rate above 1 is told`() throws {
        var table = Table(columns: ["L", "loss"])
        for step in 0..<10 {
            let l = 1.5 + 0.1 * Double(step)
            table.append([.number(l), .number(1.3 - 4 * Glibc.exp(-0.9 * l))])
        }
        #expect(
            try warnings(table, ["form": "downstream-error", "x": "L"]).contains {
                $0.hasPrefix(
                    "epsilon = 1.30 is the error at large loss, and no error rate is above 1")
            })
    }

    @Test func `a floor that the form lacks is told with what it would gain`() throws {
        let table = curve(14, noise: 0.002, seed: 8) { 1.8 + 200 * Glibc.pow($0, -0.35) }
        let found = try warnings(table, ["x": "x"])
        #expect(
            found.contains {
                $0.hasPrefix("lack of fit: power-law-with-floor fits these points better by ΔAICc ")
            }, "\(found)")
        #expect(
            try warnings(table, ["x": "x", "form": "power-law-with-floor"]) == [])
    }

    @Test func `points that bend away from a law with a floor are told`() throws {
        let table = curve(20, noise: 0.002, seed: 9) {
            1.8 + 0.3 / (1 + Glibc.pow($0 / 3e7, 2)) + 20 * Glibc.pow($0, -0.2)
        }
        let found = try warnings(table, ["x": "x", "form": "power-law-with-floor"])
        #expect(
            found.contains {
                $0.hasPrefix("lack of fit: the points bend away from power-law-with-floor; ")
            }, "\(found)")
    }

    @Test func `replicates closer to one another than to the law are told`() throws {
        var stream = RandomStream(seed: 10, purpose: "noise")
        var table = Table(columns: ["x", "loss"])
        for step in 0..<8 {
            let x = 1e6 * Glibc.pow(10, 0.4 * Double(step))
            let shared = 0.01 * stream.normal()
            for _ in 0..<5 {
                let loss =
                    (1.8 + 200 * Glibc.pow(x, -0.35))
                    * Glibc.exp(shared + 0.002 * stream.normal())
                table.append([.number(x), .number(loss)])
            }
        }
        let found = try warnings(table, ["x": "x", "form": "power-law-with-floor"])
        #expect(
            found.contains {
                $0.hasPrefix("means of replicates scatter about the law ")
                    && $0.hasSuffix("or name what they share in `group`")
            }, "\(found)")
        let grouped = try warnings(
            table, ["x": "x", "form": "power-law-with-floor", "group": "x"])
        #expect(
            grouped.contains { $0.hasSuffix("or name in `group` what they share instead") },
            "\(grouped)")
    }

    @Test func `runs that are off as a whole are told by the column that names them`() throws {
        var stream = RandomStream(seed: 12, purpose: "noise")
        let offs = (0..<6).map { _ in 0.01 * stream.normal() }
        var table = Table(columns: ["run", "x", "loss"])
        for step in 0..<20 {
            for run in 0..<6 {
                let x = 1e6 * Glibc.pow(10, 0.15 * Double(step))
                let loss = 200 * Glibc.pow(x, -0.3) * Glibc.exp(offs[run] + 0.003 * stream.normal())
                table.append([.string("r\(run)"), .number(x), .number(loss)])
            }
        }
        let found = try warnings(table, ["x": "x"])
        #expect(
            found.contains {
                $0.hasPrefix("residuals of points with the same `run` are alike (F ")
                    && $0.hasSuffix("use `group: run`, or a form that knows it")
            }, "\(found)")
        #expect(try warnings(table, ["x": "x", "group": "run"]) == [])
    }

    /// Of the two columns the batch leaves more of the scatter within its values: three runs share one.
    @Test func `columns that residuals follow stand in one line, the strongest first`() throws {
        var stream = RandomStream(seed: 12, purpose: "noise")
        let offs = (0..<6).map { _ in 0.01 * stream.normal() }
        var table = Table(columns: ["batch", "run", "x", "loss"])
        for step in 0..<20 {
            for run in 0..<6 {
                let x = 1e6 * Glibc.pow(10, 0.15 * Double(step))
                let loss = 200 * Glibc.pow(x, -0.3) * Glibc.exp(offs[run] + 0.003 * stream.normal())
                table.append([
                    .string("b\(run / 2)"), .string("r\(run)"), .number(x), .number(loss),
                ])
            }
        }
        let found = try warnings(table, ["x": "x", "form": "A/x^alpha"]).filter {
            $0.hasPrefix("residuals of points with the same ")
        }
        #expect(found.count == 1, "\(found)")
        #expect(
            found.first?.hasPrefix(
                "residuals of points with the same `run`, or the same `batch` are alike (F ")
                == true
                && found.first?.hasSuffix("use `group: run`, or a form that knows them") == true,
            "\(found)")
    }

    @Test func `a law in the user's own words is called by them`() throws {
        let table = curve(40, noise: 0.001, seed: 3) { 1.5 + 200 * Glibc.pow($0, -0.3) }
        let found = try warnings(table, ["x": "x", "form": "A/x^alpha"])
        #expect(
            found.contains { $0.hasPrefix("lack of fit: the points bend away from A/x^alpha; ") },
            "\(found)")
        let long = "A/x^alpha where unused_but_long_enough_a_name_to_be_cut_away = 2*A"
        let cut = try warnings(table, ["x": "x", "form": .string(long)])
        #expect(
            cut.contains { $0.contains("bend away from A/x^alpha where unused_but_long_") },
            "\(cut)")
        #expect(!cut.contains { $0.contains("cut_away = 2*A") }, "\(cut)")
    }

    /// Huber's loss is flat at its bottom where residuals are far beyond δ: A of 2.76 costs what 3.04 does.
    @Test func `a flat bottom is told where no interval holds it`() throws {
        let losses = [
            0.0476378, 0.0342970, 0.0258107, 0.0201595, 0.0140502, 0.0108508, 0.00834346,
            0.00588605,
        ]
        var table = Table(columns: ["x", "loss"])
        for (step, loss) in losses.enumerated() {
            table.append([.number(1e6 * Glibc.pow(1000, Double(step) / 7)), .number(loss)])
        }
        let open = try fit(table, ["x": "x", "objective": "huber"])
        #expect((open["certificate"]?["others"]?.elements?.count ?? 0) > 1)
        let told = (open["warnings"]?.elements ?? []).compactMap { $0.text }
        #expect(
            told.contains { $0.contains(" other minima: A ") && $0.contains("; A ") }, "\(told)")
        let known = try fit(table, ["x": "x", "objective": "huber", "bootstrap": 200])
        #expect((known["certificate"]?["others"]?.elements?.count ?? 0) > 1)
        #expect(known["warnings"] == [], "\(known["warnings"]?.canonicalText ?? "")")
    }

    @Test func `noise that falls along x is told, and the weight that mends it`() throws {
        var stream = RandomStream(seed: 11, purpose: "noise")
        var table = Table(columns: ["x", "loss", "w"])
        for step in 0..<30 {
            let x = 1e6 * Glibc.pow(10, 0.1 * Double(step))
            let noise = 0.05 * Glibc.pow(x / 1e6, -0.4)
            table.append([
                .number(x),
                .number(200 * Glibc.pow(x, -0.3) * Glibc.exp(noise * stream.normal())),
                .number(1 / (noise * noise)),
            ])
        }
        let found = try warnings(table, ["x": "x"])
        #expect(
            found.contains {
                $0.hasPrefix("the scatter falls with x: ")
                    && $0.hasSuffix(
                        "a column of 1/variance, or an expression that goes like it, such as `x`")
            }, "\(found)")
        #expect(try warnings(table, ["x": "x", "weight": "w"]) == [])
    }

    /// The tests let chance pass once in some hundred sets (500 sets of each design, simulated apart).
    @Test func `laws with even noise have no warning`() throws {
        var alarms: [String] = []
        for seed in 0..<UInt64(trials(40)) {
            alarms += try warnings(
                curve(10, noise: 0.01, seed: 100 + seed) { 1.8 + 200 * Glibc.pow($0, -0.35) },
                ["x": "x", "form": "power-law-with-floor"])
            alarms += try warnings(
                curve(12, noise: 0.03, seed: 200 + seed, runs: 3) { 100 * Glibc.pow($0, -0.3) },
                ["x": "x"])
            alarms += try warnings(
                surface(noise: 0.005, seed: 300 + seed) { $0 * Glibc.pow(4, Double($1)) },
                ["form": "chinchilla"])
        }
        #expect(alarms.count <= 2, "\(alarms)")
    }
}
