import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Integrates the closed equations of an erf committee's overlaps.
package enum OrderParameterTheoryStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "theory.order-parameters", version: 4,
        summary: "The learning curve of an erf committee by its overlaps' differential equations.",
        source: """
            Saad & Solla (1995) for isotropic inputs; with a spectrum after arXiv 2410.09005, \
            derived in docs/POWER-LAW-SPECTRA.md
            """,
        parameters: OnlineParameters.spectrum + OnlineParameters.committees + [
            OnlineParameters.deviation,
            Parameter(
                "asymmetry", .number(from: -1, to: 1), default: 1e-3,
                "ρ of the start free of random numbers, r_in = ±ρw; unused where a start is given."),
            Parameter(
                "noise", .boolean, default: true, "With the term of order η², the noise of SGD."),
            Parameter(
                "method", .choice(FlowMethod.allCases.map { $0.rawValue }), default: "automatic",
                """
                The integrator: explicit, stiff, or stiff where explicit would take more than 2,000 \
                steps; for more than 8 overlaps, 250 steps for each.
                """
            ),
            Parameter(
                "tolerance", .number(from: 1e-13, to: 1e-3), default: 1e-10,
                """
                Relative; the absolute one is 1e-4 of it. Plateaus amplify errors, and tails show \
                them: an error of r is one of the same size in ε.
                """),
        ] + OnlineParameters.grid,
        inputs: [
            OnlineParameters.spectrumPort,
            InputPort(
                "start", "start.npy of online.sgd: integrate from its actual overlaps",
                isOptional: true),
        ],
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                """
                alpha, error; tail: the formula of the specialised phase; for K·M up to 16 the \
                overlaps r, q.
                """),
            OutputPort(
                "facts", fileName: "facts.json",
                """
                escape_time, plateau_error, plateau_r, plateau_q as η → 0; specialised_at: the \
                time at which r11 − r12 reaches ½, predicted_end: the formula for it; window_from, \
                window_to, exponent of the tail; heights of a random teacher; settled_levels; \
                steps, evaluations.
                """),
            OnlineParameters.overlapsPort,
        ])

    /// Integrates.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let spectrum = try OnlineParameters.spectrum(context)
        let (k, m) = (parameters.integer("students"), parameters.integer("teachers"))
        let rate = parameters.number("rate")
        let start = try context.inputs("start").first.map {
            try OnlineStart($0, levels: spectrum.count, students: k, teachers: m)
        }
        let (equations, y) = try equations(parameters, spectrum, start)
        let times = try OnlineParameters.times(parameters)
        let relative = parameters.number("tolerance")
        var integrator = (FlowMethod(rawValue: parameters.text("method")) ?? .automatic).integrator(
            equations.flow, rate: rate, until: times[times.count - 1],
            tolerance: FlowTolerance(relative: relative, absolute: 1e-4 * relative))
        let specialised = SpecialisedPhase(units: m)
        var table = Table(
            columns: ["alpha", "error", "tail"] + OnlineParameters.overlapNames(k, m))
        let names = OnlineParameters.overlapNames(k, m).count
        var rows: [[Double]] = []
        func record(_ alpha: Double) {
            let z = equations.flow.sums(y)
            let overlaps = equations.overlaps(z)
            rows.append(overlaps)
            table.append(
                [
                    .number(alpha), .number(equations.error(z)),
                    k == m ? .number(specialised.error(spectrum, rate: rate, at: alpha)) : .null,
                ] + overlaps.prefix(names).map { .number($0) })
        }
        record(0)
        var crossing = PlateauCrossing(level: 0.5)
        var time = 0.0
        for (place, alpha) in times.enumerated() {
            try integrator.advance(y, from: time, to: alpha) { point in
                if m > 1 { note(point, equations, &crossing) }
            }
            time = alpha
            record(alpha)
            context.progress(
                place + 1, of: times.count, note: "alpha \(Markup.significant(alpha))")
        }
        try context.write("curve", table.csv())
        try OnlineParameters.write(rows, to: context)
        let facts = facts(
            context, spectrum, teacher: equations.teacher, crossing: crossing.time,
            work: integrator.work)
        try context.write("facts", facts.pretty())
    }

    /// The first student's strongest overlap less the next: its teacher may be any.
    private static func note(
        _ point: FlowPoint, _ equations: OverlapEquations, _ crossing: inout PlateauCrossing
    ) {
        let row = equations.firstRow(point.z)
        let slopes = equations.firstRow(point.slope)
        let best = row.indices.max { row[$0] < row[$1] } ?? 0
        let next = row.indices.filter { $0 != best }.max { row[$0] < row[$1] } ?? 0
        crossing.note(
            point.alpha, row[best] - row[next], slope: slopes[best] - slopes[next])
    }

    /// What theory says of the curve, and when its plateau ended.
    private static func facts(
        _ context: StageContext, _ spectrum: Spectrum, teacher: [Double], crossing: Double?,
        work: FlowWork
    ) -> JSON {
        let parameters = context.parameters
        let (k, m) = (parameters.integer("students"), parameters.integer("teachers"))
        let rate = parameters.number("rate")
        let specialised = SpecialisedPhase(units: m)
        let plateau = PlateauTheory(units: m)
        let heights = k == m && m > 1 ? plateau.heights(teacher: teacher) : nil
        let window = specialised.window(spectrum, rate: rate)
        // Without random numbers in the start its asymmetry is known, and with it the plateau's end.
        let end =
            context.inputs("start").isEmpty && k == m
            ? plateau.end(
                spectrum, rate: rate, asymmetry: parameters.number("asymmetry").magnitude) : nil
        return [
            "escape_time": .number(plateau.escapeTime(spectrum, rate: rate)),
            "predicted_end": end.map { .number($0) } ?? .null,
            "window_from": k == m ? .number(window.from) : .null,
            "window_to": k == m ? .number(window.to) : .null,
            "exponent": spectrum.beta.map { .number(LinearTheory.exponent($0)) } ?? .null,
            "plateau_error": .number(plateau.error), "plateau_r": .number(plateau.r),
            "plateau_q": .number(plateau.q),
            "specialised_at": crossing.map { .number($0) } ?? .null,
            "heights": heights.map { .array($0.r.map { .number($0) }) } ?? .null,
            "settled_levels": .number(Double(plateau.settledLevels(spectrum))),
            "T2": .number(spectrum.moment(2)),
            "steps": .number(Double(work.accepted)),
            "evaluations": .number(Double(work.evaluations)),
        ]
    }

    /// The equations and their state at the start.
    private static func equations(
        _ parameters: Parameters, _ spectrum: Spectrum, _ start: OnlineStart?
    ) throws -> (OverlapEquations, Buffer<Double>) {
        let (k, m) = (parameters.integer("students"), parameters.integer("teachers"))
        let (rate, hasNoise) = (parameters.number("rate"), parameters.boolean("noise"))
        let (rho, deviation) = (parameters.number("asymmetry"), parameters.number("deviation"))
        if start == nil, k == m, m > 1 {
            let flow = SymmetricFlow(
                spectrum: spectrum, units: m, rate: rate, hasNoise: hasNoise)
            return (
                .symmetric(flow),
                flow.state(same: rho, other: -rho, own: deviation * deviation)
            )
        }
        let flow = CommitteeFlow(
            spectrum: spectrum, students: k, teachers: m, teacher: start?.t, rate: rate,
            hasNoise: hasNoise)
        return (
            .general(flow),
            start.map { flow.start(r: $0.r, q: $0.q) }
                ?? flow.plainStart(variance: deviation * deviation, asymmetry: rho)
        )
    }
}

/// Overlaps of each eigenspace as `online.sgd` wrote them.
struct OnlineStart {
    /// `[L, K, M]`, `[L, K, K]`, `[L, M, M]`.
    let r, q, t: [Double]

    init(_ input: StageInput, levels: Int, students k: Int, teachers m: Int) throws {
        let array = try NumpyArray(input.bytes())
        guard array.rows == levels, array.columns == k * m + k * k + m * m else {
            throw FormatError(
                """
                \(input.producer): expected overlaps of shape [\(levels), \
                \(k * m + k * k + m * m)], found [\(array.rows), \(array.columns)]; give this \
                stage the same levels, students and teachers
                """)
        }
        var parts: ([Double], [Double], [Double]) = ([], [], [])
        for level in 0..<levels {
            let row = Array(
                array.elements[(level * array.columns)..<((level + 1) * array.columns)])
            parts.0 += row[..<(k * m)]
            parts.1 += row[(k * m)..<(k * m + k * k)]
            parts.2 += row[(k * m + k * k)...]
        }
        (r, q, t) = parts
    }
}
