import HiddenFactors
import Testing

@Suite struct FactorNetworkTests {
    /// Values of the authors' count, from the public code of arXiv 2411.01375.
    @Test(arguments: [(64, 128, 1_722_432), (32, 64, 824_352), (1, 2, 24_645)])
    func `a sample costs what the authors count`(width: Int, hidden: Int, flop: Int) {
        let shape = FactorNetworkShape(width: width, hidden: hidden, blocks: 1, classes: 4096)
        #expect(shape.flopPerSample == flop)
    }

    @Test func `the named profiles are those of paper and code`() {
        #expect(FactorNetworkShape.paper(classes: 4096).flopPerSample == 824_352)
        #expect(FactorNetworkShape.code(classes: 4096).flopPerSample == 1_722_432)
        #expect(FactorNetworkShape.code(classes: 4096).weightCount == 3 * 64 * 128 + 64 * 4096)
    }

    @Test func `without blocks only norm and unembedding cost`() {
        let shape = FactorNetworkShape(width: 4, hidden: 8, blocks: 0, classes: 16)
        #expect(shape.flopPerSample == 3 * (2 * 4 * 16 + 3 * 4))
    }
}
