import Run
import Testing

/// What is told at the end of a run.
@Suite struct RunRemarkTests {
    private func name(_ index: Int) -> String { "a[n=\(index)]" }

    @Test func `one remark of many actions is told once, with the first of them and their number`()
    {
        var remarks = RunRemarks()
        for index in [4, 5, 6, 5] { remarks.add("left x", of: index, stage: "a") }
        remarks.add("left y", of: 9, stage: "b")
        #expect(
            remarks.take(name: name) == [
                "a[n=4] and 2 more actions of a: left x", "a[n=9]: left y",
            ])
        #expect(remarks.take(name: name) == [])
    }

    @Test func `of many different remarks of a stage three are told, and the rest are counted`() {
        var remarks = RunRemarks()
        for index in 0..<10 { remarks.add("left \(index)", of: index, stage: "a") }
        #expect(
            remarks.take(name: name) == [
                "a[n=0]: left 0", "a[n=1]: left 1", "a[n=2]: left 2",
                "a: 7 more actions had other remarks of the kind",
            ])
    }
}
