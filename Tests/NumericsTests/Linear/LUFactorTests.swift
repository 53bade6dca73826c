import Numerics
import Testing

/// Factors with row exchanges, against elimination without blocks.
@Suite struct LUFactorTests {
    private func matrix(_ n: Int) -> Buffer<Double> {
        var stream = RandomStream(seed: UInt64(n), purpose: "matrix")
        return Buffer((0..<(n * n)).map { _ in stream.normal() })
    }

    /// log |det| by Gauss's elimination, row by row.
    private func logDeterminant(_ matrix: Buffer<Double>, order n: Int) -> Double {
        var rows = (0..<n).map { matrix.elements(($0 * n)..<(($0 + 1) * n)) }
        var sum = 0.0
        for column in 0..<n {
            let sizes = (column..<n).map { rows[$0][column].magnitude }
            rows.swapAt(column, column + (sizes.firstIndex(of: sizes.max() ?? 0) ?? 0))
            sum += Elementary.log(rows[column][column].magnitude)
            for row in (column + 1)..<max(n, column + 1) {
                let factor = rows[row][column] / rows[column][column]
                for place in column..<n { rows[row][place] -= factor * rows[column][place] }
            }
        }
        return sum
    }

    @Test(arguments: [1, 2, 63, 64, 65, 150])
    func `a matrix times its inverse is the unit matrix, and the determinant is elimination's`(
        n: Int
    ) throws {
        let arithmetic = try Arithmetic.portable()
        let given = matrix(n)
        let factor = try LUFactor(given, order: n, arithmetic: arithmetic)
        #expect((factor.logDeterminant - logDeterminant(given, order: n)).magnitude < 1e-9)
        let (inverse, unit) = (Buffer<Double>(count: n * n), Buffer<Double>(count: n * n))
        _ = factor.inverse(into: inverse)
        for (left, right) in [(given, inverse), (inverse, given)] {
            arithmetic.product(
                m: n, n: n, k: n, MatrixPlace(left, stride: n), MatrixPlace(right, stride: n),
                into: MatrixPlace(unit, stride: n))
            let error = (0..<(n * n)).reduce(0.0) {
                max($0, (unit[$1] - ($1 % (n + 1) == 0 ? 1 : 0)).magnitude)
            }
            #expect(error < 1e-9, "order \(n): \(error)")
        }
    }

    @Test(arguments: [64, 128, 320])
    func `counted operations are those of the formulas`(n: Int) throws {
        let factor = try LUFactor(matrix(n), order: n, arithmetic: try Arithmetic.portable())
        #expect(factor.operations == n * (n - 1) / 2 + n * (n - 1) * (2 * n - 1) / 3)
        let (b, m) = (64, n / 64)
        // Blocks of 64 rows of L·Y = 1 use so many columns as they have rows above and in them.
        let lower = b * b * b * (m - 1) * m * (2 * m - 1) / 3 + b * b * (b - 1) * m * (m + 1) / 2
        let upper = n * n * n + n
        #expect(factor.inverse(into: Buffer(count: n * n)) == lower + upper)
    }

    @Test func `a matrix without an inverse is refused with the pivot`() throws {
        let error = #expect(throws: NumericsError.self) {
            _ = try LUFactor(
                Buffer([1, 2, 2, 4]), order: 2, arithmetic: try Arithmetic.portable())
        }
        #expect(
            error?.description.contains("LU: pivot 1 of 2 is 0.0, expected a finite number") == true
        )
    }
}
