import Canon
package import Experiment
import Numerics
import Workbench

/// Chooses rates, fits the two-term surface, and finds the best split of compute with intervals.
package enum OptimalSurfaceStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "optimal.surface", version: 5,
        summary: """
            Chooses the rate after averaging over teachers, fits A·n^-alpha + B·T^-beta, and gives \
            p*, T* and err* at fixed compute with bootstrap intervals over teachers.
            """,
        source:
            "our own: docs/COMPUTE-OPTIMAL.md; the fit is that of law.fit, form chinchilla with E = 0",
        parameters: [
            Parameter("complexity", .number(from: 0, to: 1e5, openLow: true), "K, for our bound."),
            Parameter(
                "gain", .number(from: 0, to: 100, openLow: true), default: 1, "The teachers' gain."),
            Parameter("name", .text, default: "", "What reports call this setting."),
            Parameter(
                "computes", .list(.number(from: 1, to: 1e30), count: 1...20),
                default: [1e5, 3e5, 1e6, 3e6, 1e7], unit: "parameters × examples",
                "Where the optimum is told."),
            Parameter(
                "least", .integer(1...1_000_000_000), default: 4096,
                "Numbers of examples below are not fitted."),
            Parameter(
                "delta", .number(from: 0, to: 10, openLow: true), default: 0.05,
                "Where Huber's loss of a log residual goes from squares to absolute values."),
            Parameter("bootstrap", .integer(20...100_000), default: 400, "Bootstrap samples."),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        inputs: [
            InputPort("errors", "errors.csv of optimal.students, one dimension", isCollection: true)
        ],
        outputs: [
            OutputPort(
                "surface", fileName: "surface.json",
                """
                The law, optima at each compute beside our bound's, errors of each width; numbers \
                with intervals.
                """),
            OutputPort(
                "points", fileName: "points.csv",
                """
                A row a width n and number of examples T: p, C, the chosen rate, error and average \
                in nats with standard errors over teachers, our bound; frontier: the error where \
                no cheaper run has one as small.
                """),
            OutputPort(
                "optima", fileName: "optima.csv",
                "The optima of surface.json, one row for each compute: p, T, error and ratio with their ends."
            ),
            OutputPort(
                "slices", fileName: "slices.csv",
                "Error over model size at each compute: measured (between numbers of examples) and fitted."
            ),
        ], isRandom: true)

    /// Fits, resamples, tells.
    package static func run(_ context: StageContext) throws {
        let request = SurfaceRequest(
            parameters: context.parameters, errors: try StudentErrors(context.inputs("errors")))
        let fitted = try request.fit(request.errors.everyone, from: nil)
        var samples: [SurfaceRequest.Fit] = []
        let count = context.parameters.integer("bootstrap")
        for number in 0..<count {
            var stream = RandomStream(
                seed: context.seed, purpose: "bootstrap", index: UInt64(number))
            let draw = request.errors.everyone.map { _ in
                stream.integer(below: request.errors.teachers)
            }
            if let again = try? request.fit(draw, from: fitted.law) { samples.append(again) }
            context.progress(number + 1, of: count, note: "bootstrap")
        }
        let document = request.document(fitted, samples)
        try context.write("surface", document.pretty())
        try context.write("optima", SurfaceRequest.optima(document).csv())
        try context.write("points", request.table().csv())
        try context.write("slices", request.slices(fitted).csv())
    }
}

/// What a surface is fitted to, and what is asked of it.
struct SurfaceRequest {
    let parameters: Parameters
    let errors: StudentErrors

    /// A surface, and the law that it is.
    struct Fit {
        let surface: TwoTermSurface
        let law: FittedLaw?
    }

    var perUnit: Double { Double(errors.dimension + 1) }
    var computes: [Double] { parameters.numbers("computes") }

    private var fitter: LawFitter {
        LawFitter(
            PowerSum.chinchilla, LawObjective(.huber(parameters.number("delta")), in: .log),
            fixed: ["E": 0])
    }

    /// The surface of these teachers, the rate of each point chosen among them anew.
    func fit(_ draw: [Int], from known: FittedLaw?) throws -> Fit {
        let chosen = errors.points.filter { $0.samples >= parameters.integer("least") }
        let y = chosen.map { $0.best(draw).error }
        guard y.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw FormatError("errors: expected a positive mean error at every width, found \(y)")
        }
        let x = [chosen.map { Double($0.width) }, chosen.map { Double($0.samples) }]
        if let known {
            let points = ScaledPoints(x: x, y: y, scale: known.scale)
            guard let theta = fitter.refit(known, points: points, weights: y.map { _ in 1 }) else {
                throw FormatError("a bootstrap sample that no surface fits")
            }
            return Fit(surface: surface(PowerSum.chinchilla.natural(theta, known.scale)), law: nil)
        }
        do {
            let law = try fitter.fit(x: x, y: y)
            return Fit(surface: surface(law.natural), law: law)
        } catch {
            throw FormatError("errors: \(error)")
        }
    }

    private func surface(_ natural: [Double]) -> TwoTermSurface {
        TwoTermSurface(a: natural[1], b: natural[2], alpha: natural[3], beta: natural[4])
    }

    private func interval(_ value: Double, _ samples: [Double]) -> JSON {
        let ends = BootstrapInterval.percentile(samples, parameters.number("confidence"))
        return ["value": .finite(value), "low": .finite(ends?.low), "high": .finite(ends?.high)]
    }

    func document(_ fitted: Fit, _ samples: [Fit]) -> JSON {
        func number(_ of: (TwoTermSurface) -> Double) -> JSON {
            interval(of(fitted.surface), samples.map { of($0.surface) })
        }
        let bound = RiskBound(
            .ours, dimension: Double(errors.dimension), complexity: parameters.number("complexity"))
        let optima = computes.map { c -> JSON in
            let own = bound.optimum(compute: c)
            return [
                "C": .number(c),
                "p": number { $0.optimum(compute: c, parametersPerUnit: perUnit).parameters },
                "T": number { $0.optimum(compute: c, parametersPerUnit: perUnit).samples },
                "error": number { $0.optimum(compute: c, parametersPerUnit: perUnit).error },
                "ratio": number {
                    let best = $0.optimum(compute: c, parametersPerUnit: perUnit)
                    return best.parameters / best.samples
                },
                "bound": [
                    "p": .number(own.parameters), "T": .number(own.samples),
                    "error": .number(own.error), "slope": .number(own.slope),
                    "ratio": .number(own.parameters / own.samples),
                ],
            ]
        }
        let certificate = fitted.law?.certificate
        let residuals = fitted.law?.residuals ?? []
        return [
            "format": "bitlaw/optimal-surface/1", "name": .string(parameters.text("name")),
            "d": .number(Double(errors.dimension)), "K": .number(parameters.number("complexity")),
            "gain": .number(parameters.number("gain")),
            "teachers": .number(Double(errors.teachers)),
            "zero": .number(errors.zero), "A": number { $0.a }, "B": number { $0.b },
            "alpha": number { $0.alpha }, "beta": number { $0.beta },
            "size_exponent": number { $0.sizeExponent },
            "error_exponent": number { $0.errorExponent },
            "residual": .number(
                (residuals.reduce(0) { $0 + $1 * $1 } / Double(max(1, residuals.count)))
                    .squareRoot()),
            "scaled_gradient": .finite(certificate?.scaledGradient),
            "bootstrap": .number(Double(samples.count)), "optima": .array(optima),
        ]
    }

    /// The optima of a document as a table.
    static func optima(_ document: JSON) -> Table {
        let (names, ends) = (["p", "T", "error", "ratio"], ["", "_low", "_high"])
        var table = Table(columns: ["C"] + names.flatMap { name in ends.map { name + $0 } })
        for optimum in document["optima"]?.elements ?? [] {
            let numbers = names.flatMap { name in
                ["value", "low", "high"].map { optimum[name]?[$0] ?? .null }
            }
            table.append([optimum["C"] ?? .null] + numbers)
        }
        return table
    }

    func table() -> Table {
        var table = Table(columns: [
            "n", "p", "T", "C", "rate", "error", "error_se", "average", "average_se", "bound",
            "frontier",
        ])
        let all = errors.points.map { point in
            (cost: point.width * point.samples, error: point.best(errors.everyone).error)
        }
        let bound = RiskBound(
            .ours, dimension: Double(errors.dimension), complexity: parameters.number("complexity"))
        for point in errors.points {
            let best = point.best(errors.everyone)
            let (n, t) = (Double(point.width), Double(point.samples))
            let cost = point.width * point.samples
            let isBeaten = all.contains { $0.cost < cost && $0.error <= best.error }
            table.append(
                [
                    n, n * perUnit, t, n * perUnit * t, point.rates[best.rate], best.error,
                    point.deviation(point.errors[best.rate]), best.average,
                    point.deviation(point.averages[best.rate]), bound.value(units: n, samples: t),
                    isBeaten ? .nan : best.error,
                ].map { .finite($0) })
        }
        return table
    }

    /// Measured errors between the numbers of examples, and those of the surface.
    func slices(_ fitted: Fit) -> Table {
        var table = Table(columns: ["C", "n", "p", "T", "error", "surface"])
        for compute in computes {
            for n in Set(errors.points.map { $0.width }).sorted() {
                let p = Double(n) * perUnit
                guard let error = errors.error(width: n, samples: compute / p) else { continue }
                table.append(
                    [
                        compute, Double(n), p, compute / p, error,
                        fitted.surface.value(units: Double(n), samples: compute / p),
                    ].map { .number($0) })
            }
        }
        return table
    }
}
