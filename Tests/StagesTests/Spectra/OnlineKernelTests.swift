import Glibc
import Numerics
import Spectra
import TestSupport
import Testing

/// Streams of inputs and the step of one-pass descent: their definitions, in every variant.
@Suite struct OnlineKernelTests {
    @Test func `arc sine and arc cosine are within 1 ulp`() {
        #if arch(x86_64)
        var numbers = TestNumbers(5)
        var inputs: [Double] = [0, 1, 0.5, 0x1p-1022, 0x1p-30, 1 - 0x1p-53, 0.5 + 0x1p-53]
        for place in 0..<trials(200_000) {
            let unit = Double(numbers.bits() >> 11) * 0x1p-53
            inputs.append(
                place % 3 == 0 ? unit : place % 3 == 1 ? 1 - unit * unit * unit : unit * 0x1p-20)
        }
        var worst = (0.0, 0.0)
        for x in inputs.flatMap({ [$0, -$0] }) {
            func distance(_ value: Double, _ truth: Float80) -> Double {
                Double((Float80(value) - truth).magnitude / Float80(Double(truth).ulp))
            }
            worst.0 = max(worst.0, distance(Elementary.asin(x), asinl(Float80(x))))
            if x.magnitude < 1 || x == -1 {
                worst.1 = max(worst.1, distance(Elementary.acos(x), acosl(Float80(x))))
            }
        }
        #expect(worst.0 <= 1 && worst.1 <= 1, "\(worst)")
        #endif
        #expect(Elementary.asin(1) == Double.pi / 2 && Elementary.acos(1) == 0)
        #expect(Elementary.asin(1.0000000000000002).isNaN && Elementary.acos(-2).isNaN)
        #expect(Elementary.asin(-0.0).sign == .minus)
    }

    /// The definition in docs/NUMERICS.md, in exact (double) arithmetic.
    private func reference(_ words: SIMD4<UInt32>) -> [Double] {
        func pair(_ a: UInt32, _ b: UInt32) -> (Double, Double) {
            let radius = (-2 * Elementary.log((Double(a) + 0.5) * 0x1p-32)).squareRoot()
            let angle = 2 * Double.pi * Double(b) * 0x1p-32
            return (radius * Elementary.cos(angle), radius * Elementary.sin(angle))
        }
        let (first, second) = (pair(words[0], words[1]), pair(words[2], words[3]))
        return [first.0, first.1, second.0, second.1]
    }

    @Test func `every variant draws the same stream, and it is the one that is defined`() {
        let stream = RandomStream(seed: 9, purpose: "inputs", index: 3)
        let expected = Buffer<Float>(count: 640)
        let last = Kernels.available[Kernels.available.count - 1]
        stream.groupedNormals(first: 5, groups: 10, into: expected, kernels: last)
        for kernels in Kernels.available {
            let found = Buffer<Float>(count: 640)
            stream.groupedNormals(first: 5, groups: 10, into: found, kernels: kernels)
            #expect(found.elements == expected.elements, "\(kernels.variant)")
            // A group on its own is the same group.
            let one = Buffer<Float>(count: 64)
            stream.groupedNormals(first: 8, groups: 1, into: one, kernels: kernels)
            #expect(one.elements == expected.elements(192..<256), "\(kernels.variant)")
        }
        var words = RandomStream(seed: 9, purpose: "inputs", index: 3)
        for _ in 0..<(4 * 16 * 5) { _ = words.next() }
        for group in 0..<10 {
            for block in 0..<16 {
                let drawn = SIMD4((0..<4).map { _ in words.next() })
                for (part, value) in reference(drawn).enumerated() {
                    let found = Double(expected[64 * group + 16 * part + block])
                    #expect((found - value).magnitude < 0x1p-20, "\(found), not \(value)")
                }
            }
        }
    }

    /// Bounds are five standard errors over 6.4 million draws.
    @Test func `moments and tails of the stream are those of the normal distribution`() {
        let stream = RandomStream(seed: 2, purpose: "moments")
        let room = Buffer<Float>(count: 64 * 1000)
        var (sums, beyond, pairs) = ([0.0, 0, 0, 0], 0.0, 0.0)
        for part in 0..<trials(100) {
            stream.groupedNormals(first: UInt64(1000 * part), groups: 1000, into: room)
            let x = room.elements.map { Double($0) }
            for (place, value) in x.enumerated() {
                let square = value * value
                sums[0] += value
                sums[1] += square
                sums[2] += square * value
                sums[3] += square * square
                if value.magnitude > 4 { beyond += 1 }
                if place >= 16 { pairs += value * x[place - 16] }
            }
        }
        let n = Double(trials(6_400_000))
        for (order, (moment, variance)) in [(0.0, 1.0), (1, 2), (0, 15), (3, 96)].enumerated() {
            let gap = (sums[order] / n - moment).magnitude
            #expect(gap < 5 * (variance / n).squareRoot(), "moment \(order + 1): \(gap)")
        }
        #expect((pairs / n).magnitude < 5 / n.squareRoot())
        #expect((beyond - 6.334e-5 * n).magnitude < 5 * (6.334e-5 * n).squareRoot())
    }

    private func setting(_ activation: OnlineActivation, batch: Int = 1) -> OnlineSetting {
        var setting = OnlineSetting(
            spectrum: Spectrum(levels: 5, beta: 1), inputs: 100, students: 3, teachers: 2,
            activation: activation, rate: 0.4, deviation: 0.5)
        setting.batch = batch
        return setting
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
                for unit in 0..<5 { h[unit] = KernelReference.dot(w[unit], x) * field }
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
