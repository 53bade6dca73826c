import Canon
package import Experiment
import System
import Workbench

/// The learning curve of a linear student, in closed form.
package enum LinearTheoryStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "theory.linear", version: 2,
        summary: """
            Learning curves of a linear student: any rate, small rate, exact at finite N, power \
            law with and without cut-off.
            """,
        source: """
            after Worschech & Rosenow (2024), arXiv 2410.09005; formulas derived in \
            docs/POWER-LAW-SPECTRA.md
            """,
        parameters: OnlineParameters.spectrum + OnlineParameters.committees + [
            OnlineParameters.deviation,
            Parameter(
                "trained", .optional(.integer(1...1_048_576)), default: .null,
                "How many of the distinct eigenvalues learn, the largest first; all where null."),
            Parameter(
                "untrained", .choice(["zero", "random"]), default: "zero",
                "What the other weights stay at."),
            Parameter(
                "inputs", .optional(.integer(1...1_048_576)), default: .null,
                "N, for the exact average at finite N and its largest rate; null leaves both out."),
        ] + OnlineParameters.grid,
        inputs: [OnlineParameters.spectrumPort],
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                """
                alpha; error: any rate, N → ∞; small_rate; power_law; truncated: with the \
                exponential cut-off; finite: exact average at N; slope of small_rate on \
                logarithmic axes.
                """),
            OutputPort(
                "facts", fileName: "facts.json",
                """
                window_from, window_to of the power law; exponent; noise_factor; floor; \
                largest_rate at N; T2.
                """),
        ])

    /// Evaluates.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let spectrum = try OnlineParameters.spectrum(context)
        let ratio = Double(parameters.integer("teachers")) / Double(parameters.integer("students"))
        let deviation = parameters.number("deviation")
        let theory = LinearTheory(
            spectrum: spectrum, rate: parameters.number("rate") * ratio,
            variance: deviation * deviation * ratio,
            trained: parameters.isNull("trained") ? nil : parameters.integer("trained"),
            areOthersRandom: parameters.text("untrained") == "random")
        let times = [0] + (try OnlineParameters.times(parameters))
        var finite: [Double]?
        if !parameters.isNull("inputs") {
            let n = parameters.integer("inputs")
            _ = try spectrum.multiplicities(of: n)
            let steps = times.map { Int(($0 * Double(n)).rounded()) }
            let last = steps[steps.count - 1]
            finite = theory.finiteErrors(at: steps, inputs: n) {
                context.progress($0, of: last, note: "exact average")
            }
        }
        var table = Table(columns: [
            "alpha", "error", "small_rate", "power_law", "truncated", "finite", "slope",
        ])
        func number(_ value: Double?) -> JSON {
            value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
        }
        for (place, alpha) in times.enumerated() {
            table.append([
                .number(alpha), number(theory.error(at: alpha)),
                number(theory.smallRateError(at: alpha)), number(theory.powerLaw(at: alpha)),
                number(theory.truncatedPowerLaw(at: alpha)), number(finite?[place]),
                number(theory.smallRateSlope(at: alpha)),
            ])
        }
        try context.write("curve", table.csv())
        let facts: JSON = [
            "window_from": number(theory.window.from), "window_to": number(theory.window.to),
            "exponent": number(spectrum.beta.map(LinearTheory.exponent)),
            "noise_factor": number(theory.noiseFactor), "floor": number(theory.floor),
            "largest_rate": number(
                parameters.isNull("inputs")
                    ? nil : LinearTheory.largestRate(spectrum, inputs: parameters.integer("inputs"))
            ),
            "T2": .number(spectrum.moment(2)),
        ]
        try context.write("facts", facts.pretty())
    }
}
