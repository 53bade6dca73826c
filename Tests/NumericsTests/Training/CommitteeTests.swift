import Numerics
import Testing

@Suite struct CommitteeTests {
    /// The formulas written out in doubles, with the same functions, one number after the other.
    @Test func `a step of online descent is its formula`() throws {
        let (units, inputs) = (3, 50)
        let student = CommitteeStudent<Double>(
            units: units, inputs: inputs, arithmetic: try Arithmetic.portable())
        var stream = RandomStream(seed: 1, purpose: "committee")
        stream.normals(into: student.weights, count: units * inputs)
        var weights = student.weights.elements
        let x = Buffer<Double>(count: 4 * inputs)
        stream.normals(into: x, count: 4 * inputs)
        for step in 0..<4 {
            let input = x.elements((step * inputs)..<((step + 1) * inputs))
            let scale = 1 / Double(inputs).squareRoot()
            let fields = (0..<units).map { unit in
                KernelReference.dot(Array(weights[(unit * inputs)..<((unit + 1) * inputs)]), input)
                    * scale
            }
            let output = fields.reduce(0) { $0 + Elementary.erf($1 * 0.7071067811865476) }
            let error = student.learn(x, at: step * inputs, rate: 0.5, target: 0.25)
            #expect(error == output - 0.25)
            for unit in 0..<units {
                let slope =
                    0.7978845608028654 * Elementary.exp(-0.5 * fields[unit] * fields[unit])
                let factor = slope * (-(0.5 * scale) * error)
                for place in 0..<inputs {
                    weights[unit * inputs + place].addProduct(factor, input[place])
                }
            }
            #expect(student.weights.elements == weights)
        }
    }

    private func learnt<Scalar: KernelScalar>(
        _ type: Scalar.Type, units: Int, inputs: Int, isLinear: Bool, outerRate: Scalar
    ) {
        let count = 5
        let room = Buffer<Scalar>(count: units * inputs + count * (inputs + 1))
        var stream = RandomStream(seed: UInt64(units * inputs), purpose: "committee")
        stream.normals(into: room, count: room.count)
        let first = units * inputs
        let (start, x) = (
            room.elements(0..<first), room.elements(first..<(first + count * inputs))
        )
        let targets = room.elements((first + count * inputs)..<room.count)
        let rate: Scalar = 0.25
        let scale = Scalar(1 / Double(inputs).squareRoot())
        let best = Arithmetic(portable: Kernels.available[0])
        var (weights, outer) = (start, [Scalar](repeating: 1, count: units))
        var errors: [Scalar] = []
        for step in 0..<count {
            let input = Array(x[(step * inputs)..<((step + 1) * inputs)])
            let h = Buffer<Scalar>(
                (0..<units).map { unit in
                    let row = Array(weights[(unit * inputs)..<((unit + 1) * inputs)])
                    return KernelReference.dot(row, input) * scale
                })
            let slope = Buffer([Scalar](repeating: 1, count: units))
            if !isLinear { best.activate(.erf, h, slope: slope, count: units) }
            var output: Scalar = 0
            for unit in 0..<units { output.addProduct(outer[unit], h[unit]) }
            let error = output - targets[step]
            errors.append(error)
            for unit in 0..<units {
                let factor = slope[unit] * (-(rate * scale) * error * outer[unit])
                if outerRate != 0 { outer[unit].addProduct(-outerRate * error, h[unit]) }
                for place in 0..<inputs {
                    weights[unit * inputs + place].addProduct(factor, input[place])
                }
            }
        }
        for kernels in Kernels.available {
            let student = CommitteeStudent<Scalar>(
                units: units, inputs: inputs, isLinear: isLinear,
                arithmetic: Arithmetic(portable: kernels))
            student.weights.store(start, at: 0)
            let found = Buffer<Scalar>(count: count)
            let made = student.learn(
                Buffer(x), rate: rate, outerRate: outerRate, targets: Buffer(targets),
                count: count, errors: found)
            let place = "\(type) \(kernels.variant) \(units)x\(inputs)"
            #expect(made == count)
            #expect(isSame(found.elements, errors), "\(place)")
            #expect(isSame(student.weights.elements, weights), "\(place)")
            #expect(isSame(student.outer.elements, outer), "\(place)")
        }
    }

    @Test(arguments: [(1, 1), (2, 40), (3, 33), (4, 64), (5, 100), (7, 31)])
    func `steps one after the other are their formulas, in every variant`(units: Int, inputs: Int) {
        for isLinear in [false, true] {
            learnt(Float.self, units: units, inputs: inputs, isLinear: isLinear, outerRate: 0.5)
            learnt(Double.self, units: units, inputs: inputs, isLinear: isLinear, outerRate: 0)
        }
    }

    @Test func `steps end before the first error that is not finite`() throws {
        let student = CommitteeStudent<Float>(
            units: 2, inputs: 3, arithmetic: try Arithmetic.portable())
        let x = Buffer<Float>([1, 2, 3, 1, .infinity, 1, 1, 1, 1])
        student.weights.store([1, 1, 1, 1, -1, 1], at: 0)
        let errors = Buffer<Float>(count: 3)
        let made = student.learn(
            x, rate: 0, targets: Buffer([0, .infinity, 0]), count: 3, errors: errors)
        #expect(made == 1)
        #expect(errors[0].isFinite && !errors[1].isFinite && errors[2] == 0)
        #expect(student.weights.elements == [1, 1, 1, 1, -1, 1])
    }

    @Test func `a student learns its teacher from a stream of examples`() throws {
        let arithmetic = try Arithmetic.portable()
        let (student, teacher) = (
            CommitteeStudent<Float>(units: 2, inputs: 20, arithmetic: arithmetic),
            CommitteeStudent<Float>(units: 2, inputs: 20, arithmetic: arithmetic)
        )
        var stream = RandomStream(seed: 1, purpose: "teacher")
        stream.normals(into: teacher.weights, count: 40)
        stream.normals(into: student.weights, count: 40)
        let x = Buffer<Float>(count: 20)
        var (early, late): (Float, Float) = (0, 0)
        for step in 0..<20_000 {
            stream.normals(into: x, count: 20)
            let error = student.learn(x, rate: 0.5, target: teacher.output(x))
            if step < 1000 { early += error * error }
            if step >= 19_000 { late += error * error }
        }
        #expect(late < early / 100)
    }
}
