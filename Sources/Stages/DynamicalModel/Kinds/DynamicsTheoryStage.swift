import Canon
package import Experiment
import Numerics
import Workbench

/// Losses of the dynamical model from its theory, at any sizes and times.
package enum DynamicsTheoryStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "dynamics.theory", version: 1,
        summary: """
            Losses of the random-feature model's theory on infinite data: L(t, N), its limits, κ, and \
            how fast width stops to matter.
            """,
        source: DynamicsParameters.theorySource,
        parameters: DynamicsParameters.exponents + [
            Parameter(
                "modes", .number(from: 1, to: 1e40), default: 1e9,
                "Modes of the problem; those beyond 500 are summed by integrals."),
            Parameter(
                "sizes",
                .list(.number(from: 0, to: 1e20, openLow: true), count: 1...1000),
                default: [16, 32, 64, 128, 256, 512, 1024, 2048], "Model sizes N."),
            Parameter(
                "times",
                .list(.number(from: 0, to: 1e20, openLow: true), count: 1...1000),
                default: [0.1, 1, 10, 100, 1000], "Times t of gradient flow."),
        ],
        outputs: [
            OutputPort(
                "theory", fileName: "theory.json",
                """
                sizes: κ and the loss at infinite time of each N; times: the loss of infinite N; widths: \
                the slope of ln(L_N − L_∞) over ln N at each time, and at infinite time.
                """),
            OutputPort("losses", fileName: "losses.csv", "size, time, loss: every pair."),
        ])

    /// Evaluates the theory.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let spectrum = PowerSpectrum(
            a: parameters.number("a"), b: parameters.number("b"), modes: parameters.number("modes"))
        let theory = FeatureTheory(spectrum)
        let (sizes, times) = (parameters.numbers("sizes"), parameters.numbers("times"))
        var losses = Table(columns: ["size", "time", "loss"])
        var widths: [JSON] = []
        for (number, time) in times.enumerated() {
            let found = sizes.map { theory.loss(time: time, size: $0) }
            for (size, loss) in zip(sizes, found) {
                losses.append([.number(size), .number(time), .finite(loss)])
            }
            let limit = spectrum.timeLoss(time)
            widths.append(
                ["time": .number(time), "slope": slope(sizes, found.map { $0 - limit })])
            context.progress(number + 1, of: times.count, note: "times")
        }
        let last = sizes.map(spectrum.sizeLoss)
        let document: JSON = [
            "a": .number(spectrum.a), "b": .number(spectrum.b),
            "modes": .number(parameters.number("modes")),
            "sizes": .array(
                zip(sizes, last).map { size, loss in
                    [
                        "size": .number(size), "kappa": .finite(spectrum.kappa(size)),
                        "loss": .finite(loss),
                    ]
                }),
            "times": .array(
                times.map { ["time": .number($0), "loss": .finite(spectrum.timeLoss($0))] }),
            "widths": .array(widths), "width_at_infinity": slope(sizes, last),
        ]
        try context.write("theory", document.pretty())
        try context.write("losses", losses.csv())
    }

    /// The slope of a straight line through logarithms; null where a gap is lost in rounding.
    private static func slope(_ sizes: [Double], _ gaps: [Double]) -> JSON {
        guard gaps.allSatisfy({ $0 > 0 }) else { return .null }
        return .finite(
            StraightLine(sizes.map(Elementary.log), gaps.map(Elementary.log))?.slope)
    }
}
