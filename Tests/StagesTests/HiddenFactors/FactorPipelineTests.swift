import Canon
import Experiment
import HiddenFactors
import Laws
import System
import TestSupport
import Testing
import Workbench

/// The experiment files on hidden factors, as they are shipped.
@Suite struct FactorPipelineTests {
    private static let folder = Repository.root

    private func text(_ name: String) throws -> String {
        let path = "\(Self.folder)/pipelines/\(name)"
        return String(decoding: try #require(try readWholeFile(path)), as: UTF8.self)
    }

    /// What follows the line that names the experiment.
    private func body(_ text: String) -> Substring {
        text[(text.firstRange(of: "\ndescription:")?.lowerBound ?? text.endIndex)...]
    }

    private func graph(scale: String) throws -> ActionGraph {
        let text = try text("hidden-factors.yaml").replacing(
            "  scale: S\n", with: "  scale: \(scale)\n")
        return try ExperimentLoader.load(
            bytes: Array(text.utf8), path: "hidden-factors.yaml", project: Self.folder,
            registry: KindRegistry(
                hiddenFactorsKinds + lawsKinds + [
                    TableImportStage.self, ChartStage.self, PageStage.self,
                ],
                profile: { "none" }))
    }

    @Test func `the small file is the whole one but for its name and its scale`() throws {
        let whole = try text("hidden-factors.yaml")
        let small = try text("hidden-factors-small.yaml")
        #expect(
            body(small) == body(whole.replacing("  scale: S\n", with: "  scale: small\n")),
            "copy hidden-factors.yaml from `description:` on, with `scale: small`")
        #expect(small.contains("experiment: hidden-factors-small\n"))
    }

    /// Counts of trainings: the grids of docs/HIDDEN-FACTORS.md, less those that the file says it leaves out.
    @Test func `every scale resolves, and the published filtration is 7 by 5`() throws {
        for scale in ["S", "paper", "small"] {
            let graph = try graph(scale: scale)
            func count(_ stage: String) -> Int {
                graph.actions.count { graph.stages[$0.stage].name == stage }
            }
            #expect(graph.actions.count > 100)
            if scale == "paper" {
                #expect(count("filtration-run") == 35)
                #expect(count("capacity-run") == 6 * 9 * 5)
                #expect(count("split-run") == 4 * 19 * 5)
            }
            if scale == "S" {
                #expect(count("filtration-run") == 40)
                #expect(count("single-pass") == (10 + 3 * 6) * (3 + 3 + 2 + 1))
            }
        }
    }

    @Test func `the published scale is N = M = 4096 in every task of the main grids`() throws {
        let graph = try graph(scale: "paper")
        for action in graph.actions {
            let stage = graph.stages[action.stage].name
            guard ["task", "few-task", "edge-task", "cut-task", "wide-task"].contains(stage) else {
                continue
            }
            for name in ["inputs", "outputs"] {
                let sizes = (action.parameters[name]?.elements ?? []).compactMap { $0.integer }
                #expect(sizes.reduce(1, *) == 4096, "\(action.name)")
            }
        }
    }
}
