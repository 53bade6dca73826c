import Numerics

/// The symmetric plateau of an erf committee with K = M and how it is left.
///
/// For η → 0 and T = 1 the point does not depend on the spectrum; derived in docs/POWER-LAW-SPECTRA.md, §6.
package struct PlateauTheory: Sendable {
    /// M.
    package let units: Int

    /// Names the number of units.
    package init(units: Int) { self.units = units }

    /// 1/√(M(2M−1)): every student with every teacher.
    package var r: Double { 1 / (Double(units) * Double(2 * units - 1)).squareRoot() }

    /// 1/(2M−1): students with themselves and each other.
    package var q: Double { 1 / Double(2 * units - 1) }

    /// (1/π)(π/6 − M asin(1/2M)).
    package var error: Double {
        let m = Double(units)
        return (0.5235987755982989 - m * Elementary.asin(1 / (2 * m))) / 3.141592653589793
    }

    /// The rate at which the asymmetry grows as η → 0: (2η/π) T₂ / ((2M−1)^½ (2M+1)^{3/2}).
    package func escapeRate(_ spectrum: Spectrum, rate: Double) -> Double {
        let (low, high) = (Double(2 * units - 1), Double(2 * units + 1))
        return CommitteeIntegrals.twoOverPi * rate * spectrum.moment(2)
            / (low.squareRoot() * high * high.squareRoot())
    }

    /// 1/``escapeRate(_:rate:)``, in examples a direction.
    package func escapeTime(_ spectrum: Spectrum, rate: Double) -> Double {
        1 / escapeRate(spectrum, rate: rate)
    }

    /// The plateau's length from an asymmetry s₀: τ(ln 1/s₀ + D).
    package func length(_ spectrum: Spectrum, rate: Double, asymmetry: Double, offset: Double)
        -> Double
    { escapeTime(spectrum, rate: rate) * (offset - Elementary.log(asymmetry)) }

    /// When R₁₁ − R₁₂ reaches ½ from the start r_in = ±ρ w: τ(ln 1/ρ + D).
    ///
    /// D was measured for L = 1, at η = 0.02 and σ_J = 0.01: −0.80, −1.24, −1.55 for M = 2, 3, 4,
    /// whatever ρ is; `nil` for other M and for spectra with several eigenvalues, where eigenspaces
    /// settle at different times.
    package func end(_ spectrum: Spectrum, rate: Double, asymmetry: Double) -> Double? {
        let offsets = [2: -0.80, 3: -1.24, 4: -1.55]
        guard spectrum.count == 1, asymmetry > 0, let offset = offsets[units] else { return nil }
        return length(spectrum, rate: rate, asymmetry: asymmetry, offset: offset)
    }

    /// How many eigenspaces reach the plateau before it is left: λ_k ≥ T₂/(4M²−1).
    ///
    /// Where that is fewer than half of the trace, nothing flat is seen.
    package func settledLevels(_ spectrum: Spectrum) -> Int {
        let m = Double(units)
        let limit = spectrum.moment(2) / (4 * m * m - 1)
        return spectrum.values.count { $0 >= limit }
    }

    /// The heights R_n and the common Q for a teacher whose T is not the identity, by Newton's method on w.
    ///
    /// On the plateau every student is Σ w_n B_n; `nil` where the iteration does not settle.
    package func heights(teacher t: [Double]) -> (r: [Double], q: Double)? {
        let m = units
        var w = [Double](repeating: r, count: m)
        for _ in 0..<60 {
            let value = residuals(w, t)
            var jacobian = [Double](repeating: 0, count: m * m)
            for c in 0..<m {
                var (up, down) = (w, w)
                up[c] += 1e-6
                down[c] -= 1e-6
                let (high, low) = (residuals(up, t), residuals(down, t))
                for row in 0..<m {
                    jacobian[row * m + c] = (high[row] - low[row]) / (up[c] - down[c])
                }
            }
            let step = SmallLU(jacobian, order: m).solve(value)
            guard step.allSatisfy({ $0.isFinite }) else { return nil }
            for c in 0..<m { w[c] -= step[c] }
            if step.allSatisfy({ $0.magnitude < 1e-14 }) { break }
        }
        let r = products(w, t)
        let q = (0..<m).reduce(0) { $0 + w[$1] * r[$1] }
        return residuals(w, t).allSatisfy { $0.magnitude < 1e-9 } ? (r, q) : nil
    }

    private func products(_ w: [Double], _ t: [Double]) -> [Double] {
        (0..<units).map { n in (0..<units).reduce(0) { $0 + t[n * units + $1] * w[$1] } }
    }

    /// −∂ε_g/∂J_i along B_n, all students alike: zero on the plateau.
    private func residuals(_ w: [Double], _ t: [Double]) -> [Double] {
        let (m, pi) = (units, 3.141592653589793)
        let r = products(w, t)
        let q = (0..<m).reduce(0) { $0 + w[$1] * r[$1] }
        let a = q / (1 + q)
        let root = (1 - a * a).squareRoot()
        var sum = Double(m - 1) / (pi * (1 + 2 * q).squareRoot())
        var inner = 1 / ((1 + q) * (1 + q) * root) - Double(m - 1) * a / ((1 + q) * root)
        for o in 0..<m {
            let rho = r[o] / ((1 + q) * (1 + t[o * m + o])).squareRoot()
            inner += rho / ((1 + q) * (1 - rho * rho).squareRoot())
        }
        sum += inner / pi
        return (0..<m).map { n in
            2 / pi / ((1 + q) * (1 + t[n * m + n]) - r[n] * r[n]).squareRoot() - 2 * w[n] * sum
        }
    }
}

/// The tail after the plateau: two families of modes an eigenvalue, from exponential to power law.
package struct SpecialisedPhase: Sendable {
    /// M.
    package let units: Int
    /// Rates per 2ηλ: f for the mean of the units, g (M−1 times) for their differences.
    package var fast: Double { (Self.own + (Double(units) - 1) * Self.cross) / Double(units) }
    /// See ``fast``.
    package var slow: Double { (Self.own - Self.cross) / Double(units) }
    /// 2/(π√3) and 1/π.
    private static let own = 0.36755259694786137
    private static let cross = 0.3183098861837907

    /// Names the number of units.
    package init(units: Int) { self.units = units }

    /// ½ Σ w λ (f e^(−2ηfλα) + (M−1) g e^(−2ηgλα)): the deviation from full specialisation, to lowest order.
    package func error(_ spectrum: Spectrum, rate: Double, at alpha: Double) -> Double {
        var sum = 0.0
        for k in (0..<spectrum.count).reversed() {
            let z = 2 * rate * spectrum.values[k]
            sum +=
                0.5 * spectrum.shares[k] * spectrum.values[k]
                * (fast * Elementary.exp(-z * fast * alpha)
                    + Double(units - 1) * slow
                    * Elementary.exp(-z * slow * alpha))
        }
        return sum
    }

    /// Inside the window: Γ(s)/(2H(1+β)) (2ηλ₊α)⁻ˢ (f^(1−s) + (M−1)g^(1−s)); `nil` for other spectra.
    package func powerLaw(_ spectrum: Spectrum, rate: Double, at alpha: Double) -> Double? {
        guard let beta = spectrum.beta, beta > 0, alpha > 0 else { return nil }
        let s = LinearTheory.exponent(beta)
        func power(_ x: Double, _ y: Double) -> Double { Elementary.exp(y * Elementary.log(x)) }
        return IncompleteGamma.gamma(s) / (2 * spectrum.harmonic * (1 + beta))
            * power(2 * rate * spectrum.values[0] * alpha, -s)
            * (power(fast, 1 - s) + Double(units - 1) * power(slow, 1 - s))
    }

    /// Where the power law begins and ends: 1/(2ηfλ₁) and 1/(2ηgλ_L).
    package func window(_ spectrum: Spectrum, rate: Double) -> (from: Double, to: Double) {
        (
            1 / (2 * rate * fast * spectrum.values[0]),
            1 / (2 * rate * slow * spectrum.values[spectrum.count - 1])
        )
    }
}
