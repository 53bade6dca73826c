package import Numerics

/// One-pass SGD of a two-layer student on a generator's examples, one a step.
///
/// Student Σ v_k g(w_k·x/√N), g(h) = erf(h/√2), loss ½(error)²; the first layer learns at the rate η, the
/// second, where it does, at η/N. Time is steps/N. Weights are single precision.
package struct GeneratedDescent {
    /// Steps done.
    package private(set) var step = 0
    private let instance: EquivalenceInstance
    private let examples: GeneratedExamples
    private let teacher: GeneratedTeacher
    private let student: CommitteeStudent<Float>
    private let errors = Buffer<Float>(count: GeneratedExamples.block)
    private let rate, outerRate: Float

    /// Begins at the instance's start, v = 1.
    package init(
        _ instance: EquivalenceInstance, kind: GeneratedKind, rate: Double, learnsBoth: Bool,
        seed: UInt64, arithmetic: Arithmetic
    ) {
        self.instance = instance
        let n = instance.model.inputs
        examples = GeneratedExamples(
            instance.model, kind: kind, seed: seed, purpose: "training", arithmetic: arithmetic)
        teacher = GeneratedTeacher(instance, arithmetic: arithmetic)
        student = CommitteeStudent(units: instance.students, inputs: n, arithmetic: arithmetic)
        student.weights.store(instance.start.map { Float($0) }, at: 0)
        self.rate = Float(rate)
        outerRate = learnsBoth ? Float(rate / Double(n)) : 0
    }

    /// Goes on to so many steps; returns whether all is finite still.
    package mutating func advance(to last: Int) -> Bool {
        let (block, n) = (GeneratedExamples.block, instance.model.inputs)
        var isFinite = true
        // A block that an earlier call left in its middle is drawn again.
        var isDrawn = false
        while step < last && isFinite {
            if !isDrawn || step % block == 0 {
                examples.fill(block: step / block)
                teacher.label(examples)
                isDrawn = true
            }
            let place = step % block
            let count = min(block - place, last - step)
            let made = student.learn(
                examples.outputs, at: place * n, rate: rate, outerRate: outerRate,
                targets: teacher.labels, at: place, count: count, errors: errors)
            isFinite = made == count
            step += isFinite ? count : made + 1
        }
        return isFinite
    }

    /// The weights `[K, N]` and the second layer.
    package var weights: (first: [Double], outer: [Double]) {
        (student.weights.elements.map { Double($0) }, student.outer.elements.map { Double($0) })
    }

    /// ε_g of the weights by the formula for Gaussian fields.
    package var error: Double { instance.error(weights.first, outer: weights.outer) }

    /// Half the mean square error on so many blocks of examples of their own.
    package func measured(_ tests: GeneratedExamples, blocks: Int) -> Double {
        var sum = 0.0
        for block in 0..<blocks {
            tests.fill(block: block)
            teacher.label(tests)
            for place in 0..<GeneratedExamples.block {
                let output = student.output(tests.outputs, at: place * instance.model.inputs)
                let error = Double(output) - Double(teacher.labels[place])
                sum.addProduct(error, error)
            }
        }
        return 0.5 * sum / Double(blocks * GeneratedExamples.block)
    }
}
