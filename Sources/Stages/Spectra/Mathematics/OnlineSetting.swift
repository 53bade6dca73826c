import Numerics
import System

/// What is learned by one-pass gradient descent, from what, and how.
///
/// Student and teacher are committees with fixed second layers, √M/K and 1/√M; inputs are Gaussian with the
/// eigenvalues of a spectrum. A step adds (η/√N)(√M/K) g′(x_i)(ζ − σ) ξ to J_i, for a batch the sum over its
/// examples at the weights before it: so α = examples/N and η mean the same for every batch.
package struct OnlineSetting: Sendable {
    /// The covariance of the inputs.
    package var spectrum: Spectrum
    /// N, K and M.
    package var inputs, students, teachers: Int
    /// Of student and teacher.
    package var activation: OnlineActivation
    /// η.
    package var rate: Double
    /// σ_J, the deviation of the student's weights at the start; the teacher's is 1.
    package var deviation: Double
    /// Examples in a step.
    package var batch = 1
    /// How many directions learn, the largest eigenvalues first; all where `nil`.
    package var trained: Int?
    /// Whether directions that do not learn stay at their random start; else they are 0.
    package var areOthersRandom = false
    /// Whether inputs are turned by a random rotation; else they are in the eigenbasis.
    package var isRotated = false
    /// Whether the student sees whitened inputs; the teacher's outputs stay what they are.
    package var isWhitened = false

    /// Names a setting; see the members.
    package init(
        spectrum: Spectrum, inputs: Int, students: Int, teachers: Int,
        activation: OnlineActivation, rate: Double, deviation: Double
    ) {
        self.spectrum = spectrum
        self.inputs = inputs
        self.students = students
        self.teachers = teachers
        self.activation = activation
        self.rate = rate
        self.deviation = deviation
    }

    /// What the student's inputs have.
    package var seenSpectrum: Spectrum { isWhitened ? .white : spectrum }

    /// The eigenspace of each direction, as ``seenSpectrum`` numbers them.
    ///
    /// - Throws: ``NumericsError`` where the spectrum does not divide N, or where a rotation is asked for
    ///   together with directions that do not learn.
    func levels() throws(NumericsError) -> [Int] {
        if isRotated, let trained, trained < inputs {
            throw NumericsError(
                description:
                    "rotate: expected false where only \(trained) of \(inputs) directions learn\n"
                    + "  fix: those are directions of the eigenbasis; leave inputs in it")
        }
        let counts = try seenSpectrum.multiplicities(of: inputs)
        return counts.enumerated().flatMap { level, count in Array(repeating: level, count: count) }
    }

    /// Numbers of steps for a logarithmic grid of α with so many points a decade, 0 first, `to` last.
    package func steps(from: Double, to: Double, perDecade: Int) -> [Int] {
        let last = max(1, Int((to * Double(inputs) / Double(batch)).rounded()))
        var result = [0]
        for alpha in OnlineSetting.grid(from: from, to: to, perDecade: perDecade) {
            let step = min(last, max(1, Int((alpha * Double(inputs) / Double(batch)).rounded())))
            if step > result[result.count - 1] { result.append(step) }
        }
        return result
    }

    /// Times from · 10^(j/perDecade), and `to`.
    package static func grid(from: Double, to: Double, perDecade: Int) -> [Double] {
        var result: [Double] = []
        var place = 0
        let ratio = 2.302585092994046 / Double(perDecade)
        while true {
            let alpha = from * Elementary.exp(Double(place) * ratio)
            if alpha >= to * (1 - 1e-9) { break }
            result.append(alpha)
            place += 1
        }
        return result + [to]
    }
}
