import Canon
import HiddenFactors
import Testing
import Workbench

@Suite struct FactorTrainStageTests {
    private let small: [String: JSON] = ["inputs": [2, 3, 2], "outputs": [4, 3], "parents": 1]

    private func train(_ parameters: [String: JSON]) throws -> StageRun {
        let task = try run(FactorTaskStage.self, small)
        return try run(
            FactorTrainStage.self, parameters,
            [
                "task": [given(task.bytes("task"), from: "task")],
                "tables": [given(task.bytes("tables"), from: "task")],
            ])
    }

    private func shape(_ weights: Safetensors, _ name: String) -> [Int]? {
        weights.tensors[name]?.shape
    }

    /// Sizes and counts of the public code of arXiv 2411.01375.
    @Test func `the summary counts samples and operations as the authors do`() throws {
        let compression = try train(["mode": "compression", "steps": 20]).json("summary")
        #expect(compression["width"] == 64 && compression["hidden"] == 128)
        #expect(compression["N"] == 12 && compression["M"] == 12)
        #expect(compression["embedding"] == "learned" && compression["labels"] == "soft")
        #expect(compression["samples"] == 240 && compression["epochs"] == 20)
        let flop = Double(FactorNetworkShape.code(classes: 12).flopPerSample)
        #expect(compression["flops"]?.double == 240 * flop)
        let single = try train([
            "mode": "single-pass", "profile": "paper", "steps": 5, "layers": 0,
        ]).json("summary")
        #expect(single["width"] == 32 && single["hidden"] == 64 && single["samples"] == 120)
        #expect(single["epochs"] == 10 && single["labels"] == "sampled")
        let general = try train(["observed": 0.5, "steps": 5, "width": 4]).json("summary")
        #expect(general["observed_inputs"] == 6 && general["test_inputs"] == 6)
        #expect(general["embedding"] == "fixed" && general["hidden"] == 8)
        #expect(general["epochs"] == 5 && general["samples"] == 30)
        // The table of a fixed embedding is not trained: 3·4·8 in the block, 4·12 after it.
        #expect(general["parameters"] == 144)
    }

    @Test func `the curve has a row for every point of the grid and ends as the summary says`()
        throws
    {
        let done = try train(["steps": 30, "points_per_decade": 2, "width": 8])
        let curve = try Table(csv: done.bytes("curve"))
        #expect(
            curve.columns == ["step", "epochs", "samples", "flops", "rate", "train", "test"])
        #expect(curve[column: "step"] == [1, 3, 10, 30])
        let summary = try done.json("summary")
        #expect(curve[column: "test"]?.last == summary["test"])
        #expect(curve[column: "flops"]?.last == summary["flops"])
        let best = (curve[column: "test"] ?? []).compactMap { $0.double }.min()
        #expect(summary["best_test"]?.double == best)
    }

    @Test func `weights are tensors by name, gate and up apart, outputs first`() throws {
        let done = try train(["embedding": "trained-factors", "width": 4, "hidden": 5, "steps": 1])
        let weights = try Safetensors(done.bytes("weights"))
        #expect(shape(weights, "embedding.weight") == [7, 4])
        #expect(shape(weights, "blocks.0.gate.weight") == [5, 4])
        #expect(shape(weights, "blocks.0.up.weight") == [5, 4])
        #expect(shape(weights, "blocks.0.down.weight") == [4, 5])
        #expect(shape(weights, "unembedding.weight") == [12, 4])
        #expect(weights.metadata["embedding"] == "trained-factors")
    }

    @Test func `a split that leaves nothing is refused with the way out`() {
        let none = failure { _ = try train(["observed": 0.01]) }
        #expect(none.contains("0 of 12") && none.contains("mode: compression"))
        let wide = failure { _ = try train(["width": 4096, "hidden": 16384, "layers": 5]) }
        #expect(wide.contains("lower `width`"))
    }
}
