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
    /// `matrix` is `[n, n]`, symmetric. Cyclic Jacobi rotations until the off-diagonal part is
    /// below 10⁻¹⁶ of the diagonal: error of the order of n·2⁻⁵² of the largest eigenvalue. Source:
    /// Golub & Van Loan, *Matrix Computations*, §8.5. Cost: about 10 n³ flop.
    package static func decompose(_ matrix: [Double], _ n: Int) -> (
        values: [Double], vectors: [[Double]]
    ) {
        var a = matrix
        // The vectors, row by row.
        var v = [Double](repeating: 0, count: n * n)
        for i in 0..<n { v[i * n + i] = 1 }
        for _ in 0..<60 {
            var off = 0.0
            var on = 0.0
            for i in 0..<n {
                on += a[i * n + i] * a[i * n + i]
                for j in 0..<n where j != i { off += a[i * n + j] * a[i * n + j] }
            }
            if off <= 1e-32 * on || n < 2 { break }
            for p in 0..<(n - 1) {
                for q in (p + 1)..<n where a[p * n + q] != 0 {
                    let tau = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
                    let root = (1 + tau * tau).squareRoot()
                    let t = tau >= 0 ? 1 / (tau + root) : 1 / (tau - root)
                    let c = 1 / (1 + t * t).squareRoot()
                    rotate(&a, from: p, q, by: n, n, c, t * c)
                    rotate(&a, from: p * n, q * n, by: 1, n, c, t * c)
                    rotate(&v, from: p * n, q * n, by: 1, n, c, t * c)
                }
            }
        }
        let order = (0..<n).sorted { a[$0 * n + $0] < a[$1 * n + $1] }
        return (
            order.map { a[$0 * n + $0] },
            order.map { Array(v[($0 * n)..<(($0 + 1) * n)]) }
        )
    }

    /// Rotates two rows or columns of `count` numbers into one another.
    @inline(__always)
    private static func rotate(
        _ a: inout [Double], from first: Int, _ second: Int, by step: Int, _ count: Int,
        _ cosine: Double, _ sine: Double
    ) {
        let last = (count - 1) * step
        precondition(max(first, second) + last < a.count, "a rotation beyond the matrix")
        unsafe a.withUnsafeMutableBufferPointer { a in
            for k in stride(from: 0, through: last, by: step) {
                let (x, y) = unsafe (a[first + k], a[second + k])
                unsafe a[first + k] = cosine * x - sine * y
                unsafe a[second + k] = sine * x + cosine * y
            }
        }
    }
}
