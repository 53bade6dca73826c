import Canon
import Experiment
import Glibc
import Laws
import Numerics
import System
import TestSupport
import Testing
import Workbench

/// Measurements along `samples`, one for each x.
private func points(_ x: [Double], _ y: [Double], replicate: Int? = nil) -> [StageInput] {
    zip(x, y).map { x, y in
        measured(
            "error",
            [("samples", .number(x))]
                + (replicate.map { [("replicate", .number(Double($0)))] } ?? []), ["y": y])
    }
}

private func fit(
    _ inputs: [StageInput], _ parameters: [String: JSON] = [:], seed: UInt64 = 1
) throws -> JSON {
    var all: [String: JSON] = ["x": "samples", "y": "y", "bootstrap": 0]
    all.merge(parameters) { $1 }
    return try run(LawFitStage.self, all, seed: seed, ["points": inputs]).json("law")
}

private func value(_ law: JSON, _ name: String, _ member: String = "value") -> Double {
    law["parameters"]?[name]?[member]?.double ?? .nan
}

private let sizes = (0..<12).map { 100 * Glibc.pow(10, Double($0) / 3) }

@Suite struct LawFitStageTests {
    @Test(arguments: [(2.5, 0.5), (0.01, 0.076), (1e9, 1.7), (3.0, -0.2)])
    func `a planted power law is recovered`(prefactor: Double, exponent: Double) throws {
        let y = sizes.map { prefactor * Glibc.pow($0, -exponent) }
        let law = try fit(points(sizes, y))
        #expect((value(law, "A") / prefactor - 1).magnitude < 1e-6)
        #expect((value(law, "alpha") - exponent).magnitude < 1e-6)
        #expect(law["parameters"]?["E"] == nil)
        #expect((law["objective"]?["value"]?.double ?? 1) < 1e-18)
    }

    @Test(arguments: [
        (1.69, 406.4, 0.34), (0.05, 2.0, 0.5), (1e-3, 0.1, 0.95), (200.0, 1e4, 0.25),
    ])
    func `a planted power law with a floor is recovered`(
        floor: Double, prefactor: Double, exponent: Double
    ) throws {
        let y = sizes.map { floor + prefactor * Glibc.pow($0, -exponent) }
        let law = try fit(points(sizes, y), ["form": "power-law-with-floor"])
        #expect((value(law, "E") / floor - 1).magnitude < 1e-6)
        #expect((value(law, "A") / prefactor - 1).magnitude < 1e-6)
        #expect((value(law, "alpha") - exponent).magnitude < 1e-6)
        #expect((law["certificate"]?["scaledGradient"]?.double ?? 1) < 1e-6)
        #expect(law["certificate"]?["atBound"] == [])
    }

    @Test func `without a floor in the data the floor is 0, and said to be at its bound`() throws {
        // Falling faster and faster: any floor above 0 fits worse.
        let y = sizes.map { 2 * Glibc.pow($0, -0.5) * Glibc.exp(-1e-6 * $0) }
        let law = try fit(points(sizes, y), ["form": "power-law-with-floor"])
        #expect(value(law, "E") == 0)
        #expect(law["certificate"]?["atBound"] == ["E"])
        let plain = try fit(points(sizes, y))
        #expect((value(law, "alpha") - value(plain, "alpha")).magnitude < 1e-7)
    }

    /// Least squares of logarithms without a floor is linear regression: the textbook's formulas.
    @Test func `the power law is the regression of logarithms`() throws {
        var stream = RandomStream(seed: 3, purpose: "noise")
        let y = sizes.map { 2 * Glibc.pow($0, -0.4) * Glibc.exp(0.1 * stream.normal()) }
        let (u, v) = (sizes.map { Glibc.log($0) }, y.map { Glibc.log($0) })
        let (mu, mv) = (u.reduce(0, +) / 12, v.reduce(0, +) / 12)
        let slope =
            zip(u, v).reduce(0) { $0 + ($1.0 - mu) * ($1.1 - mv) }
            / u.reduce(0) { $0 + ($1 - mu) * ($1 - mu) }
        let law = try fit(points(sizes, y))
        #expect((value(law, "alpha") + slope).magnitude < 1e-9)
        #expect((value(law, "A") / Glibc.exp(mv - slope * mu) - 1).magnitude < 1e-8)
    }

    @Test func `points beyond the limit are held out and scored`() throws {
        let y = sizes.map { 3 * Glibc.pow($0, -0.5) }
        var bent = y
        for place in 9..<12 { bent[place] *= 1.5 }
        let law = try fit(points(sizes, bent), ["x_max": .number(sizes[8])])
        #expect((value(law, "alpha") - 0.5).magnitude < 1e-6)
        #expect(law["points"] == 9 && law["heldOut"]?["points"] == 3)
        #expect(((law["heldOut"]?["logError"]?.double ?? 0) - Glibc.log(1.5)).magnitude < 1e-6)
        #expect(law["range"] == [.number(sizes[0]), .number(sizes[8])])
    }

    @Test func `with noise the intervals hold the truth, twice with the same bits`() throws {
        var stream = RandomStream(seed: 5, purpose: "noise")
        let inputs = (0..<6).flatMap { replicate in
            points(
                sizes,
                sizes.map {
                    (0.05 + 2 * Glibc.pow($0, -0.5)) * Glibc.exp(0.05 * stream.normal())
                }, replicate: replicate)
        }
        let parameters: [String: JSON] = [
            "form": "power-law-with-floor", "bootstrap": 200, "group": .null,
        ]
        let law = try fit(inputs, parameters)
        for (name, truth) in [("E", 0.05), ("A", 2.0), ("alpha", 0.5)] {
            #expect(value(law, name, "low") < truth && truth < value(law, name, "high"), "\(name)")
            #expect(value(law, name, "low") < value(law, name), "\(name)")
            #expect(value(law, name) < value(law, name, "high"), "\(name)")
        }
        #expect(law["bootstrap"]?["samples"] == 200)
        #expect(try fit(inputs, parameters) == law)
        #expect(try fit(inputs, parameters, seed: 2) != law)
        let narrow = try fit(inputs, parameters.merging(["confidence": 0.5]) { $1 })
        #expect(value(narrow, "alpha", "low") > value(law, "alpha", "low"))
        #expect(value(narrow, "alpha", "high") < value(law, "alpha", "high"))
    }

    /// Replicates that differ as a whole: resampling groups sees it, resampling points does not.
    @Test func `groups are resampled together`() throws {
        let inputs = (0..<8).flatMap { replicate in
            points(
                sizes, sizes.map { Glibc.pow($0 / 7000, -0.5 - 0.02 * Double(replicate)) },
                replicate: replicate)
        }
        let grouped = try fit(inputs, ["bootstrap": 200, "group": "replicate"])
        let single = try fit(inputs, ["bootstrap": 200])
        #expect(grouped["bootstrap"]?["resampled"] == "groups of replicate")
        #expect(single["bootstrap"]?["resampled"] == "points")
        func width(_ law: JSON) -> Double {
            value(law, "alpha", "high") - value(law, "alpha", "low")
        }
        #expect(width(grouped) > 1.5 * width(single))
    }

    /// 120 data sets of 24 points: the 90 % interval should hold the exponent in about 90 % of them;
    /// the percentile bootstrap is known to hold a little less with so few points.
    @Test func `intervals hold the truth about as often as they say`() throws {
        var held = 0
        let count = trials(120)
        for index in 0..<count {
            var stream = RandomStream(seed: 77, purpose: "noise", index: UInt64(index))
            let inputs = (0..<2).flatMap { _ in
                points(
                    sizes, sizes.map { Glibc.pow($0, -0.5) * Glibc.exp(0.1 * stream.normal()) })
            }
            let law = try fit(
                inputs, ["bootstrap": 100, "confidence": 0.9], seed: UInt64(index))
            if value(law, "alpha", "low") < 0.5 && 0.5 < value(law, "alpha", "high") { held += 1 }
        }
        #expect((94 * count / 120...117 * count / 120).contains(held), "\(held) of \(count)")
    }

    @Test func `with fewer than twenty resamples no interval is claimed`() throws {
        let law = try fit(points(sizes, sizes.map { 1 / $0 }), ["bootstrap": 19])
        #expect(law["parameters"]?["alpha"]?["low"] == .null)
    }

    @Test func `a y of one value is named as the reason why there is no law`() {
        let text = failure {
            _ = try fit(points(sizes, sizes.map { _ in 2.5 }), ["form": "power-law-with-floor"])
        }
        #expect(text.contains("`y` is 2.5 in all points"), "\(text)")
    }

    @Test func `what cannot be fitted is refused word for word`() {
        let good = points(sizes, sizes.map { 1 / $0 })
        func text(_ inputs: [StageInput], _ parameters: [String: JSON] = [:]) -> String {
            failure { _ = try fit(inputs, parameters) }
        }
        #expect(
            text(good, ["x": "size"])
                == "no column `size` in the points; expected one of \"samples\", \"y\"")
        #expect(
            text(good, ["y": "loss"])
                == "no column `loss` in the points; expected one of \"samples\", \"y\"")
        #expect(
            text(good, ["group": "replicate"])
                == "no column `replicate` in the points; expected one of \"samples\", \"y\"")
        #expect(
            text(points([1, 2, 3], [1, 0, 1]))
                == "error[samples=2]: expected a positive number as `y`, found 0; leave such rows out with "
                + "`where`, or take residuals of y itself with `space: linear`")
        #expect(
            text(points([1, -2, 3], [1, 1, 1]))
                == "error[samples=-2]: expected a positive number as `samples`, found -2; leave such rows "
                + "out with `where`")
        #expect(
            text(good + [measured("error", [("samples", 7)], ["z": 1])])
                == "error[samples=7]: expected a positive number as `y`, found null; leave such rows out "
                + "with `where`")
        #expect(
            text(points([10, 10, 10], [1, 2, 3]))
                == "too few points: expected at least 2 different values of samples, found 1; widen "
                + "the axis")
        #expect(
            text(points([1, 10], [2, 1]), ["form": "power-law-with-floor"])
                == "too few points: expected at least 3 different values of samples, found 2; widen "
                + "the axis")
        #expect(
            text(good, ["x_max": 1])
                == "too few points: expected at least 2 different values of samples, found 0; widen "
                + "the axis")
        #expect(
            text([given("7", from: "seven")])
                == "seven: line 1: found a header, \"7\", but no rows below it")
    }

    @Test func `a law can be fitted to a CSV file`() throws {
        var table = Table(columns: ["samples", "y"])
        for x in sizes { table.append([.number(x), .number(4 * Glibc.pow(x, -0.3))]) }
        let law = try fit([given(table.csv(), from: "data/points.csv")])
        #expect((value(law, "alpha") - 0.3).magnitude < 1e-6)
    }

    @Test func `a law in one line names formula, parameters, interval and score`() throws {
        let y = sizes.map { 3 * Glibc.pow($0, -0.5) }
        let falling = try fit(points(sizes, y), ["bootstrap": 20, "x_max": .number(sizes[10])])
        #expect(
            LawSummary.text(falling)
                == "y = 3.00·samples^−0.500   α 0.500  (no interval, 11 points), held-out log "
                + "error \(Markup.significant(falling["heldOut"]?["logError"]?.double ?? 0))")
        let rising = try fit(points(sizes, sizes.map { 3 * Glibc.pow($0, 0.25) }))
        #expect(
            LawSummary.text(rising)
                == "y = 3.00·samples^0.250   α −0.250  (no interval, 12 points)")
        let noisy = zip(y, [1.02, 0.99, 1.01, 0.98]).map { $0 * $1 }
        let few = try fit(points(Array(sizes.prefix(4)), noisy))
        #expect(LawSummary.text(few).hasSuffix("]  (95 %, 4 points)"))
    }
}

@Suite struct LawReferenceTests {
    /// Ten learning curves (Alabdulmohsin et al., arXiv 2209.06640), fitted apart with scipy to the
    /// same objective, least squares of log residuals, and scored beyond half of the largest x.
    @Test func `fits agree with the reference on ten published learning curves`() throws {
        guard let data = try sharedFile("data/learning-curves-alabdulmohsin/benchmark.lang.csv"),
            let bytes = try sharedFile("reference/law-fitting.json"),
            let curves = try JSON(parsing: bytes)["learning_curves_NMT_LM"]?.members
        else { return }
        let all = try Table(csv: data)
        #expect(curves.count == 10)
        for name in JSON.sorted(curves.keys) {
            let parts = name.split(separator: "|").map(String.init)
            var rows = all.filtered(["Domain": .string(parts[0]), "Task": .string(parts[1])]).rows
                .filter { $0[2].text == parts[2] || $0[2] == Double(parts[2]).map { .number($0) } }
            // Repeated rows count once in the fit and again in the score, as in the reference.
            var seen: Set<[JSON]> = []
            rows = rows.filter { seen.insert($0).inserted || $0[5] == 0 }
            let curve = curves[name] ?? .null
            var table = Table(columns: ["x", "y"])
            for row in rows { table.append([row[3], row[4]]) }
            for (form, key) in [("power-law", "M1"), ("power-law-with-floor", "M2")] {
                let expected = curve["logls"]?[key] ?? .null
                let law = try run(
                    LawFitStage.self,
                    [
                        "x": "x", "y": "y", "form": .string(form), "bootstrap": 0,
                        "x_max": curve["x_max_train"] ?? .null,
                    ], ["points": [given(table.csv(), from: "curve.csv")]]
                ).json("law")
                #expect(law["points"] == curve["n_train"], "\(name) \(key)")
                #expect(law["heldOut"]?["points"] == curve["n_test"], "\(name) \(key)")
                func near(_ found: Double?, _ wanted: Double?, _ tolerance: Double) -> Bool {
                    guard let found, let wanted else { return false }
                    return (found - wanted).magnitude <= tolerance * max(wanted.magnitude, 1e-12)
                }
                let alpha = value(law, "alpha")
                #expect(near(alpha, expected["c"]?.double.map { -$0 }, 1e-4), "\(name) \(key) α")
                #expect(
                    near(value(law, "A"), expected["beta"]?.double, 3e-3), "\(name) \(key) A")
                if key == "M2" {
                    #expect(
                        near(value(law, "E"), expected["err_inf"]?.double, 1e-4),
                        "\(name) \(key) E")
                }
                #expect(
                    near(
                        law["heldOut"]?["logError"]?.double, expected["extrap_rmse"]?.double, 2e-3),
                    "\(name) \(key) score")
                // Never above the reference's optimum, which is half of the sum of squares.
                let objective = law["objective"]?["value"]?.double ?? .infinity
                let best = expected["sse"]?.double ?? 0
                #expect(objective <= 2 * best * (1 + 1e-6), "\(name) \(key) objective")
            }
        }
    }
}
