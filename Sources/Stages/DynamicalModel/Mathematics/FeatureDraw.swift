package import Numerics

/// One random-feature model under gradient flow on infinite data, solved exactly.
///
/// u = Λ^½ v obeys du/dt = −BᵀB u with B = A Λ^½/√N, A `[N, M]` of independent normals: with B Bᵀ = Σ μ e eᵀ
/// the loss is |u₀|² − Σ c²(1 − e^(−2μt)), c = eᵀB u₀/√μ. No time steps, so no error of any.
package struct FeatureDraw {
    private let size, modes: Int
    private let start: [Double]
    private let b: Buffer<Double>
    private let eigen: EigenDecomposition
    /// c of each eigenvector.
    private let projections: [Double]
    private let arithmetic: Arithmetic

    /// Draws A from a stream, row after row, and decomposes.
    ///
    /// The spectrum's nodes must be single modes.
    ///
    /// - Complexity: `2·N²·M + 9·N³` flop.
    /// - Throws: ``NumericsError`` as ``EigenDecomposition``.
    package init(
        _ spectrum: PowerSpectrum, size: Int, stream: inout RandomStream, arithmetic: Arithmetic
    ) throws(NumericsError) {
        precondition(spectrum.counts.allSatisfy { $0 == 1 }, "a draw needs every mode by itself")
        self.size = size
        self.arithmetic = arithmetic
        modes = spectrum.eigenvalues.count
        let (modes, count) = (modes, size * modes)
        start = spectrum.energies.map { $0.squareRoot() }
        b = Buffer(count: count)
        stream.normals(into: b, count: count, kernels: arithmetic.kernels)
        let scale = Buffer<Double>(count: modes)
        for k in 0..<modes { scale[k] = (spectrum.eigenvalues[k] / Double(size)).squareRoot() }
        let row = Buffer<Double>(count: modes)
        for i in 0..<size {
            row.store(b.elements((i * modes)..<((i + 1) * modes)), at: 0)
            arithmetic.multiply(row, by: scale, count: modes)
            b.store(row.elements, at: i * modes)
        }
        let gram = Buffer<Double>(count: size * size)
        arithmetic.product(
            m: size, n: size, k: modes, MatrixPlace(b, stride: modes),
            MatrixPlace(b, stride: modes, isTransposed: true), into: MatrixPlace(gram, stride: size)
        )
        eigen = try EigenDecomposition(gram.elements, order: size, arithmetic: arithmetic)
        let (bu, along) = (Buffer<Double>(count: size), Buffer<Double>(count: size))
        arithmetic.vectorProduct(
            m: size, k: modes, MatrixPlace(b, stride: modes), Buffer(start), into: bu)
        arithmetic.vectorProduct(
            m: size, k: size, MatrixPlace(eigen.vectors, stride: size), bu, into: along)
        let most = eigen.values.last ?? 0
        var projections: [Double] = []
        for (j, value) in eigen.values.enumerated() {
            projections.append(value > 1e-14 * most ? along[j] / value.squareRoot() : 0)
        }
        self.projections = projections
    }

    /// The loss at a time; infinite time is allowed.
    package func loss(_ t: Double) -> Double {
        var loss = start.reduce(0) { $0 + $1 * $1 }
        for (j, c) in projections.enumerated() {
            loss -= c * c * (t == .infinity ? 1 : -Elementary.expm1(-2 * eigen.values[j] * t))
        }
        return loss
    }

    /// u at a time: what is not yet learned of each mode, times √λ.
    package func residual(_ t: Double) -> [Double] {
        let weights = Buffer<Double>(count: size)
        let most = eigen.values.last ?? 0
        for (j, c) in projections.enumerated() where eigen.values[j] > 1e-14 * most {
            let learned = t == .infinity ? 1 : -Elementary.expm1(-eigen.values[j] * t)
            weights[j] = c * learned / eigen.values[j].squareRoot()
        }
        let (mixed, back) = (Buffer<Double>(count: size), Buffer<Double>(count: modes))
        arithmetic.product(
            m: 1, n: size, k: size, MatrixPlace(weights, stride: size),
            MatrixPlace(eigen.vectors, stride: size), into: MatrixPlace(mixed, stride: size))
        arithmetic.product(
            m: 1, n: modes, k: size, MatrixPlace(mixed, stride: size),
            MatrixPlace(b, stride: modes),
            into: MatrixPlace(back, stride: modes))
        return zip(start, back.elements).map { $0 - $1 }
    }
}
