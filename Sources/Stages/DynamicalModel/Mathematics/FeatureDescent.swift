package import Numerics

/// A random-feature model trained by gradient descent on P reused examples: one draw, step by step.
///
/// w ← w + (η/P) Φᵀr, r = Ψw* + σξ − Φw, Φ = ΨAᵀ/√N, w = 0 at first; examples ψ ~ N(0, Λ), A and ξ normal.
package struct FeatureDescent {
    /// The test loss Σ λ v² (without noise) and the mean squared residual, before each step.
    package let test, train: [Double]

    /// Draws A, Ψ and ξ in this order from a stream, and descends.
    ///
    /// - Complexity: `2·P·N·M + steps·(4·P·N + 2·N²)` flop.
    package init(
        _ spectrum: PowerSpectrum, size n: Int, samples p: Int, rate: Double, noise: Double,
        steps: Int, stream: inout RandomStream, arithmetic: Arithmetic
    ) {
        precondition(spectrum.counts.allSatisfy { $0 == 1 }, "a draw needs every mode by itself")
        let modes = spectrum.eigenvalues.count
        let (a, psi) = (Buffer<Double>(count: n * modes), Buffer<Double>(count: p * modes))
        let xi = Buffer<Double>(count: p)
        stream.normals(into: a, count: n * modes, kernels: arithmetic.kernels)
        stream.normals(into: psi, count: p * modes, kernels: arithmetic.kernels)
        stream.normals(into: xi, count: p, kernels: arithmetic.kernels)
        let roots = spectrum.eigenvalues.map { $0.squareRoot() }
        let narrow = 1 / Double(n).squareRoot()
        // Columns of A and Ψ: A/√N for Φ, and A Λ^½/√N for the test loss; Ψ = normals Λ^½.
        let weighed = Buffer<Double>(count: n * modes)
        for i in 0..<n {
            for k in 0..<modes {
                a[i * modes + k] *= narrow
                weighed[i * modes + k] = a[i * modes + k] * roots[k]
            }
        }
        for i in 0..<p { for k in 0..<modes { psi[i * modes + k] *= roots[k] } }
        let target = Buffer(zip(spectrum.energies, roots).map { $0.squareRoot() / $1 })
        let start = Buffer(spectrum.energies.map { $0.squareRoot() })
        let (phi, gram) = (Buffer<Double>(count: p * n), Buffer<Double>(count: n * n))
        arithmetic.product(
            m: p, n: n, k: modes, MatrixPlace(psi, stride: modes),
            MatrixPlace(a, stride: modes, isTransposed: true), into: MatrixPlace(phi, stride: n))
        arithmetic.product(
            m: n, n: n, k: modes, MatrixPlace(weighed, stride: modes),
            MatrixPlace(weighed, stride: modes, isTransposed: true),
            into: MatrixPlace(gram, stride: n))
        let (first, cross) = (Buffer<Double>(count: p), Buffer<Double>(count: n))
        arithmetic.vectorProduct(
            m: p, k: modes, MatrixPlace(psi, stride: modes), target, into: first)
        for i in 0..<p { first[i].addProduct(noise, xi[i]) }
        arithmetic.vectorProduct(
            m: n, k: modes, MatrixPlace(weighed, stride: modes), start, into: cross)
        (test, train) = FeatureDescent.descend(
            phi: phi, gram: gram, first: first, cross: cross, zero: spectrum.energies.reduce(0, +),
            rate: rate, steps: steps, arithmetic)
    }

    /// Descends from w = 0: Φ, the Gram matrix of test features, Ψw* + σξ, its product with test
    /// features, and the test loss of 0.
    private static func descend(
        phi: Buffer<Double>, gram: Buffer<Double>, first: Buffer<Double>, cross: Buffer<Double>,
        zero: Double, rate: Double, steps: Int, _ arithmetic: Arithmetic
    ) -> (test: [Double], train: [Double]) {
        let (p, n) = (first.count, cross.count)
        let (w, residual, gw) = (
            Buffer<Double>(count: n), Buffer<Double>(count: p), Buffer<Double>(count: n)
        )
        let predicted = Buffer<Double>(count: p)
        var (test, train) = ([Double](), [Double]())
        for _ in 0..<steps {
            arithmetic.vectorProduct(m: p, k: n, MatrixPlace(phi, stride: n), w, into: predicted)
            var squares = 0.0
            for i in 0..<p {
                residual[i] = first[i] - predicted[i]
                squares.addProduct(residual[i], residual[i])
            }
            arithmetic.vectorProduct(m: n, k: n, MatrixPlace(gram, stride: n), w, into: gw)
            var loss = zero
            for i in 0..<n { loss += w[i] * (gw[i] - 2 * cross[i]) }
            test.append(loss)
            train.append(squares / Double(p))
            arithmetic.product(
                m: 1, n: n, k: p, MatrixPlace(residual, stride: p), MatrixPlace(phi, stride: n),
                into: MatrixPlace(gw, stride: n))
            for i in 0..<n { w[i].addProduct(rate / Double(p), gw[i]) }
        }
        return (test, train)
    }
}
