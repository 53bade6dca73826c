import Canon
import Laws
import Numerics
import TestSupport
import Testing
import Workbench

/// Intervals as files and lines tell them: none without a degree of freedom, and the method beside each.
@Suite struct LawIntervalStageTests {
    private static let noise = [0.01, -0.02, 0.015, -0.005, 0.008, -0.012, 0.02, -0.01]

    /// So many points of a power law with noise, of `group` columns.
    private func table(_ count: Int, groups: Int = 1) -> String {
        var table = Table(columns: ["x", "y", "group"])
        for row in 0..<count {
            let x = 1000 * Elementary.power(2, Double(row))
            let y = 3 * Elementary.power(x, -0.3) * Elementary.exp(Self.noise[row % 8])
            table.append([.number(x), .number(y), .number(Double(row % groups))])
        }
        return table.csv()
    }

    private func fit(_ csv: String, _ parameters: [String: JSON]) throws -> JSON {
        let base: [String: JSON] = ["x": "x", "y": "y", "bootstrap": 100]
        return try run(
            LawFitStage.self, base.merging(parameters) { $1 }, ["points": [given(csv)]]
        ).json("law")
    }

    private func warning(_ law: JSON) -> String {
        (law["warnings"]?.elements ?? []).compactMap { $0.text }.first {
            $0.hasPrefix("no interval")
        } ?? ""
    }

    private func isWithout(_ law: JSON) -> Bool {
        ["A", "alpha"].allSatisfy {
            let parameter = law["parameters"]?[$0]
            return parameter?["low"] == .null && parameter?["high"] == .null
                && parameter?["interval"] == "none"
        }
    }

    @Test func `as many parameters as points give no interval, and the reason is a warning`() throws
    {
        for rule in ["auto", "percentile", "bca", "profile"] {
            let law = try fit(table(2), ["interval": .string(rule)])
            #expect(isWithout(law), "\(rule)")
            #expect(law["interval"] == "none")
            #expect(
                warning(law)
                    == "no interval: 2 points for 2 parameters leave nothing to measure noise by; expected "
                    + "at least 3; add points, hold a parameter with `fix`, or choose a form with fewer"
            )
            #expect(LawSummary.text(law).hasSuffix("(no interval, 2 points)"))
            #expect(law["residuals"]?["scale"] == .null)
        }
    }

    @Test(arguments: [1, 2])
    func `a group or two give no interval`(groups: Int) throws {
        for objective in ["least-squares", "huber", "absolute"] {
            let law = try fit(
                table(8, groups: groups),
                ["group": "group", "objective": .string(objective), "delta": 0.01])
            #expect(isWithout(law), "\(objective)")
            #expect(
                warning(law)
                    == "no interval: \(groups == 1 ? "1 group does" : "2 groups do") not show how groups "
                    + "differ; expected at least 3; add groups, or leave out `group` where points vary by "
                    + "themselves")
        }
    }

    /// The points fall faster than any law with a floor, so the floor is 0 whichever group is left out.
    @Test func `a parameter without an interval is named where others have one`() throws {
        var table = Table(columns: ["x", "y", "group"])
        for row in 0..<12 {
            let (size, noise) = (Double(row / 3), Self.noise[row % 8])
            let x = 1000 * Elementary.power(4, size)
            let y = 3 * Elementary.power(x, -0.3) * Elementary.exp(noise - 0.05 * size * size)
            table.append([.number(x), .number(y), .number(Double(row % 3))])
        }
        let law = try fit(
            table.csv(),
            [
                "form": "power-law-with-floor", "group": "group", "objective": "huber",
                "delta": 0.05,
                "bootstrap": 0,
            ])
        #expect(law["parameters"]?["E"]?["low"] == .null)
        #expect(law["parameters"]?["alpha"]?["low"]?.double != nil)
        #expect(warning(law).hasPrefix("no interval for E: "), "\(law["warnings"] ?? .null)")
    }

    @Test func `the method of an interval stands beside it`() throws {
        func methods(_ parameters: [String: JSON]) throws -> [JSON?] {
            let law = try fit(table(8, groups: 4), parameters)
            return [law["interval"], law["parameters"]?["alpha"]?["interval"]]
        }
        #expect(try methods([:]) == ["profile", "profile"])
        #expect(try methods(["bootstrap": 0]) == ["profile", "profile"])
        #expect(try methods(["group": "group"]) == ["profile", "profile"])
        #expect(
            try methods(["objective": "huber", "delta": 0.01]) == ["percentile", "percentile"])
        #expect(
            try methods(["objective": "huber", "delta": 0.01, "group": "group", "bootstrap": 0])
                == ["jackknife", "jackknife"])
        #expect(try methods(["interval": "bca"]) == ["bca", "bca"])
    }

    @Test func `profiles of other losses are refused with what to do`() {
        #expect(
            failure { _ = try fit(table(8), ["interval": "profile", "objective": "absolute"]) }
                == "interval: profile intervals are made for least squares; found sum of absolute log "
                + "residuals; set `interval: percentile`")
    }

    @Test func `lost samples make no interval`() throws {
        // Of four points many samples draw fewer than three: a floor cannot be fitted to them.
        let law = try fit(
            table(4), ["form": "power-law-with-floor", "interval": "percentile", "bootstrap": 400])
        #expect(law["parameters"]?["alpha"]?["low"] == .null)
        #expect(
            warning(law).contains(
                "of 400 bootstrap samples could not be fitted, expected at most 5 %"))
    }

    @Test func `a law file without what intervals need says so`() throws {
        let old = try fit(table(8), ["interval": "percentile"])
        var members = try #require(old.members)
        members["residuals"] = nil
        let file = try LawFile(.object(members))
        #expect(file.predict([5e3]).law.isMade)
        #expect(
            file.predict([5e3]).newRun.reason
                == "the file does not say how far runs lie from the law; expected `residuals` in it; fit "
                + "the law again")
        members["samples"] = []
        #expect(
            try LawFile(.object(members)).predict([5e3]).law.reason
                == "the law was fitted without bootstrap samples; fit it with `bootstrap: 400`")
        let none = try LawFile(fit(table(2), [:]))
        #expect(none.predict([5e3]).law.reason?.hasPrefix("no interval: 2 points for 2") == true)
    }

    @Test func `a law file gives the profile of a prediction that the fit would`() throws {
        let json = try fit(table(8), ["bootstrap": 0])
        let rows = try Table(csv: Array(table(8).utf8))
        let x = (rows[column: "x"] ?? []).compactMap { $0.double }
        let y = (rows[column: "y"] ?? []).compactMap { $0.double }
        let law = try LawFitter(PowerSum.powerLaw, LawObjective(.squares, in: .log)).fit(
            x: [x], y: y)
        let direct = try ProfileInterval(
            law, LawPoints(x: [x], y: y), of: .prediction(at: [1e9], of: law), confidence: 0.95)
        let found = try LawFile(json).predict([1e9]).law.get()
        #expect((found.low / direct.low - 1).magnitude < 1e-9)
        #expect((found.high / direct.high - 1).magnitude < 1e-9)
    }

    /// The claims of docs/LAWS.md come from 2,000 sets; these few say that nothing is wrong by far.
    @Test func `grouped noise is covered by profiles that know the groups, and not without`() throws
    {
        func share(_ grouped: Bool, _ subject: String) throws -> Double {
            let csv = try run(
                LawCoverageStage.self,
                [
                    "form": "power-law", "parameters": ["A": 3, "alpha": 0.4],
                    "inputs": ["x": ["from": 10, "to": 100_000, "points": 6]], "noise": 0.005,
                    "clusters": "places", "between": 0.02, "replicates": 4,
                    "grouped": .bool(grouped), "intervals": ["auto"], "at": [["x": 1e8]],
                    "simulations": 60,
                ]
            ).bytes("coverage")
            let rows = try Table(csv: csv).filtered(["parameter": .string(subject)])
            return rows[column: "coverage"]?.first?.double ?? .nan
        }
        for subject in ["A", "alpha", "law at x = 100000000", "run at x = 100000000"] {
            #expect(try share(true, subject) > 0.85, "\(subject)")
        }
        #expect(try share(false, "alpha") < 0.8)
    }

    @Test func `simulated clusters share a deviation, and noise follows its factor`() throws {
        func rows(_ parameters: [String: JSON]) throws -> [[JSON]] {
            let base: [String: JSON] = [
                "form": "power-law", "parameters": ["A": 1, "alpha": 0], "inputs": ["x": [1, 100]],
                "replicates": 2,
            ]
            let csv = try run(LawSimulateStage.self, base.merging(parameters) { $1 }).bytes("table")
            return try Table(csv: csv).rows
        }
        let places = try rows(["clusters": "places", "between": 0.1])
        #expect(places.map { $0[2] } == [1, 1, 2, 2])
        #expect(places[0][1] == places[1][1] && places[1][1] != places[2][1])
        let replicates = try rows(["clusters": "replicates", "between": 0.1])
        #expect(replicates.map { $0[2] } == [1, 2, 1, 2])
        #expect(replicates[0][1] == replicates[2][1])
        let plain = try rows(["noise": 0.1])
        let grown = try rows(["noise": 0.1, "noise_factor": "x^0.5"])
        for row in 0..<4 {
            let (a, b) = (plain[row][1].double ?? 0, grown[row][1].double ?? 0)
            let factor = row < 2 ? 1.0 : 10
            #expect((Elementary.log(b) - factor * Elementary.log(a)).magnitude < 1e-12)
        }
        #expect(
            failure { _ = try rows(["between": 0.1]) }
                == "between: expected `clusters: places` or `clusters: replicates` beside it, found none"
        )
        #expect(
            failure { _ = try rows(["noise": 0.1, "noise_factor": "x - 1"]) }
                == "`x - 1`: expected a positive number at 1")
    }
}

extension LawFile.Interval {
    fileprivate var isMade: Bool { (try? get()) != nil }

    fileprivate var reason: String? {
        if case .failure(let error) = self { "\(error)" } else { nil }
    }
}
