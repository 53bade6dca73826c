import Canon
package import Experiment
import Numerics
import Workbench

/// Trains a student committee on a stream of examples that a teacher labels.
package enum OnlineSGDStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "online.sgd", version: 2,
        summary: """
            One-pass gradient descent of a student on a teacher's labels of Gaussian inputs with a \
            spectrum.
            """,
        source: """
            Worschech & Rosenow (2024), arXiv 2410.09005: soft committees, squared error; scales \
            are our reading
            """,
        parameters: OnlineParameters.spectrum + [
            Parameter(
                "inputs", .integer(1...65536), default: 1024,
                "N, the inputs' dimension: a multiple of the levels.")
        ] + OnlineParameters.committees + [
            Parameter(
                "activation", .choice(OnlineActivation.allCases.map { $0.rawValue }),
                default: "erf", "Of student and teacher; erf is erf(x/√2)."),
            OnlineParameters.deviation,
            Parameter(
                "batch", .integer(1...65536), default: 1,
                "Examples in a step, whose updates are added at the same weights."),
            Parameter(
                "trained", .optional(.integer(1...65536)), default: .null,
                "How many directions learn, the largest eigenvalues first; all where null."),
            Parameter(
                "untrained", .choice(["zero", "random"]), default: "zero",
                "What the other weights stay at: 0, or their random start."),
            Parameter(
                "rotate", .boolean, default: false,
                "Inputs turned by a random rotation; changes nothing but rounding, and costs N² a step."
            ),
            Parameter(
                "whiten", .boolean, default: false,
                "The student sees whitened inputs; the labels stay."),
            Parameter(
                "precision", .choice(["single", "double"]), default: "single",
                "Of weights and fields; single resolves errors down to about 1e-11."),
        ] + OnlineParameters.grid,
        inputs: [OnlineParameters.spectrumPort],
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                """
                alpha; error: ε_g, exact from the overlaps; for K·M up to 16 the overlaps r, q at \
                first order.
                """),
            OutputPort(
                "start", fileName: "start.npy",
                "[levels, K·M + K² + M²]: r, q, t of each eigenspace at the start, divided by N."),
            OnlineParameters.overlapsPort,
        ],
        isRandom: true)

    /// Trains.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        var setting = OnlineSetting(
            spectrum: try OnlineParameters.spectrum(context), inputs: parameters.integer("inputs"),
            students: parameters.integer("students"), teachers: parameters.integer("teachers"),
            activation: OnlineActivation(rawValue: parameters.text("activation")) ?? .erf,
            rate: parameters.number("rate"), deviation: parameters.number("deviation"))
        setting.batch = parameters.integer("batch")
        setting.trained = parameters.isNull("trained") ? nil : parameters.integer("trained")
        setting.areOthersRandom = parameters.text("untrained") == "random"
        setting.isRotated = parameters.boolean("rotate")
        setting.isWhitened = parameters.boolean("whiten")
        let arithmetic = try Arithmetic.portable()
        if parameters.text("precision") == "single" {
            try train(
                OnlineRun<Float>(setting, seed: context.seed, arithmetic: arithmetic), context)
        } else {
            try train(
                OnlineRun<Double>(setting, seed: context.seed, arithmetic: arithmetic), context)
        }
    }

    private static func train<Scalar: KernelScalar>(
        _ run: OnlineRun<Scalar>, _ context: StageContext
    ) throws {
        let setting = run.setting
        let (k, m) = (setting.students, setting.teachers)
        _ = try OnlineParameters.times(context.parameters)
        let steps = setting.steps(
            from: context.parameters.number("from"), to: context.parameters.number("alpha"),
            perDecade: context.parameters.integer("per_decade"))
        let blocks = run.blocks()
        var start: [Double] = []
        for level in 0..<setting.seenSpectrum.count {
            start += blocks.r[(level * k * m)..<((level + 1) * k * m)]
            start += blocks.q[(level * k * k)..<((level + 1) * k * k)]
            start += blocks.t[(level * m * m)..<((level + 1) * m * m)]
        }
        var record = OnlineRecord(columns: 2 + k * m + k * (k + 1) / 2, seed: context.seed)
        var known = record
        if let bytes = context.keptState(),
            let kept = known.restore(bytes, steps: steps, weights: run.state.weights.count),
            run.restore(step: kept.step, weights: kept.weights)
        {
            record = known
            context.log("taken up at step \(run.step) of \(steps[steps.count - 1])")
        }
        for wanted in steps.dropFirst(record.rows.count) {
            while run.step < wanted {
                run.advance(min(run.stepsBetweenReports, wanted - run.step))
                guard !run.hasDiverged else {
                    throw FormatError(
                        "training diverged at alpha = \(run.alpha): a field is not finite; lower `rate`"
                    )
                }
                context.progress(
                    run.step, of: steps[steps.count - 1],
                    note: "alpha \(Markup.significant(run.alpha))")
                context.keepState { record.state(step: run.step, weights: run.state.weights) }
            }
            let overlaps = run.overlaps()
            record.rows.append(
                [run.alpha, overlaps.error(setting.activation)]
                    + OnlineParameters.overlapValues(overlaps))
        }
        var table = Table(
            columns: ["alpha", "error"] + OnlineParameters.overlapNames(k, m))
        for row in record.rows { table.append(row.prefix(table.columns.count).map { .number($0) }) }
        try OnlineParameters.write(record.rows.map { Array($0.dropFirst(2)) }, to: context)
        try context.write("curve", table.csv())
        try context.write(
            "start",
            NumpyArray(
                rows: setting.seenSpectrum.count, columns: k * m + k * k + m * m, elements: start
            ).bytes())
    }
}

/// What a training has recorded, and how it is kept beside the weights for a later process.
package struct OnlineRecord {
    /// Numbers in a row.
    package let columns: Int
    /// The training's seed.
    package let seed: UInt64
    /// A row for each recorded time.
    package var rows: [[Double]] = []

    private static let stateName = "online-2"

    /// A record without rows.
    package init(columns: Int, seed: UInt64) {
        self.columns = columns
        self.seed = seed
    }

    /// The record with the step and the weights that it belongs to.
    package func state(step: Int, weights: [Double]) -> [UInt8] {
        var writer = StateWriter(
            name: Self.stateName, size: 8 * (columns * rows.count + weights.count) + 128)
        writer.add(seed)
        for number in [columns, step, rows.count] { writer.add(number) }
        writer.add(Array(rows.joined()))
        writer.add(weights)
        return writer.finish()
    }

    /// Takes up the rows of a kept state of the same training, which records at the given steps.
    ///
    /// - Returns: the step and so many weights of the state; `nil`, and nothing has changed, where it is no
    ///   state of this training.
    package mutating func restore(
        _ bytes: [UInt8], steps: [Int], weights: Int
    ) -> (step: Int, weights: [Double])? {
        let (columns, seed) = (columns, seed)
        let kept = StateReader.read(bytes, name: Self.stateName) {
            reader throws(NotThisState) in
            try reader.expect(seed)
            try reader.expect(columns)
            let step = try reader.integer(in: 0...(steps.last ?? 0))
            let count = try reader.integer(in: 0...steps.count { $0 <= step })
            return (
                step: step, count: count, rows: try reader.numbers(columns * count),
                weights: try reader.numbers(weights)
            )
        }
        guard let kept else { return nil }
        rows = (0..<kept.count).map { Array(kept.rows[($0 * columns)..<(($0 + 1) * columns)]) }
        return (kept.step, kept.weights)
    }
}
