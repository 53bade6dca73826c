import Numerics

/// Seconds of the decompositions of order n.
func linear(_ n: Int) throws {
    let arithmetic = try Arithmetic.portable()
    var stream = RandomStream(seed: 1, purpose: "linear")
    let a = (0..<(n * n)).map { _ in stream.normal() }
    let symmetric = (0..<(n * n)).map { a[$0] + a[($0 % n) * n + $0 / n] }
    let dominant = (0..<(n * n)).map { symmetric[$0] + ($0 % (n + 1) == 0 ? 4 * Double(n) : 0) }
    var start = now()
    let eigen = try EigenDecomposition(symmetric, order: n, arithmetic: arithmetic)
    print("eigen \(n): \(shown(now() - start, 3, 0)) s; least \(eigen.values[0])")
    start = now()
    let factor = try Cholesky(dominant, order: n, arithmetic: arithmetic)
    print("Cholesky \(n): \(shown(now() - start, 3, 0)) s; last \(factor.lower[n * n - 1])")
    start = now()
    let squares = try LeastSquares(
        Array(a[..<(n * (n / 2))]), rows: n, columns: n / 2, Array(a[..<n]), arithmetic: arithmetic)
    print(
        "least squares \(n)x\(n / 2): \(shown(now() - start, 3, 0)) s; residual \(squares.residual)"
    )
}
