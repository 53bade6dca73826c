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
