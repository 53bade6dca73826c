package import Numerics

/// The mean-field theory of random features under gradient descent on P reused examples: mean test and
/// train loss at every step, to leading order in 1/N and 1/P.
///
/// Responses obey an exact recursion in the number of steps; the correlations C0 … C3 obey equations that
/// docs/COMPUTE-OPTIMAL.md writes out. These are usually iterated to a fixed point; but each
/// reaches back in time only, so one march through the rows solves them exactly. All kernels are
/// Toeplitz, and the sum over modes of τ C τᵀ is one convolution with Σ τ τᵀ, whatever the number
/// of modes.
package struct MeanFieldDescent {
    /// The test loss (noise excluded) and the train loss, before each step.
    package let test, train: [Double]

    /// Solves for `steps` steps of size `rate`; N and P may be infinite.
    ///
    /// - Complexity: about `4·S⁴ + 10·M·S²` flop for S steps and M modes; memory for `6·S² + 6·M·S` numbers.
    package init(
        _ spectrum: PowerSpectrum, size: Double, samples: Double, rate: Double, noise: Double,
        steps: Int, arithmetic: Arithmetic
    ) {
        precondition(steps > 0 && size > 0 && samples > 0, "\(steps) steps")
        let kernels = ResponseKernels(
            spectrum, size: size, samples: samples, rate: rate, steps: steps, arithmetic: arithmetic
        )
        let march = CorrelationMarch(kernels, noise: noise * noise, arithmetic: arithmetic)
        (test, train) = march.run()
    }
}

/// Responses of modes, model and data, and what correlations are convolved with.
private struct ResponseKernels {
    let steps: Int
    let r1, r3: [Double]
    /// Σ λw² h hᵀ and Σ λ²w² (R1h)(R1h)ᵀ.
    let base0, base2: Buffer<Double>
    /// What C1 and C3 add to C0, and to C2; nil where P or N is infinite.
    let data0, data2, model0, model2: Buffer<Double>?

    init(
        _ spectrum: PowerSpectrum, size: Double, samples: Double, rate: Double, steps s: Int,
        arithmetic: Arithmetic
    ) {
        let m = spectrum.eigenvalues.count
        let lambda = spectrum.eigenvalues
        steps = s
        let g: Buffer<Double>
        (g, r1, r3) = ResponseKernels.responses(
            spectrum, size: size, samples: samples, rate: rate, steps: s, arithmetic)
        // h, and H = η G S: η times h one step before.
        let (h, big) = (Buffer<Double>(count: s * m), Buffer<Double>(count: s * m))
        for n in 0..<s {
            for k in 0..<m {
                h[n * m + k] = g[n * m + k] + (n > 0 ? h[(n - 1) * m + k] : 0)
                big[n * m + k] = n > 0 ? rate * h[(n - 1) * m + k] : 0
            }
        }
        func mixed(_ r: [Double], _ x: Buffer<Double>) -> Buffer<Double> {
            let matrix = Buffer<Double>(count: s * s)
            for i in 0..<s { for j in 0...i { matrix[i * s + j] = r[i - j] } }
            let y = Buffer<Double>(count: s * m)
            arithmetic.product(
                m: s, n: m, k: s, MatrixPlace(matrix, stride: s), MatrixPlace(x, stride: m),
                into: MatrixPlace(y, stride: m))
            return y
        }
        /// Σ weight x xᵀ over modes.
        func squared(_ x: Buffer<Double>, _ weight: (Int) -> Double) -> Buffer<Double> {
            let weighed = Buffer<Double>(count: s * m)
            let factors = (0..<m).map { weight($0) * spectrum.counts[$0] }
            for n in 0..<s { for k in 0..<m { weighed[n * m + k] = x[n * m + k] * factors[k] } }
            let y = Buffer<Double>(count: s * s)
            arithmetic.product(
                m: s, n: s, k: m, MatrixPlace(weighed, stride: m),
                MatrixPlace(x, stride: m, isTransposed: true), into: MatrixPlace(y, stride: s))
            return y
        }
        let (late, early) = (mixed(r3, big), mixed(r1, big))
        let direct = mixed(r1, late)
        for n in 0..<s {
            for k in 0..<m {
                direct[n * m + k] = (n == 0 ? 1 : 0) - lambda[k] * direct[n * m + k]
            }
        }
        base0 = squared(h) { spectrum.energies[$0] }
        base2 = squared(mixed(r1, h)) { lambda[$0] * spectrum.energies[$0] }
        let isDataFinite = samples < .infinity
        let isModelFinite = size < .infinity
        data0 = isDataFinite ? squared(late) { lambda[$0] * lambda[$0] / samples } : nil
        data2 = isDataFinite ? squared(direct) { lambda[$0] / samples } : nil
        model0 = isModelFinite ? squared(big) { lambda[$0] / size } : nil
        model2 = isModelFinite ? squared(early) { lambda[$0] * lambda[$0] / size } : nil
    }

    /// The responses g of modes `[steps, modes]`, R1 of the model and R3 of the data, step by step.
    private static func responses(
        _ spectrum: PowerSpectrum, size: Double, samples: Double, rate: Double, steps s: Int,
        _ arithmetic: Arithmetic
    ) -> (g: Buffer<Double>, r1: [Double], r3: [Double]) {
        let m = spectrum.eigenvalues.count
        let lambda = spectrum.eigenvalues
        var (r1, r3, reach) = ([1.0], [1.0], [0.0])
        let g = Buffer<Double>(count: s * m)
        let row = Buffer<Double>(count: m)
        for k in 0..<m { g[k] = 1 }
        let factors = Buffer<Double>(count: s)
        for n in 1..<max(1, s) {
            // q[n−1], then Sq[n] = Σ q[0..<n].
            var q = 0.0
            for i in 0..<n { q.addProduct(r1[i], r3[n - 1 - i]) }
            reach.append((reach.last ?? 0) + q)
            for j in 0..<n { factors[j] = reach[n - j] }
            arithmetic.product(
                m: 1, n: m, k: n, MatrixPlace(factors, stride: s), MatrixPlace(g, stride: m),
                into: MatrixPlace(row, stride: m))
            var sum = 0.0
            for k in 0..<m {
                let value = -rate * lambda[k] * row[k]
                g[n * m + k] = value
                sum.addProduct(spectrum.counts[k], value)
            }
            r1.append(samples == .infinity ? 0 : sum / samples)
            r3.append(size == .infinity ? 0 : sum / size)
        }
        return (g, r1, r3)
    }
}

/// One pass over the rows of the correlations, each complete before it reaches later ones.
private struct CorrelationMarch {
    private let kernels: ResponseKernels
    private let noise: Double
    private let arithmetic: Arithmetic
    private let steps: Int

    init(_ kernels: ResponseKernels, noise: Double, arithmetic: Arithmetic) {
        self.kernels = kernels
        self.noise = noise
        self.arithmetic = arithmetic
        steps = kernels.steps
    }

    func run() -> (test: [Double], train: [Double]) {
        let s = steps
        // Rows not yet reached hold what earlier rows have added to them.
        let (c0, c2) = (kernels.base0, kernels.base2)
        let (shifted, turned) = (Buffer<Double>(count: s * s), Buffer<Double>(count: s * s))
        var (test, train) = ([Double](), [Double]())
        for i in 0..<s {
            test.append(c0[i * s + i])
            let c1 = row(of: c0, i, kernels.r1, adding: noise)
            train.append(c1[i])
            spread(c1, into: shifted)
            push(kernels.data2, shifted, from: 0, row: i, into: c2)
            push(kernels.data0, shifted, from: 1, row: i, into: c0)
            guard kernels.model0 != nil else { continue }
            spread(row(of: c2, i, kernels.r3, adding: 0), into: turned)
            push(kernels.model0, turned, from: 1, row: i, into: c0)
            push(kernels.model2, turned, from: 1, row: i, into: c2)
        }
        return (test, train)
    }

    /// Row i of R (C + x 11ᵀ) Rᵀ, from the rows up to i of C.
    private func row(of c: Buffer<Double>, _ i: Int, _ r: [Double], adding x: Double) -> [Double] {
        let s = steps
        var mixed = [Double](repeating: 0, count: s)
        for a in 0...i {
            let factor = r[i - a]
            if factor == 0 { continue }
            for b in 0..<s { mixed[b].addProduct(factor, c[a * s + b] + x) }
        }
        var out = [Double](repeating: 0, count: s)
        for b in 0..<s {
            let factor = r[b]
            if factor == 0 { continue }
            for j in b..<s { out[j].addProduct(factor, mixed[j - b]) }
        }
        return out
    }

    /// The upper Toeplitz matrix of a row.
    private func spread(_ row: [Double], into matrix: Buffer<Double>) {
        for b in 0..<steps { for j in b..<steps { matrix[b * steps + j] = row[j - b] } }
    }

    /// c[i + p, :] += kernel[p, :]·matrix for p from `first` on.
    private func push(
        _ kernel: Buffer<Double>?, _ matrix: Buffer<Double>, from first: Int, row i: Int,
        into c: Buffer<Double>
    ) {
        guard let kernel, i + first < steps else { return }
        arithmetic.product(
            m: steps - i - first, n: steps, k: steps,
            MatrixPlace(kernel, at: first * steps, stride: steps),
            MatrixPlace(matrix, stride: steps),
            into: MatrixPlace(c, at: (i + first) * steps, stride: steps), start: .target)
    }
}
