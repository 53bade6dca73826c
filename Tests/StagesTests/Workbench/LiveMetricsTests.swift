import Testing
import Workbench

@Suite struct LiveMetricsTests {
    @Test func `notes of a running action give each number that they name`() {
        let metrics = LiveMetrics([
            "epoch 1, loss 0.5", "epoch 2, loss 0.25, lr=1e-3", "no number here", "loss: nan",
            "3 of 4",
        ]).metrics
        #expect(metrics.map { $0.name } == ["epoch", "loss", "lr"])
        #expect(metrics.map { $0.values } == [[1, 2], [0.5, 0.25], [1e-3]])
    }

    @Test func `names are text on the page, and there are eight at most`() {
        let hostile = LiveMetrics(["<b>x 1", "a<script> 1", "a<script> 2"])
        #expect(hostile.metrics.map { $0.name } == ["a<script>"])
        #expect(hostile.html.contains("a&lt;script&gt;: 1") && !hostile.html.contains("<script"))
        #expect(
            LiveMetrics([(0..<20).map { "m\($0) 1" }.joined(separator: " ")]).metrics.count == 8)
    }
}
