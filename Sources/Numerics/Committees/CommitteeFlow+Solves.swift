/// Linear systems of a stiff step: one eigenspace at a time, in the basis of A's eigenvectors.
extension CommitteeFlow {
    /// Prepares the local solves: in the basis of A's eigenvectors they are divisions.
    package func factor(_ h: Double, _ coefficients: [Double]) {
        let (k, levels) = (students, self.levels)
        if coupling != coefficients {
            coupling = coefficients
            basis = SymmetricEigen.decompose(Array(coefficients[..<(k * k)]), k)
        }
        step = h
        for i in 0..<k {
            for level in 0..<levels {
                inverses[i * levels + level] = 1 / (1 - h * eigenvalues[level] * basis.values[i])
            }
            for j in 0..<k {
                let sum = basis.values[i] + basis.values[j]
                let start = (k + i * k + j) * levels
                for level in 0..<levels {
                    inverses[start + level] = 1 / (1 - h * eigenvalues[level] * sum)
                }
            }
        }
    }

    /// r first; then q, whose right side has the new r in it.
    package func solve(_ x: Buffer<Double>) {
        let (k, m, levels) = (students, teachers, self.levels)
        turn(x, at: 0, width: m, back: false)
        for i in 0..<k {
            for n in 0..<m {
                x.multiply(
                    at: (i * m + n) * levels, by: inverses, at: i * levels, levels: levels)
            }
        }
        turn(x, at: 0, width: m, back: true)
        cross.clear(0..<cross.count)
        addCross(coupling, x)
        let q = k * m * levels
        for c in 0..<(k * k) { cross.multiply(at: c * levels, by: eigenvalues, levels: levels) }
        for i in 0..<k {
            for j in 0..<k {
                for other in [i * k + j, j * k + i] {
                    x.addScaled(
                        rows: 1, at: q + (i * k + j) * levels, stride: levels, [step], cross,
                        at: other * levels, levels: levels)
                }
            }
        }
        turn(x, at: q, width: k, back: false)
        transpose(x, at: q)
        turn(x, at: q, width: k, back: false)
        for pair in 0..<(k * k) {
            x.multiply(
                at: q + pair * levels, by: inverses, at: (k + pair) * levels, levels: levels)
        }
        turn(x, at: q, width: k, back: true)
        transpose(x, at: q)
        turn(x, at: q, width: k, back: true)
        for i in 0..<k {
            for j in 0..<i {
                let (a, b) = (q + (i * k + j) * levels, q + (j * k + i) * levels)
                for level in 0..<levels {
                    let mean = 0.5 * (x[a + level] + x[b + level])
                    x[a + level] = mean
                    x[b + level] = mean
                }
            }
        }
    }

    /// Rows `[K, width]` of vectors times Vᵀ, or V where `back`.
    private func turn(_ x: Buffer<Double>, at start: Int, width: Int, back: Bool) {
        let (k, levels) = (students, self.levels)
        if k == 1 { return }
        let count = k * width * levels
        work.clear(0..<count)
        for l in 0..<k {
            let factors = (0..<k).map { back ? basis.vectors[l][$0] : basis.vectors[$0][l] }
            for n in 0..<width {
                work.addScaled(
                    rows: k, at: n * levels, stride: width * levels, factors, x,
                    at: start + (l * width + n) * levels, levels: levels)
            }
        }
        let source = unsafe work.pointer(at: 0, size: count)
        unsafe x.pointer(at: start, size: count).update(from: source, count: count)
    }

    private func transpose(_ x: Buffer<Double>, at start: Int) {
        let (k, levels) = (students, self.levels)
        for i in 0..<k {
            for j in 0..<i {
                let (a, b) = (start + (i * k + j) * levels, start + (j * k + i) * levels)
                for level in 0..<levels {
                    let held = x[a + level]
                    x[a + level] = x[b + level]
                    x[b + level] = held
                }
            }
        }
    }
}
