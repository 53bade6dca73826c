import Canon
import Laws
import Numerics
import System
import Testing
import Workbench

/// Published data through the stages, against published numbers and an independent program.
///
/// Data sets stay outside of the repository; without them each test says that it compared nothing.
@Suite struct LawReproductionTests {
    private func number(_ json: JSON, _ path: String) -> Double {
        var value: JSON? = json
        for step in path.split(separator: "/") {
            if let place = Int(step), let elements = value?.elements {
                value = elements[place]
            } else {
                value = value?[String(step)]
            }
        }
        return value?.double ?? .nan
    }

    private func near(_ found: Double, _ expected: Double, _ tolerance: Double) -> Bool {
        (found - expected).magnitude <= tolerance * expected.magnitude
    }

    private func chinchilla() throws -> String? {
        guard let bytes = try sharedFile("data/chinchilla-epoch/svg_extracted_data.csv") else {
            return nil
        }
        let columns: JSON = [
            ["name": "N", "from": "Model Size"], ["name": "C", "from": "Training FLOP"],
            ["name": "loss"],
        ]
        return try run(
            TableImportStage.self,
            [
                "columns": columns, "derive": ["D = C / (6 * N)", "ratio = D / N"],
            ], ["file": [given(bytes)]]
        ).text("table")
    }

    @Test func `the efficient allocation at Gopher's budget is the replication's`() throws {
        guard let table = try chinchilla() else { return }
        let points = given(table)
        let law = try run(
            LawFitStage.self,
            [
                "form": "chinchilla", "y": "loss", "objective": "huber", "where": "ratio > 0.41",
                "bootstrap": 200,
            ], ["points": [points]])
        let json = try law.json("law")
        #expect(json["points"] == 240)
        #expect(near(number(json, "derived/a/value"), 0.51390, 1e-4))
        #expect(near(number(json, "objective/value"), 0.0010182740178006, 1e-9))
        let allocation = try run(
            LawAllocateStage.self, ["compute": [5.76e23], "confidence": 0.8],
            ["law": [given(json)]]
        ).json("allocation")
        #expect(near(number(allocation, "at/0/DperN/value"), 17.92101200813906, 1e-6))
        #expect(near(number(allocation, "at/0/N/value"), 73190438834.02812, 1e-6))
        #expect((8..<12).contains(number(allocation, "at/0/DperN/low")))
        #expect((26..<33).contains(number(allocation, "at/0/DperN/high")))
        // The search in log N, which any cost of a token may use, finds the closed form's optimum.
        let searched = try run(
            LawAllocateStage.self, ["compute": [5.76e23], "flops_per_token": "6 * N"],
            ["law": [given(json)]]
        ).json("allocation")
        #expect(near(number(searched, "at/0/N/value"), 73190438834.02812, 1e-5))
        #expect(try MarkupCheck(law.drawn("plot")).oddCoordinates == [])
        #expect(law.text("plot").contains("compute-optimal"))
        // Least absolute deviation, the paper's own objective, and the ratio that follows.
        let absolute = try run(
            LawFitStage.self,
            [
                "form": "chinchilla", "y": "loss", "objective": "absolute",
                "where": "ratio > 0.41", "bootstrap": 0,
            ], ["points": [points]]
        ).json("law")
        let deviation = try run(
            LawAllocateStage.self, ["compute": [5.76e23]], ["law": [given(absolute)]]
        ).json("allocation")
        #expect(near(number(deviation, "at/0/DperN/value"), 18.33651088197913, 1e-4))
    }

    @Test func `a hold-out by compute has the reference's error`() throws {
        guard let table = try chinchilla() else { return }
        for (limit, points, error, alpha) in [
            (1e21, 23, 0.012491587542715446, 0.32712785),
            (3e20, 63, 0.012532161158454949, 0.33000906),
        ] {
            let json = try run(
                LawFitStage.self,
                [
                    "form": "chinchilla", "y": "loss", "objective": "huber",
                    "where": "ratio > 0.41", "bootstrap": 0, "x_max": .number(limit),
                    "hold_out": "C",
                ], ["points": [given(table)]]
            ).json("law")
            #expect(json["heldOut"]?["points"] == .number(Double(points)))
            #expect(near(number(json, "heldOut/logError"), error, 1e-4))
            #expect(near(number(json, "parameters/alpha/value"), alpha, 1e-5))
        }
    }

    @Test func `Porian's weighted exponents follow from the published optima`() throws {
        guard let pairs = try sharedFile("data/isoflop-porian/optimal_pairs.csv"),
            let fits = try sharedFile("data/isoflop-porian/published_fits.json")
        else { return }
        let published = try JSON(parsing: fits)
        var columns: [JSON] = ["dataset", "hparams", "warmup", "decay", "param_count", "val"].map {
            ["name": .string($0), "type": "text"]
        }
        columns += ["flops", "n_star", "n_star_logstd"].map { ["name": .string($0)] }
        let table = try run(
            TableImportStage.self,
            [
                "columns": .array(columns), "derive": ["weight = 1 / n_star_logstd^2"],
                "bad_rows": "skip",
            ], ["file": [given(pairs)]]
        ).text("table")
        for dataset in ["rw", "owt2"] {
            for (step, exponents) in [
                ("base/long/kaplan/kaplan/train", ["rw": 0.8353, "owt2": 0.86351]),
                ("base/long/kaplan/standard/val", ["rw": 0.70647, "owt2": 0.6985]),
                ("base/short/kaplan/standard/val", ["rw": 0.60204, "owt2": 0.6032]),
                ("base/short/chinchilla/standard/val", ["rw": 0.57149, "owt2": 0.5743]),
                ("tuned/short/const/standard/val", ["rw": 0.4969, "owt2": 0.51845]),
            ] {
                let parts = step.split(separator: "/")
                let names = ["hparams", "warmup", "decay", "param_count", "val"]
                let filter = zip(names, parts).map { "\($0) == '\($1)'" }.joined(separator: " and ")
                let json = try run(
                    LawFitStage.self,
                    [
                        "x": "flops", "y": "n_star", "weight": "weight", "bootstrap": 0,
                        "where": .string("dataset == '\(dataset)' and \(filter)"),
                    ], ["points": [given(table)]]
                ).json("law")
                let stated = number(published, "\(dataset)/\(step)/none")
                let fitted = published["\(dataset)/\(step)"]?["weighted"]?["n_exponent"]?.double
                let expected = try #require(fitted)
                #expect(stated.isNaN)
                #expect(near(-number(json, "parameters/alpha/value"), expected, 1e-6))
                #expect(near(expected, exponents[dataset] ?? 0, 2e-5))
            }
        }
    }

    /// Half a unit of what the reference prints, for the rows that follow from the released data.
    @Test func `learning curves extrapolate as the reference's fits of both objectives`() throws {
        guard let data = try sharedFile("data/learning-curves-alabdulmohsin/benchmark.lang.csv"),
            let bytes = try sharedFile("reference/law-fitting.json"),
            let curves = try JSON(parsing: bytes)["learning_curves_NMT_LM"]?.members
        else { return }
        for (method, key) in [("published", "local"), ("certified", "logls")] {
            for (form, name) in [
                ("power-law", "M1"), ("power-law-with-floor", "M2"), ("m3", "M3"), ("m4", "M4"),
            ] {
                let scores = try Table(
                    csv: run(
                        LawCurvesStage.self,
                        [
                            "curve": ["Domain", "Task", "Model"], "x": "Seen Examples", "y": "Loss",
                            "train": "Training", "form": .string(form), "method": .string(method),
                        ], ["points": [given(data)]]
                    ).bytes("scores"))
                for (curve, reference) in curves {
                    let parts = curve.split(separator: "|").map(String.init)
                    let row = try #require(
                        scores.rows.first {
                            $0[0].text == parts[0] && $0[1].text == parts[1]
                                && ($0[2].text ?? $0[2].canonicalText)
                                    == (Double(parts[2]).map { JSON.number($0).canonicalText }
                                        ?? parts[2])
                        })
                    let expected = try #require(reference[key]?[name]?["extrap_rmse"]?.double)
                    let found = try #require(row[7].double, "\(curve) \(name) \(method)")
                    // Where the reference's own search stopped early, ours may differ a little.
                    #expect(near(found, expected, 0.02), "\(curve) \(name) \(method): \(found)")
                }
            }
        }
    }

    @Test func `on image curves M4 wins most often, in the shares of the reference`() throws {
        guard
            let vision = try sharedFile("data/learning-curves-alabdulmohsin/benchmark.vision.csv")
        else { return }
        let names: JSON = ["Domain", "Task", "Model"]
        let scores = try ["power-law", "power-law-with-floor", "m3", "m4"].map { form in
            given(
                try run(
                    LawCurvesStage.self,
                    [
                        "curve": names, "x": "Seen Examples", "y": "Loss", "train": "Training",
                        "form": .string(form), "method": "published",
                    ], ["points": [given(vision)]]
                ).bytes("scores"), from: form)
        }
        let wins = try run(
            LawWinsStage.self, ["curve": names, "group": "Domain"], ["scores": scores]
        ).json("summary")
        for (form, share) in [
            ("power-law", 0.07), ("power-law-with-floor", 0.13), ("m3", 0.38), ("m4", 0.42),
        ] {
            let found = wins["wins"]?["IC"]?["\(form), published"]?.double ?? .nan
            #expect((found - share).magnitude < 0.006, "\(form): \(found)")
        }
    }
}
