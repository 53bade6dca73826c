/// Eigenvalues and eigenvectors of small symmetric matrices, of some ten rows.
///
/// It stands beside ``EigenDecomposition`` because the two give other bits, and both are in published
/// results: Jacobi's rotations decide which parameters a law's certificate calls undetermined and how the
/// committee's stiff steps are solved; Householder's reduction gives the spectra. Jacobi's method also finds
/// the small eigenvalues of a graded matrix to their own relative accuracy, which a condition number needs
/// (Demmel & Veselić, SIAM J. Matrix Anal. Appl. 13, 1992); the reduction is the faster one, and works on
/// thousands of rows.
package enum SymmetricEigen {
    /// Eigenvalues in ascending order and, row by row, their unit eigenvectors.
    ///
    /// `matrix` is `[n, n]`, symmetric. Cyclic Jacobi rotations until the off-diagonal part is below 10⁻¹⁶ of
    /// the diagonal, or rounding lets it fall no more: error of the order of n·2⁻⁵² of the largest
    /// eigenvalue.
    /// Source: Golub & Van Loan, *Matrix Computations*, §8.5. Cost: about 10 n³ flop a sweep, in some ten.
    package static func decompose(_ matrix: [Double], _ n: Int) -> (
        values: [Double], vectors: [[Double]]
    ) {
        var a = matrix
        // The vectors, row by row.
        var v = [Double](repeating: 0, count: n * n)
        for i in 0..<n { v[i * n + i] = 1 }
        var before = Double.infinity
        for _ in 0..<60 {
            var off = 0.0
            var on = 0.0
            for i in 0..<n {
                on += a[i * n + i] * a[i * n + i]
                for j in 0..<n where j != i { off += a[i * n + j] * a[i * n + j] }
            }
            if off <= 1e-32 * on || n < 2 || off <= 1e-28 * on && off >= before { break }
            before = off
            for p in 0..<(n - 1) {
                for q in (p + 1)..<n where a[p * n + q] != 0 {
                    let tau = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
                    let root = (1 + tau * tau).squareRoot()
                    let t = tau >= 0 ? 1 / (tau + root) : 1 / (tau - root)
                    let c = 1 / (1 + t * t).squareRoot()
                    rotateColumns(&a, p, q, n, c, t * c)
                    rotateRows(&a, p, q, n, c, t * c)
                    rotateRows(&v, p, q, n, c, t * c)
                }
            }
        }
        let order = (0..<n).sorted { a[$0 * n + $0] < a[$1 * n + $1] }
        return (
            order.map { a[$0 * n + $0] },
            order.map { Array(v[($0 * n)..<(($0 + 1) * n)]) }
        )
    }

    /// Rotates two columns of an `[n, n]` matrix into one another.
    private static func rotateColumns(
        _ a: inout [Double], _ p: Int, _ q: Int, _ n: Int, _ cosine: Double, _ sine: Double
    ) {
        precondition(p < n && q < n && n * n == a.count, "a rotation beyond the matrix")
        unsafe a.withUnsafeMutableBufferPointer { a in
            for k in 0..<n {
                let (x, y) = unsafe (a[k * n + p], a[k * n + q])
                unsafe a[k * n + p] = cosine * x - sine * y
                unsafe a[k * n + q] = sine * x + cosine * y
            }
        }
    }

    /// Rotates two rows of an `[n, n]` matrix into one another.
    private static func rotateRows(
        _ a: inout [Double], _ p: Int, _ q: Int, _ n: Int, _ cosine: Double, _ sine: Double
    ) {
        precondition(p < n && q < n && n * n == a.count, "a rotation beyond the matrix")
        unsafe a.withUnsafeMutableBufferPointer { a in
            for k in 0..<n {
                let (x, y) = unsafe (a[p * n + k], a[q * n + k])
                unsafe a[p * n + k] = cosine * x - sine * y
                unsafe a[q * n + k] = sine * x + cosine * y
            }
        }
    }
}
