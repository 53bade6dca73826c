import Numerics
import Spectra
import System
import Testing

/// The step of one-pass descent: its definition, in every variant.
@Suite struct OnlineRunTests {
    private func setting(_ activation: OnlineActivation, batch: Int = 1) -> OnlineSetting {
        var setting = OnlineSetting(
            spectrum: Spectrum(levels: 5, beta: 1), inputs: 100, students: 3, teachers: 2,
            activation: activation, rate: 0.4, deviation: 0.5)
        setting.batch = batch
        return setting
    }

    /// The sum of products of docs/NUMERICS.md: 32 lanes, folded in halves.
    private func dot<Scalar: KernelScalar>(_ x: [Scalar], _ y: [Scalar]) -> Scalar {
        var lanes = [Scalar](repeating: 0, count: 32)
        for place in x.indices { lanes[place % 32].addProduct(x[place], y[place]) }
        for width in [16, 8, 4, 2, 1] {
            for lane in 0..<width { lanes[lane] += lanes[lane + width] }
        }
        return lanes[0]
    }

    /// The formulas one number after the other, from the weights at the start and the stream.
    private func plain<Scalar: KernelScalar>(
        _ setting: OnlineSetting, steps: Int, _: Scalar.Type
    ) throws -> [Double] {
        let run = try OnlineRun<Scalar>(setting, seed: 4, arithmetic: Arithmetic.portable())
        let arithmetic = try Arithmetic.portable()
        var w = (0..<5).map { unit in
            run.unit(unit).map { Scalar($0) } + Array(repeating: 0, count: 28)
        }
        let counts = try setting.spectrum.multiplicities(of: 100)
        let scale = counts.enumerated().flatMap { level, count in
            Array(repeating: Scalar(setting.spectrum.values[level].squareRoot()), count: count)
        }
        let stream = RandomStream(seed: 4, purpose: "inputs")
        let cS = Double(2).squareRoot() / 3
        let (rate, field) = (Scalar(0.4 * cS / 10), Scalar(1 / Double(10)))
        let draws = Buffer<Float>(count: 128)
        var example: UInt64 = 0
        for _ in 0..<steps {
            var changes: [(x: [Scalar], factors: [Scalar])] = []
            for _ in 0..<setting.batch {
                stream.groupedNormals(first: 2 * example, groups: 2, into: draws)
                example += 1
                let x = (0..<128).map { $0 < 100 ? Scalar(Double(draws[$0])) * scale[$0] : 0 }
                let (h, slope) = (Buffer<Scalar>(count: 5), Buffer<Scalar>(count: 5))
                for unit in 0..<5 { h[unit] = dot(w[unit], x) * field }
                switch setting.activation {
                case .linear: for unit in 0..<5 { slope[unit] = 1 }
                case .erf: arithmetic.activate(.erf, h, slope: slope, count: 5)
                case .relu: arithmetic.activate(.relu, h, slope: slope, count: 5)
                }
                let student = (h[0] + h[1]) + h[2]
                let teacher = h[3] + h[4]
                let error =
                    Scalar(1 / Double(2).squareRoot()) * teacher - Scalar(cS) * student
                changes.append((x, (0..<3).map { (rate * error) * slope[$0] }))
            }
            for change in changes {
                for unit in 0..<3 {
                    for a in 0..<128 {
                        w[unit][a].addProduct(change.factors[unit], change.x[a])
                    }
                }
            }
        }
        return (0..<3).flatMap { unit in w[unit][..<100].map { Double($0) } }
    }

    private func student<Scalar: KernelScalar>(
        _ setting: OnlineSetting, steps: Int, _ kernels: Kernels, _: Scalar.Type
    ) throws -> [Double] {
        let run = try OnlineRun<Scalar>(
            setting, seed: 4, arithmetic: Arithmetic(portable: kernels))
        run.advance(steps)
        return (0..<3).flatMap { run.unit($0) }
    }

    @Test(arguments: OnlineActivation.allCases)
    func `a step is its formula, in every variant and both precisions`(
        activation: OnlineActivation
    ) throws {
        for batch in [1, 3] {
            let setting = setting(activation, batch: batch)
            let (single, double) = try (
                plain(setting, steps: 4, Float.self), plain(setting, steps: 4, Double.self)
            )
            for kernels in Kernels.available {
                #expect(try student(setting, steps: 4, kernels, Float.self) == single)
                #expect(try student(setting, steps: 4, kernels, Double.self) == double)
            }
        }
    }

    @Test func `a training that is taken up again ends in the same bits`() throws {
        let setting = setting(.erf, batch: 2)
        let arithmetic = try Arithmetic.portable()
        let whole = try OnlineRun<Float>(setting, seed: 8, arithmetic: arithmetic)
        whole.advance(50)
        let first = try OnlineRun<Float>(setting, seed: 8, arithmetic: arithmetic)
        first.advance(20)
        let state = first.state
        let second = try OnlineRun<Float>(setting, seed: 8, arithmetic: arithmetic)
        #expect(second.restore(step: state.step, weights: state.weights))
        second.advance(30)
        #expect(second.overlaps() == whole.overlaps())
        #expect(!second.restore(step: 1, weights: [1, 2]))
    }

    @Test func `a rotation keeps every length, and weights that do not learn keep their place`()
        throws
    {
        let arithmetic = try Arithmetic.portable()
        var setting = setting(.linear)
        let straight = try OnlineRun<Double>(setting, seed: 3, arithmetic: arithmetic)
        setting.isRotated = true
        let turned = try OnlineRun<Double>(setting, seed: 3, arithmetic: arithmetic)
        func length(_ run: OnlineRun<Double>, _ unit: Int) -> Double {
            run.unit(unit).reduce(0) { $0 + $1 * $1 }
        }
        for unit in 0..<5 {
            #expect((length(turned, unit) / length(straight, unit) - 1).magnitude < 1e-13)
            #expect(turned.unit(unit) != straight.unit(unit))
        }
        turned.advance(2000)
        #expect(turned.overlaps().error(.linear) < 0.05)
        setting.isRotated = false
        setting.trained = 37
        let partial = try OnlineRun<Double>(setting, seed: 3, arithmetic: arithmetic)
        partial.advance(100)
        #expect(partial.unit(0)[37...].allSatisfy { $0 == 0 })
        #expect(partial.unit(0)[..<37].allSatisfy { $0 != 0 })
        setting.isRotated = true
        #expect(throws: NumericsError.self) {
            try OnlineRun<Double>(setting, seed: 3, arithmetic: arithmetic)
        }
    }

    @Test func `whitening leaves the teacher's outputs and gives the student one eigenvalue`()
        throws
    {
        let arithmetic = try Arithmetic.portable()
        var setting = setting(.erf)
        setting.deviation = 0
        let plain = try OnlineRun<Double>(setting, seed: 3, arithmetic: arithmetic).overlaps()
        setting.isWhitened = true
        let white = try OnlineRun<Double>(setting, seed: 3, arithmetic: arithmetic).overlaps()
        for (a, b) in zip(plain.t, white.t) { #expect((a - b).magnitude < 1e-13) }
        #expect(setting.seenSpectrum.values == [1])
    }
}
