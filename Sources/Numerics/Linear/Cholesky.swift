/// The lower triangular L with L·Lᵀ = A, for a symmetric positive definite A.
///
/// Bits: L[i,j] is the chain over p = 0 … j−1 of fma(−L[i,p], L[j,p], ·) from A[i,j], divided by L[j,j];
/// L[j,j] the square root of its chain; the `blas` profile takes LAPACK's `dpotrf`. Error: L·Lᵀ = A + E,
/// |E| ≤ γ(n + 1)|L||Lᵀ| (Higham, *Accuracy and Stability*, 2nd ed., theorem 10.3).
///
/// ```swift
/// let arithmetic = try Arithmetic.portable()
/// let x = try Cholesky([4, 2, 2, 3], order: 2, arithmetic: arithmetic).solve([2, 1])
/// ```
public struct Cholesky {
    /// Rows and columns.
    public let order: Int
    /// L, row-major; above its diagonal 0.
    public let lower: Buffer<Double>
    private static let block = 48

    /// Factors a matrix `[n, n]`, of which the lower triangle is read.
    ///
    /// - Complexity: n³/3 flop.
    /// - Throws: ``NumericsError`` at the first pivot that is not positive.
    public init(_ matrix: [Double], order n: Int, arithmetic: Arithmetic) throws(NumericsError) {
        precondition(matrix.count == n * n && n >= 0, "\(matrix.count) elements, order \(n)")
        order = n
        if let blas = arithmetic.blas {
            var rows = matrix
            if let row = blas.cholesky(&rows, order: n) {
                throw Self.notPositive(row, of: n, "not positive")
            }
            lower = Buffer(rows)
            clearAboveDiagonal()
            return
        }
        lower = Buffer(matrix)
        let minus = Buffer<Double>(count: n * Self.block)
        var start = 0
        while start < n {
            let end = min(n, start + Self.block)
            try factorPanel(start, end)
            let (rows, width) = (n - end, end - start)
            for row in 0..<rows {
                for place in 0..<width {
                    minus[row * width + place] = -lower[(end + row) * n + start + place]
                }
            }
            // A strip of columns at a time: what lies above the diagonal is wasted in its block alone.
            var column = end
            while column < n {
                let last = min(n, column + 4 * Self.block)
                arithmetic.product(
                    m: n - column, n: last - column, k: width,
                    MatrixPlace(minus, at: (column - end) * width, stride: width),
                    MatrixPlace(lower, at: column * n + start, stride: n, isTransposed: true),
                    into: MatrixPlace(lower, at: column * n + column, stride: n), start: .target)
                column = last
            }
            start = end
        }
        clearAboveDiagonal()
    }

    private func clearAboveDiagonal() {
        for row in 0..<order { lower.clear((row * order + row + 1)..<((row + 1) * order)) }
    }

    private static func notPositive(_ row: Int, of n: Int, _ found: String) -> NumericsError {
        NumericsError(
            description: "Cholesky: pivot \(row) of \(n) is \(found), expected a positive number\n"
                + "  fix: the matrix is not positive definite; add to its diagonal, or drop what "
                + "depends on the rest")
    }

    /// Columns start ..< end, whose chains have run up to `start`.
    private func factorPanel(_ start: Int, _ end: Int) throws(NumericsError) {
        let n = order
        for column in start..<end {
            for row in column..<n {
                var chain = lower[row * n + column]
                for p in start..<column {
                    chain.addProduct(-lower[row * n + p], lower[column * n + p])
                }
                if row == column {
                    guard chain > 0 && chain.isFinite else {
                        throw Self.notPositive(column, of: n, "\(chain)")
                    }
                    lower[row * n + column] = chain.squareRoot()
                } else {
                    lower[row * n + column] = chain / lower[column * n + column]
                }
            }
        }
    }

    /// Replaces B, `[n, columns]`, by L⁻¹·B.
    ///
    /// Bits: B[i,j] ends as the chain over p = 0 … i−1 of fma(−L[i,p], B[p,j], ·) from itself, divided by
    /// L[i,i]; the first rows do not depend on the last.
    ///
    /// - Complexity: n²·columns flop, in strips of 256 columns.
    package func forward(_ b: Buffer<Double>, columns: Int, arithmetic: Arithmetic) {
        precondition(b.count == order * columns, "\(b.count) elements, order \(order)")
        let minus = Buffer<Double>(count: Self.block * max(order, 1))
        var start = 0
        while start < order {
            let end = min(order, start + Self.block)
            for row in start..<end {
                for p in 0..<row { minus[(row - start) * order + p] = -lower[row * order + p] }
            }
            for left in stride(from: 0, to: columns, by: 256) {
                let width = min(256, columns - left)
                func eliminate(_ rows: Range<Int>, _ before: Range<Int>) {
                    arithmetic.product(
                        m: rows.count, n: width, k: before.count,
                        MatrixPlace(
                            minus, at: (rows.lowerBound - start) * order + before.lowerBound,
                            stride: order),
                        MatrixPlace(b, at: before.lowerBound * columns + left, stride: columns),
                        into: MatrixPlace(b, at: rows.lowerBound * columns + left, stride: columns),
                        start: .target)
                }
                eliminate(start..<end, 0..<start)
                for row in start..<end {
                    eliminate(row..<(row + 1), start..<row)
                    let pivot = lower[row * order + row]
                    for place in (row * columns + left)..<(row * columns + left + width) {
                        b[place] /= pivot
                    }
                }
            }
            start = end
        }
    }

    /// The x with A·x = b.
    public func solve(_ b: [Double]) -> [Double] {
        precondition(b.count == order, "\(b.count) numbers for order \(order)")
        var x = b
        for row in 0..<order {
            for p in 0..<row { x[row].addProduct(-lower[row * order + p], x[p]) }
            x[row] /= lower[row * order + row]
        }
        for row in (0..<order).reversed() {
            x[row] /= lower[row * order + row]
            for p in 0..<row { x[p].addProduct(-lower[row * order + p], x[row]) }
        }
        return x
    }
}
