import COpenBLAS

/// Double-precision linear algebra by the library's LAPACK: the `blas` profile.
///
/// Matrices arrive row-major; to LAPACK, which counts by columns, they are their own transposes.
extension BLASRuntime {
    /// Upper to LAPACK, which is lower to us.
    private static let upper = CChar(UInt8(ascii: "U"))

    /// Decomposes a symmetric matrix `[n, n]` in place by `dsyevd`: row i becomes eigenvector i.
    ///
    /// - Returns: the eigenvalues, ascending; `nil` when the method did not converge.
    func eigen(_ a: inout [Double], order n: Int) -> [Double]? {
        if n == 0 { return [] }
        var (job, part, state) = (CChar(UInt8(ascii: "V")), Self.upper, CInt(0))
        var order = CInt(n)
        var values = [Double](repeating: 0, count: n)
        // What dsyevd's page states as enough for eigenvectors.
        var size = CInt(1 + 6 * n + 2 * n * n)
        var integerSize = CInt(3 + 5 * n)
        var work = [Double](repeating: 0, count: Int(size))
        var integers = [CInt](repeating: 0, count: Int(integerSize))
        unsafe dsyevd(
            &job, &part, &order, &a, &order, &values, &work, &size, &integers, &integerSize, &state,
            1, 1)
        return state == 0 ? values : nil
    }

    /// Factors a symmetric matrix `[n, n]` in place by `dpotrf`: its lower triangle becomes L.
    ///
    /// - Returns: the first row whose pivot is not positive; `nil` when there is none.
    func cholesky(_ a: inout [Double], order n: Int) -> Int? {
        if n == 0 { return nil }
        var (part, order, state) = (Self.upper, CInt(n), CInt(0))
        unsafe dpotrf(&part, &order, &a, &order, &state, 1)
        return state > 0 ? Int(state) - 1 : nil
    }

    /// Makes |A·x − b| least by `dgels`, for A given by columns, each of `m` elements.
    ///
    /// - Returns: x, then what is left of b in the basis of Q; and R's diagonal.
    func leastSquares(
        byColumns a: [Double], rows m: Int, columns n: Int, _ b: [Double]
    ) -> (solution: [Double], pivots: [Double]) {
        if n == 0 { return (b, []) }
        var (a, b) = (a, b)
        var (transposition, state, one) = (CChar(UInt8(ascii: "N")), CInt(0), CInt(1))
        var (rows, columns) = (CInt(m), CInt(n))
        var size = CInt(64 * (n + 1))
        var work = [Double](repeating: 0, count: Int(size))
        unsafe dgels(
            &transposition, &rows, &columns, &one, &a, &rows, &b, &rows, &work, &size, &state, 1)
        return (b, (0..<n).map { a[$0 * m + $0] })
    }
}
