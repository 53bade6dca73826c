import Canon
import Experiment
import System
import Workbench

/// What the kinds of the Gaussian equivalence have in common.
enum EquivalenceParameters {
    /// What is drawn once: a number, and sizes.
    static let generator = [
        Parameter(
            "instance", .integer(0...1_000_000), default: 1,
            "The number that draws generator, teacher and start; 0 is free of random numbers."),
        Parameter(
            "latents", .integer(1...16_384), default: 100, "Latent dimensions D of the generator."),
        Parameter(
            "inputs", .integer(2...16_384), default: 1000, "Inputs N, the last layer's width."),
        Parameter(
            "hidden", .list(.integer(2...16_384), count: 0...16), default: [],
            "Widths of the generator's layers between latents and inputs; none for one layer."),
    ]

    /// Units of student and teacher.
    static let committees = [
        Parameter("students", .integer(1...64), default: 2, "Units K of the student."),
        Parameter("teachers", .integer(1...64), default: 2, "Units M of the teacher."),
    ]

    /// How SGD learns, and when it is looked at.
    static let learning = [
        Parameter(
            "rate", .number(from: 0, to: 100, openLow: true), default: 0.2,
            "Learning rate η; the second layer's is η/N."),
        Parameter(
            "times", .list(.number(from: 0, to: 1e6), count: 1...1000),
            default: [0, 0.1, 0.3, 1, 3, 10, 30, 100], "Times steps/N to record, ascending."),
    ]

    /// The kind of data.
    static let data = Parameter(
        "data", .choice(["sign", "gaussian"]), default: "sign",
        "The generator's signs, or the Gaussian model with the same covariances.")

    /// The instance of an action; a single unit each where the kind has no committees.
    static func instance(
        _ parameters: Parameters, committees: Bool = true, offset: Int = 0
    ) -> EquivalenceInstance {
        let widths =
            [parameters.integer("latents")] + parameters.integers("hidden")
            + [parameters.integer("inputs")]
        return EquivalenceInstance(
            number: parameters.integer("instance") + offset, widths: widths,
            students: committees ? parameters.integer("students") : 1,
            teachers: committees ? parameters.integer("teachers") : 1)
    }

    /// The times, which have to ascend.
    static func times(_ parameters: Parameters) throws -> [Double] {
        let times = parameters.numbers("times")
        for (before, after) in zip(times, times.dropFirst()) where before >= after {
            throw FormatError("times: expected ascending times, found \(after) after \(before)")
        }
        return times
    }
}
