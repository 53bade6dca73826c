import Canon
package import Experiment
import Numerics
import System
import Workbench

/// The closed equations of one-pass SGD on the Gaussian model.
package enum GeneratorTheoryStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "generator.theory", version: 1,
        summary: """
            The learning curve of one-pass SGD on a generator's data by the closed equations of its \
            Gaussian equivalent.
            """,
        source: """
            Goldt et al., arXiv 2006.14709; derived in docs/GAUSSIAN-EQUIVALENCE.md, the same \
            content as the authors' deepgen_ode.cpp
            """,
        parameters: EquivalenceParameters.generator + EquivalenceParameters.committees
            + EquivalenceParameters.learning + [
                Parameter(
                    "manner", .choice(EquivalentFlow.Manner.allCases.map { $0.rawValue }),
                    default: "first",
                    """
                    first: the first layer learns; both: the second too, at η/N; flow: the first \
                    without the term of order η².
                    """),
                Parameter(
                    "step", .number(from: 1e-4, to: 1, openLow: false), default: 0.02,
                    "Longest step of the integration (Runge and Kutta, fourth order)."),
            ],
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                """
                t, error, source; for K and M up to 4 the overlaps q (students), r (student, \
                teacher), t (teachers) and the second layer v.
                """)
        ], usesProfile: true)

    /// Integrates.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let times = try EquivalenceParameters.times(parameters)
        guard let manner = EquivalentFlow.Manner(rawValue: parameters.text("manner")) else {
            throw FormatError("manner: no such manner")
        }
        let instance = EquivalenceParameters.instance(parameters)
        var flow = try EquivalentFlow(
            instance, rate: parameters.number("rate"), manner: manner,
            step: parameters.number("step"), arithmetic: try context.arithmetic)
        let (k, m) = (instance.students, instance.teachers)
        let isShown = k <= 4 && m <= 4
        var table = Table(
            columns: ["t", "error", "source"] + (isShown ? names(k, m) : []))
        for (place, time) in times.enumerated() {
            flow.advance(to: time)
            guard flow.error.isFinite else {
                throw FormatError("t = \(time): the equations diverge; lower `rate` or `step`")
            }
            let shown = isShown ? upper(flow.covariance, k + m) + flow.weights : []
            table.append(
                [.number(time), .number(flow.error), "equations"] + shown.map { .number($0) })
            context.progress(place + 1, of: times.count, note: "t = \(time)")
        }
        try context.write("curve", table.csv())
    }

    /// Names of the upper half of the covariance, row by row, and of the second layer.
    private static func names(_ k: Int, _ m: Int) -> [String] {
        let fields = (1...k).map { ("s", $0) } + (1...m).map { ("t", $0) }
        let overlaps = fields.indices.flatMap { i in
            fields[i...].map { other in
                let letter = fields[i].0 == "t" ? "t" : other.0 == "t" ? "r" : "q"
                return "\(letter)\(fields[i].1)\(other.1)"
            }
        }
        return overlaps + (1...k).map { "v\($0)" }
    }

    private static func upper(_ c: [Double], _ width: Int) -> [Double] {
        (0..<width).flatMap { i in c[(i * width + i)..<((i + 1) * width)] }
    }
}
