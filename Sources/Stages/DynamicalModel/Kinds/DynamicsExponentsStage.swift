import Canon
package import Experiment
import Numerics
import Workbench

/// Exponents of the dynamical model from its theory.
package enum DynamicsExponentsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "dynamics.exponents", version: 3,
        summary: """
            Local exponents of the random-feature model's theory: bottlenecks of time, size and \
            data, compute-optimal, corrections of width.
            """,
        source: DynamicsParameters.theorySource,
        parameters: DynamicsParameters.exponents + [
            Parameter(
                "modes", .number(from: 1e3, to: 1e40), default: 1e9, "Modes of the problem."),
            Parameter(
                "from", .number(from: 10, to: 1e20), default: 1e4, unit: "N·t", "The least compute."
            ),
            Parameter(
                "to", .number(from: 10, to: 1e20), default: 316_227_766.01683795, unit: "N·t",
                "The greatest compute; slopes are taken over the upper third of the decades."),
            Parameter("points", .integer(6...200), default: 28, "Values of compute."),
        ],
        outputs: [
            OutputPort(
                "exponents", fileName: "exponents.json",
                """
                time, size and data (near and far ranges), optimum (loss, size, time), width \
                (early to infinite times).
                """),
            OutputPort("frontier", fileName: "frontier.csv", "C, N*, t*, loss."),
            OutputPort(
                "plot", fileName: "plot.json", "To draw: loss against compute for several N."),
        ])

    /// The slope of a straight line through logarithms.
    private static func slope(_ x: [Double], _ y: [Double]) -> JSON {
        .finite(StraightLine(x.map(Elementary.log), y.map(Elementary.log))?.slope)
    }

    private static func powers(_ from: Double, _ to: Double, _ count: Int) -> [Double] {
        let (low, high) = (DecimalLogarithm.of(from), DecimalLogarithm.of(to))
        return (0..<count).map {
            DecimalLogarithm.power(low + (high - low) * Double($0) / Double(count - 1))
        }
    }

    /// Evaluates the theory.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (a, b) = (parameters.number("a"), parameters.number("b"))
        let spectrum = PowerSpectrum(a: a, b: b, modes: parameters.number("modes"))
        let theory = FeatureTheory(spectrum)
        let finite = PowerSpectrum(a: a, b: b, modes: min(1e6, parameters.number("modes")))
        let times = powers(1e2, 1e4, 20)
        func doubling(_ from: Double, _ to: Double) -> [Double] {
            var all = [from]
            while let last = all.last, last * 2 <= to { all.append(last * 2) }
            return all
        }
        let (near, far) = (doubling(16, 256), doubling(1024, 16384))
        let computes = powers(
            parameters.number("from"), parameters.number("to"), parameters.integer("points"))
        var frontier = Table(columns: ["C", "N", "t", "loss"])
        var best: [(size: Double, loss: Double)] = []
        for (number, compute) in computes.enumerated() {
            let one = theory.optimum(compute: compute)
            best.append(one)
            frontier.append([compute, one.size, compute / one.size, one.loss].map { .number($0) })
            context.progress(number + 1, of: computes.count, note: "compute")
        }
        let third = computes.count - computes.count / 3
        let (top, upper) = (Array(computes[third...]), best[third...])
        var width: [String: JSON] = [:]
        let sizes = doubling(256, 2048)
        for t in [0.1, 1, 10, Double.infinity] {
            let limit = t == .infinity ? 0 : theory.loss(time: t, size: .infinity)
            let gaps = sizes.map { n in
                (t == .infinity ? spectrum.sizeLoss(n) : theory.loss(time: t, size: n)) - limit
            }
            width[t == .infinity ? "infinity" : Markup.significant(t, 1)] = slope(sizes, gaps)
        }
        let document: JSON = [
            "a": .number(a), "b": .number(b), "time": slope(times, times.map(finite.timeLoss)),
            "size": slope(near, near.map(spectrum.sizeLoss)),
            "size_far": slope(far, far.map(spectrum.sizeLoss)),
            "data": slope(near, near.map(spectrum.dataLoss)),
            "data_far": slope(far, far.map(spectrum.dataLoss)),
            "optimum": [
                "loss": slope(top, upper.map { $0.loss }),
                "size": slope(top, upper.map { $0.size }),
                "time": slope(top, zip(top, upper).map { $0 / $1.size }),
            ], "width": .object(width),
        ]
        try context.write("exponents", document.pretty())
        try context.write("frontier", frontier.csv())
        try context.write("plot", PlotDocument(picture(theory, computes, best, a: a, b: b)).text())
    }

    /// Loss against compute at fixed sizes, and the least of them.
    private static func picture(
        _ theory: FeatureTheory, _ computes: [Double], _ best: [(size: Double, loss: Double)],
        a: Double, b: Double
    ) -> Chart {
        var chart = Chart(
            title: "Equal compute, a = \(Told.plain(a)), b = \(Told.plain(b))",
            xLabel: "compute C = N·t", yLabel: "loss L(t, N), theory")
        for n in [16.0, 64, 256, 1024, 4096] {
            var series = Chart.Series(name: "N = \(Int(n))")
            series.line = computes.filter { $0 > n }.map {
                (x: $0, y: theory.loss(time: $0 / n, size: n))
            }
            chart.series.append(series)
        }
        var least = Chart.Series(name: "best N")
        least.points = zip(computes, best).map { (x: $0, y: $1.loss) }
        chart.series.append(least)
        return chart
    }
}
