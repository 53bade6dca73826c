/// The x that makes |A·x − b| least, by Householder's QR.
///
/// Bits: fixed; sums are the kernels' (docs/NUMERICS.md); the `blas` profile takes LAPACK's `dgels`. Error: x
/// solves a problem within some m·n·u of the given one (Higham, *Accuracy and Stability*, 2nd ed., theorem
/// 20.3).
///
/// ```swift
/// // The line through (0, 1), (1, 3), (2, 5)
/// let fit = try LeastSquares(
///     [1, 0, 1, 1, 1, 2], rows: 3, columns: 2, [1, 3, 5], arithmetic: Arithmetic.portable())
/// print(fit.solution)  // about 1 and 2
/// ```
public struct LeastSquares {
    /// The solution.
    public let solution: [Double]
    /// |A·x − b|.
    public let residual: Double

    /// Solves for A `[m, n]` row-major, m ≥ n.
    ///
    /// - Complexity: about 2·m·n² flop.
    /// - Throws: ``NumericsError`` when a column depends on those before it (to within 10⁻¹² of the
    ///   largest pivot): the solution is then not unique.
    public init(
        _ matrix: [Double], rows m: Int, columns n: Int, _ b: [Double], arithmetic: Arithmetic
    ) throws(NumericsError) {
        precondition(matrix.count == m * n && b.count == m && m >= n, "least squares \(m) by \(n)")
        // Columns of A, then b, each a row here.
        let a = Buffer<Double>(count: (n + 1) * m)
        for column in 0..<n {
            for row in 0..<m { a[column * m + row] = matrix[row * n + column] }
        }
        if let blas = arithmetic.blas {
            let found = blas.leastSquares(
                byColumns: a.elements(0..<(n * m)), rows: m, columns: n, b)
            try Self.requireIndependent(found.pivots)
            solution = Array(found.solution.prefix(n))
            residual = found.solution.dropFirst(n).reduce(0) { $0 + $1 * $1 }.squareRoot()
            return
        }
        a.store(b, at: n * m)
        let (v, w) = (Buffer<Double>(count: m), Buffer<Double>(count: n + 1))
        var pivots = [Double](repeating: 0, count: n)
        for k in 0..<n {
            let size = m - k
            for place in 0..<size { v[place] = a[k * m + k + place] }
            let first = v[0]
            v[0] = 0
            arithmetic.vectorProduct(m: 1, k: size, MatrixPlace(v, stride: size), v, into: w)
            // Nothing below the diagonal: the column is as it should be.
            pivots[k] = first
            guard w[0] > 0 else { continue }
            let length = (first * first + w[0]).squareRoot()
            let beta = first > 0 ? -length : length
            pivots[k] = beta
            v[0] = 1
            for place in 1..<max(1, size) { v[place] /= first - beta }
            let rest = MatrixPlace(a, at: (k + 1) * m + k, stride: m)
            arithmetic.vectorProduct(m: n - k, k: size, rest, v, into: w)
            arithmetic.scale(w, 0..<(n - k), by: -((beta - first) / beta))
            arithmetic.rankOne(m: n - k, n: size, w, v, into: rest)
        }
        try Self.requireIndependent(pivots)
        var x = [Double](repeating: 0, count: n)
        for row in (0..<n).reversed() {
            var chain = a[n * m + row]
            for column in (row + 1)..<max(row + 1, n) {
                chain.addProduct(-a[column * m + row], x[column])
            }
            x[row] = chain / pivots[row]
        }
        solution = x
        let left = MatrixPlace(a, at: n * m + n, stride: max(1, m - n))
        for place in 0..<(m - n) { v[place] = a[n * m + n + place] }
        arithmetic.vectorProduct(m: 1, k: m - n, left, v, into: w)
        residual = w.count > 0 ? w[0].squareRoot() : 0
    }
    /// Refuses a triangle of which a pivot is nothing beside the largest.
    private static func requireIndependent(_ pivots: [Double]) throws(NumericsError) {
        let most = pivots.reduce(0) { max($0, $1.magnitude) }
        for (column, pivot) in pivots.enumerated().reversed()
        where !(pivot.magnitude > 1e-12 * most) {
            throw NumericsError(
                description: "least squares: column \(column) of \(pivots.count) depends on those "
                    + "before it (pivot \(pivot), largest \(most))\n  fix: drop the column, or add "
                    + "rows that tell it from the others")
        }
    }
}
