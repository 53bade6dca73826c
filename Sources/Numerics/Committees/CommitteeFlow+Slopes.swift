/// The right-hand side, vectorised over eigenspaces.
extension CommitteeFlow {
    /// out ← λ F(coefficients, y), or out + that.
    package func apply(
        _ coefficients: [Double], _ y: Buffer<Double>, adding: Bool, into out: Buffer<Double>
    ) {
        let (k, m, levels) = (students, teachers, self.levels)
        let target = adding ? scratch : out
        target.clear(0..<size)
        let column = { (start: Int, width: Int, place: Int) in
            (0..<k).map { coefficients[start + $0 * width + place] }
        }
        for j in 0..<k {
            let a = column(0, k, j)
            for n in 0..<m {
                target.addScaled(
                    rows: k, at: n * levels, stride: m * levels, a, y, at: (j * m + n) * levels,
                    levels: levels)
            }
        }
        for o in 0..<m {
            let b = column(k * k, m, o)
            for n in 0..<m {
                target.addScaled(
                    rows: k, at: n * levels, stride: m * levels, b, t, at: (o * m + n) * levels,
                    levels: levels)
            }
        }
        // X = A q + B rᵀ; with its transpose it is exactly symmetric.
        cross.clear(0..<cross.count)
        for l in 0..<k {
            let a = column(0, k, l)
            for j in 0..<k {
                cross.addScaled(
                    rows: k, at: j * levels, stride: k * levels, a, y,
                    at: (k * m + l * k + j) * levels, levels: levels)
            }
        }
        addCross(coefficients, y)
        addStudents(coefficients, into: target)
        for c in 0..<components {
            target.multiply(at: c * levels, by: eigenvalues, levels: levels)
        }
        if adding {
            out.addScaled(
                rows: 1, at: 0, stride: size, [1], target, at: 0, levels: size)
        }
    }

    /// The part of q: target ← target + X + Xᵀ + noise.
    private func addStudents(_ coefficients: [Double], into target: Buffer<Double>) {
        let (k, m, levels) = (students, teachers, self.levels)
        let q = k * m * levels
        for i in 0..<k {
            for j in 0..<k {
                let place = q + (i * k + j) * levels
                target.addScaled(
                    rows: 1, at: place, stride: levels, [1], cross, at: (i * k + j) * levels,
                    levels: levels)
                target.addScaled(
                    rows: 1, at: place, stride: levels, [1], cross, at: (j * k + i) * levels,
                    levels: levels)
                if hasNoise {
                    target.addScaled(
                        rows: 1, at: place, stride: levels,
                        [coefficients[k * k + k * m + i * k + j]], share, at: 0, levels: levels)
                }
            }
        }
    }

    /// cross ← cross + B rᵀ.
    func addCross(_ coefficients: [Double], _ y: Buffer<Double>) {
        let (k, m, levels) = (students, teachers, self.levels)
        for n in 0..<m {
            let b = (0..<k).map { coefficients[k * k + $0 * m + n] }
            for j in 0..<k {
                cross.addScaled(
                    rows: k, at: j * levels, stride: k * levels, b, y, at: (j * m + n) * levels,
                    levels: levels)
            }
        }
    }
}
