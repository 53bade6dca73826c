import Numerics
import Testing

/// Small systems against numpy 2.4.
@Suite struct LinearSystemTests {
    /// Two blocks of two, and a border: the matrix of a joint fit.
    private let arrow: [Double] = [
        4, 1, 0, 0, 0.5,
        1, 3, 0, 0, 0.25,
        0, 0, 5, 2, 1,
        0, 0, 2, 6, 0.75,
        0.5, 0.25, 1, 0.75, 7,
    ]

    @Test func `a matrix of blocks with a border is solved as numpy solves it`() throws {
        let expected = [
            0.023031566602599585, 0.6092126266410398, 0.28123269374857474, 0.49825715868000126,
            0.5973222138971236,
        ]
        let found = try #require(LinearSystem.solve(arrow, [1, 2, 3, 4, 5]))
        for (a, b) in zip(found, expected) { #expect((a - b).magnitude < 1e-15) }
    }

    @Test func `a matrix that is not positive definite has no solution`() {
        var matrix = arrow
        matrix[24] = 0.1
        #expect(LinearSystem.solve(matrix, [1, 2, 3, 4, 5]) == nil)
    }
}
