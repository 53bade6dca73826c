import Canon
import Experiment
import System
import TestSupport
import Testing
import Workbench

/// The claims of the pages on hidden factors, as they are shipped, against results that are made up.
@Suite struct FactorClaimTests {
    @Test func `where the pilot's numbers are measured, all claims hold`() throws {
        let verdicts = try FactorWorld().verdicts()
        #expect(verdicts.count == 21)
        for (name, verdict) in verdicts { #expect(verdict == .held, "\(name)") }
    }

    /// One thing that is bent, and the claims that say otherwise.
    struct Bend: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let failing: [String]
        let apply: @Sendable (inout FactorWorld) -> Void

        /// One number of one run is another.
        init(_ stage: String, _ run: Int, _ column: String, _ value: Double, _ failing: String...) {
            testDescription = "\(stage), run \(run): \(column) = \(value)"
            self.failing = failing
            apply = { $0.runs[stage]?[run].values[column] = value }
        }

        /// One mean of one figure is another.
        init(
            figure: String, curve: Int = 0, point: Int, _ value: Double, _ failing: String...
        ) {
            testDescription = "\(figure), curve \(curve), point \(point): \(value)"
            self.failing = failing
            apply = { $0.figures[figure]?[curve].points[point].y = value }
        }
    }

    static let bends = [
        Bend("entropy", 0, "difference", 0.05, "generator"),
        Bend("entropy", 0, "violation", 1e-6, "generator"),
        Bend("rank", 0, "rank", 12, "rank"), Bend("rank", 0, "chibar", 12, "rank"),
        Bend("capacity-run", 0, "train", 7e-3, "capacity"),
        Bend("capacity-run", 5, "train", 3e-5, "capacity"),
        Bend("compression-run", 3, "train", 5e-5, "compression"),
        Bend("compression-run", 3, "train", 1, "compression"),
        Bend(figure: "width-flops", point: 2, 1e-4, "width"),
        Bend(figure: "width-flops", point: 0, 1e-4),
        Bend(figure: "width-steps", point: 2, 0.02, "width"),
        Bend(figure: "single-pass-final", point: 2, 0.009, "single-pass"),
        Bend(figure: "single-pass-final", curve: 1, point: 2, 0.009, "single-pass"),
        Bend("filtration-run", 1, "test", 1e-4, "filtration"),
        Bend("filtration-run", 2, "test", 4, "filtration"),
        Bend("filtration-run", 2, "train", 1.5, "filtration"),
        Bend("filtration-run", 2, "train", 1.2),
        Bend("embedding-run", 0, "test", 0.02, "embeddings"),
        Bend("embedding-run", 1, "train", 0.01, "embeddings"),
        Bend(figure: "embeddings", point: 0, 2, "embeddings"),
        Bend("cut-run", 1, "test", 0.5, "factorings"),
        Bend("cut-run", 2, "test", 0.5, "factorings"),
        Bend("cut-run", 3, "train", 0.1, "factorings"),
        Bend("split-run", 3, "test", 0.001, "split"), Bend("split-run", 8, "test", 0.02),
        Bend("split-run", 0, "test", 0.02, "split"), Bend("split-run", 6, "test", 0.001, "split"),
        Bend(figure: "reuse-1", point: 1, 0.5, "reuse-best"),
        Bend(figure: "reuse-2", point: 1, 0.6, "reuse-best"),
        Bend(figure: "reuse-3", curve: 1, point: 0, 1e-4, "reuse-best", "reuse-structured"),
        Bend(figure: "reuse-2", curve: 1, point: 2, 0.14, "reuse-structured"),
        Bend(figure: "reuse-3", curve: 2, point: 2, 0.005, "reuse"),
        Bend(
            figure: "reuse-1", curve: 2, point: 2, 0.005, "reuse", "reuse-best", "reuse-stops",
            "reuse-structured"),
        Bend("layers-run", 0, "test", 2e-4, "blocks"), Bend("layers-run", 2, "test", 0.2, "blocks"),
        Bend("layers-run", 1, "test", 0.02, "blocks"),
        Bend("rates-run", 0, "test", 1e-5, "learning-rate"),
        Bend("ratio-run", 1, "test", 1.6, "block-width"),
        Bend("long-run", 1, "test", 5e-5, "long-rate"), Bend("long-run", 2, "test", 5e-5),
        Bend(figure: "single-pass-table", point: 1, 1.5, "against-table"),
        Bend(figure: "single-pass-table", point: 0, 9),
        Bend("filtration-epochs", 1, "mean", 40, "published-filtration"),
        Bend("counts", 2, "excess", 1e-3, "counting"), Bend("counts", 0, "excess", 9),
    ]

    @Test(arguments: bends)
    func `a claim fails where its own test plainly fails, and no other does`(bend: Bend) throws {
        var world = FactorWorld()
        bend.apply(&world)
        let failing = try world.verdicts().filter { $0.value == .failed }.map { $0.key }
        #expect(failing.sorted() == bend.failing)
    }

    @Test func `below the published size two claims are told`() throws {
        var world = FactorWorld()
        for run in world.runs["filtration-run"]?.indices ?? 0..<0 {
            world.runs["filtration-run"]?[run].values["N"] = 1024
        }
        world.figures["single-pass-table"]?[0].facts["N"] = 256
        let told = try world.verdicts().filter { $0.value == .told }.map { $0.key }
        #expect(told.sorted() == ["against-table", "published-filtration"])
    }
}
