import Numerics
import Spectra
import System
import TestSupport
import Testing

/// The theory of one-pass learning: each form against another way to the same number.
@Suite struct OnlineTheoryTests {
    @Test func `the Gamma functions have their known values`() {
        let root = Double.pi.squareRoot()
        #expect((IncompleteGamma.gamma(0.5) / root - 1).magnitude < 1e-14)
        #expect((IncompleteGamma.gamma(5) / 24 - 1).magnitude < 1e-13)
        // √π erfc 1 and √π erfc 2, DLMF 7.22.
        #expect((IncompleteGamma.upper(0.5, 1) / 0.2788055852806620 - 1).magnitude < 1e-13)
        #expect(
            (IncompleteGamma.upper(0.5, 4) / (root * 0.004677734981047266) - 1).magnitude < 1e-12)
        for x in [0.1, 1.4, 1.6, 20] {
            #expect((IncompleteGamma.upper(1, x) / Elementary.exp(-x) - 1).magnitude < 1e-13)
        }
    }

    @Test func `a small rate makes the exact linear form the simple sum`() {
        let spectrum = Spectrum(levels: 20, beta: 0.7)
        let theory = LinearTheory(spectrum: spectrum, rate: 1e-6, variance: 0.3)
        for alpha in [0, 1e5, 1e6, 1e7] {
            let (exact, simple) = (theory.error(at: alpha), theory.smallRateError(at: alpha))
            #expect((exact / simple - 1).magnitude < 2e-6, "\(exact), \(simple)")
        }
    }

    @Test func `eigenvalues that coincide are one level, and bad ones are named`() throws {
        let spectrum = try Spectrum(eigenvalues: [1, 4, 1, 2])
        #expect(spectrum.values == [2, 1, 0.5] && spectrum.shares == [0.25, 0.25, 0.5])
        #expect(spectrum.moment(1) == 1)
        #expect(try spectrum.multiplicities(of: 8) == [2, 2, 4])
        #expect(throws: NumericsError.self) { try spectrum.multiplicities(of: 6) }
        #expect(throws: NumericsError.self) { try Spectrum(eigenvalues: [1, -1]) }
    }

    /// A state in general position, three students and two teachers.
    private func sample(noise: Bool) -> (flow: CommitteeFlow, y: Buffer<Double>, spectrum: Spectrum)
    {
        let spectrum = Spectrum(levels: 3, beta: 0.8)
        var numbers = RandomStream(seed: 5, purpose: "state")
        let fields = (0..<3).map { _ in (0..<5).map { _ in (0..<7).map { _ in numbers.normal() } } }
        func block(_ level: Int, _ a: Int, _ b: Int) -> Double {
            zip(fields[level][a], fields[level][b]).reduce(0) { $0 + $1.0 * $1.1 } / 21
        }
        var (r, q, t): ([Double], [Double], [Double]) = ([], [], [])
        for level in 0..<3 {
            for i in 0..<3 { for n in 3..<5 { r.append(block(level, i, n)) } }
            for i in 0..<3 { for j in 0..<3 { q.append(block(level, i, j)) } }
            for n in 3..<5 { for o in 3..<5 { t.append(block(level, n, o)) } }
        }
        let flow = CommitteeFlow(
            spectrum: spectrum, students: 3, teachers: 2, teacher: t, rate: 0.7, hasNoise: noise)
        return (flow, flow.start(r: r, q: q), spectrum)
    }

    /// dR = A R + B T with A = −η(∂ε/∂Q + its transpose) and B = −η ∂ε/∂R: descent follows the gradient.
    @Test func `the equations without noise follow the gradient of the error`() {
        let (flow, y, _) = sample(noise: false)
        let z = flow.sums(y)
        let coefficients = flow.coefficients(z)
        func slope(_ place: Int) -> Double {
            var (up, down) = (z, z)
            up[place] += 1e-5
            down[place] -= 1e-5
            return (flow.overlaps(up).error(.erf) - flow.overlaps(down).error(.erf)) / 2e-5
        }
        for i in 0..<3 {
            for j in 0..<3 {
                // ε_g reads q_ij as it stands: both entries move together.
                let expected = -0.7 * (slope(6 + 3 * i + j) + slope(6 + 3 * j + i))
                #expect((coefficients[3 * i + j] - expected).magnitude < 1e-8)
            }
            for n in 0..<2 {
                let expected = -0.7 * slope(2 * i + n)
                #expect((coefficients[9 + 2 * i + n] - expected).magnitude < 1e-8)
            }
        }
    }

    /// E_ij = (η c_S)² Σ ±I₄ over all pairs of fields, each from its own formula.
    @Test func `the noise of two students is the sum of I4 over all pairs of fields`() {
        let (flow, y, _) = sample(noise: true)
        let z = flow.sums(y)
        let (coefficients, overlaps) = (flow.coefficients(z), flow.overlaps(z))
        func covariance(_ a: Int, _ b: Int) -> Double {
            switch (a < 3, b < 3) {
            case (true, true): overlaps.q[3 * a + b]
            case (true, false): overlaps.r[2 * a + b - 3]
            case (false, true): overlaps.r[2 * b + a - 3]
            case (false, false): overlaps.t[2 * (a - 3) + b - 3]
            }
        }
        let c = (0..<25).map { covariance($0 / 5, $0 % 5) }
        let (cS, cT) = (2.0.squareRoot() / 3, 1 / 2.0.squareRoot())
        let signs = [-cS, -cS, -cS, cT, cT]
        for i in 0..<3 {
            for j in 0..<3 {
                var sum = 0.0
                for f in 0..<5 {
                    for g in 0..<5 {
                        sum += signs[f] * signs[g] * CommitteeIntegrals.i4(c, 5, i, j, f, g)
                    }
                }
                let expected = 0.7 * 0.7 * cS * cS * sum
                #expect((coefficients[15 + 3 * i + j] / expected - 1).magnitude < 1e-11)
            }
        }
    }

    /// X^(l) = Σ λˡ x_k obeys the same equations with X^(l+1) for λ x_k; the last closes by the minimal polynomial.
    @Test func `the equations of moments, closed by the characteristic polynomial, agree`() {
        let (flow, y, spectrum) = sample(noise: true)
        let (lambda, w) = (spectrum.values, spectrum.shares)
        func power(_ x: Double, _ l: Int) -> Double { (0..<l).reduce(1) { v, _ in v * x } }
        func moment(_ component: Int, _ l: Int) -> Double {
            (0..<3).reduce(0) { $0 + power(lambda[$1], l) * y[component * 3 + $1] }
        }
        // x³ = c₂x² + c₁x + c₀ on the spectrum.
        let c = [
            lambda[0] * lambda[1] * lambda[2],
            -(lambda[0] * lambda[1] + lambda[1] * lambda[2] + lambda[0] * lambda[2]),
            lambda[0] + lambda[1] + lambda[2],
        ]
        func closed(_ component: Int, _ l: Int) -> Double {
            l < 3
                ? moment(component, l)
                : (0..<3).reduce(0) { $0 + c[$1] * moment(component, $1) }
        }
        let a = flow.coefficients(flow.sums(y))
        let out = Buffer<Double>(count: flow.size)
        flow.derivative(y, into: out)
        for l in 0..<3 {
            for i in 0..<3 {
                for j in 0..<3 {
                    var expected =
                        a[15 + 3 * i + j]
                        * (0..<3).reduce(0) { $0 + w[$1] * power(lambda[$1], l + 1) }
                    for p in 0..<3 {
                        expected += a[3 * i + p] * closed(6 + 3 * p + j, l + 1)
                        expected += a[3 * j + p] * closed(6 + 3 * p + i, l + 1)
                    }
                    for m in 0..<2 {
                        expected += a[9 + 2 * i + m] * closed(2 * j + m, l + 1)
                        expected += a[9 + 2 * j + m] * closed(2 * i + m, l + 1)
                    }
                    let found = (0..<3).reduce(0) {
                        $0 + power(lambda[$1], l) * out[(6 + 3 * i + j) * 3 + $1]
                    }
                    #expect((found - expected).magnitude < 1e-13)
                }
            }
        }
    }

    /// I4 by quadrature over a pair of fields would be slow; by Monte Carlo it is sure to 1 in 300.
    @Test func `the integrals are averages over Gaussian fields`() {
        var stream = RandomStream(seed: 11, purpose: "fields")
        let mix: [[Double]] = [
            [0.9, 0, 0, 0], [0.3, 0.8, 0, 0], [-0.4, 0.2, 0.7, 0], [0.1, 0.5, -0.3, 0.6],
        ]
        var c = [Double](repeating: 0, count: 16)
        for i in 0..<4 {
            for j in 0..<4 { c[4 * i + j] = (0..<4).reduce(0) { $0 + mix[i][$1] * mix[j][$1] } }
        }
        var sums = [0.0, 0, 0]
        let count = trials(400_000)
        func g(_ x: Double) -> Double { Elementary.erf(x * 0.7071067811865476) }
        func slope(_ x: Double) -> Double { 0.7978845608028654 * Elementary.exp(-0.5 * x * x) }
        for _ in 0..<count {
            let z = (0..<4).map { _ in stream.normal() }
            let x = mix.map { row in zip(row, z).reduce(0) { $0 + $1.0 * $1.1 } }
            sums[0] += g(x[0]) * g(x[1])
            sums[1] += slope(x[0]) * x[1] * g(x[2])
            sums[2] += slope(x[0]) * slope(x[1]) * g(x[2]) * g(x[3])
        }
        let expected = [
            CommitteeIntegrals.i2(uu: c[0], uv: c[1], vv: c[5]),
            CommitteeIntegrals.i3(c, 4, 0, 1, 2), CommitteeIntegrals.i4(c, 4, 0, 1, 2, 3),
        ]
        for (sum, value) in zip(sums, expected) {
            #expect((sum / Double(count) - value).magnitude < 4e-3, "\(value)")
        }
    }

    private func end(
        _ flow: any BlockFlow, _ y: Buffer<Double>, _ method: FlowMethod, to alpha: Double
    ) throws -> [Double] {
        var integrator = method.integrator(flow, rate: 0.3, until: alpha)
        try integrator.advance(y, from: 0, to: alpha) { _ in }
        return flow.sums(y)
    }

    @Test func `both integrators and the symmetric equations give one trajectory`() throws {
        let spectrum = Spectrum(levels: 6, beta: 1)
        for alpha in [5.0, 300] {
            let general = CommitteeFlow(
                spectrum: spectrum, students: 3, teachers: 3, rate: 0.3)
            let symmetric = SymmetricFlow(spectrum: spectrum, units: 3, rate: 0.3)
            let start = { general.plainStart(variance: 0.01, asymmetry: 0.01) }
            let explicit = try end(general, start(), .explicit, to: alpha)
            let stiff = try end(general, start(), .stiff, to: alpha)
            for (a, b) in zip(explicit, stiff) { #expect((a - b).magnitude < 3e-7) }
            let sums = try end(
                symmetric, symmetric.state(same: 0.01, other: -0.01, own: 0.01), .stiff, to: alpha)
            let overlaps = symmetric.overlaps(sums)
            #expect((overlaps.r - explicit[0]).magnitude < 3e-7)
            #expect((overlaps.s - explicit[1]).magnitude < 3e-7)
            #expect((overlaps.q - explicit[9]).magnitude < 3e-7)
            #expect((overlaps.c - explicit[10]).magnitude < 3e-7)
            #expect(
                (symmetric.error(sums) - general.overlaps(explicit).error(.erf)).magnitude < 1e-7)
        }
    }

    @Test func `the reduced flow is the symmetric flow of small rates`() throws {
        let spectrum = Spectrum(levels: 16, beta: 1)
        let symmetric = SymmetricFlow(spectrum: spectrum, units: 3, rate: 1, hasNoise: false)
        let y = symmetric.state(
            same: 0.002, other: 0.001, own: 0.002 * 0.002 + 2 * 0.001 * 0.001,
            between: 2 * 0.002 * 0.001 + 0.001 * 0.001)
        let sums = try end(symmetric, y, .stiff, to: 40)
        let reduced = ReducedFlow(spectrum: spectrum, units: 3)
        let state = reduced.states(at: [40], same: 0.002, other: 0.001)[0]
        #expect((symmetric.error(sums) / reduced.error(state) - 1).magnitude < 1e-5)
    }

    /// Students that start alike stay alike, and end on the plateau.
    @Test func `a random teacher's plateau heights are where the equations end`() throws {
        let t = [1.1, 0.08, -0.05, 0.08, 0.9, 0.03, -0.05, 0.03, 1.02]
        let flow = CommitteeFlow(
            spectrum: Spectrum(levels: 1, beta: 1), students: 3, teachers: 3, teacher: t, rate: 1,
            hasNoise: false)
        let y = flow.start(
            r: Array(repeating: 0.1, count: 9), q: Array(repeating: 0.1, count: 9))
        // Rounding grows by e every 65: nine times.
        let z = try end(flow, y, .stiff, to: 600)
        let heights = try #require(PlateauTheory(units: 3).heights(teacher: t))
        for n in 0..<3 { #expect((z[n] - heights.r[n]).magnitude < 1e-6, "\(z), \(heights)") }
        #expect((z[9] - heights.q).magnitude < 1e-6)
        let plain = try #require(
            PlateauTheory(units: 3).heights(teacher: [1, 0, 0, 0, 1, 0, 0, 0, 1]))
        #expect((plain.r[0] - PlateauTheory(units: 3).r).magnitude < 1e-12)
    }

    @Test func `a plateau is found where it is, and not where there is none`() throws {
        let alpha = OnlineSetting.grid(from: 0.1, to: 1e4, perDecade: 20)
        // 1/α down to 0.01 at α = 100, flat, then exponential from 1,000 on.
        let error = alpha.map { a in
            (1 / a + 0.01) * Elementary.exp(-max(0, a - 1000) / 300)
        }
        let plateau = try #require(PlateauDetection(alpha: alpha, error: error))
        // What is above the floor and on the way down is a part of the stretch.
        #expect((plateau.height / 0.0105 - 1).magnitude < 0.2)
        #expect(plateau.end > 1100 && plateau.end < 1300)
        #expect(plateau.endRange.contains(plateau.end))
        #expect(plateau.startRange.contains(plateau.start))
        #expect(plateau.lengthUncertainty < 0.4 * plateau.length)
        #expect(PlateauDetection(alpha: alpha, error: alpha.map { 1 / $0 }) == nil)
        let fit = try #require(
            LocalExponents.exponent(
                alpha: alpha, error: alpha.map { 1 / ($0 * $0) }, from: 1, to: 100))
        #expect((fit.slope + 2).magnitude < 1e-12)
    }
}
