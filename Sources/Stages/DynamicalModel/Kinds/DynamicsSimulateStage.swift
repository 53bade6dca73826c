import Canon
package import Experiment
import Numerics
import System
import Workbench

/// Simulates random features under gradient flow on infinite data, exactly.
package enum DynamicsSimulateStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "dynamics.simulate", version: 1,
        summary: """
            Mean losses of random-feature models under gradient flow, by eigendecomposition, \
            beside the theory for the same modes.
            """,
        source:
            "Bordelon et al. (2024), arXiv 2402.01092, by a published summary; normalisation ours",
        parameters: DynamicsParameters.exponents + [
            Parameter("modes", .integer(2...20_000), default: 400, "Modes M, one by one."),
            Parameter("sizes", .list(.integer(1...4096), count: 1...30), "Model sizes N."),
            Parameter(
                "times", .list(.number(from: 0, to: 1e30, openLow: true), count: 1...100),
                "Times t of the losses."),
            Parameter(
                "draws", .integer(2...1_000_000), default: 100, "Draws of the features a size."),
            Parameter(
                "members", .list(.integer(1...100_000), count: 0...10), default: [],
                "Ensembles: loss of the mean of so many models, at the last time."),
        ],
        outputs: [
            OutputPort(
                "losses", fileName: "losses.csv",
                "size, time (empty: infinite), mean, se, sd over draws, theory."),
            OutputPort(
                "ensembles", fileName: "ensembles.csv",
                "size, members, groups, mean, se at the last time."),
        ], isRandom: true, usesProfile: true)

    /// Mean, standard error and deviation.
    private static func summary(_ x: [Double]) -> (mean: Double, error: Double, deviation: Double) {
        let n = Double(x.count)
        let mean = x.reduce(0, +) / n
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, n - 1)
        return (mean, (variance / n).squareRoot(), variance.squareRoot())
    }

    /// The losses of ensembles of so many models each, from the models' residuals.
    private static func averaged(_ residuals: [ArraySlice<Double>], members: Int) -> [Double] {
        (0..<(residuals.count / members)).map { group in
            let own = residuals[(group * members)..<((group + 1) * members)]
            var sum = [Double](own[group * members])
            for one in own.dropFirst() {
                for (k, value) in one.enumerated() { sum[k] += value }
            }
            return sum.reduce(0) { $0 + $1 * $1 } / Double(members * members)
        }
    }

    /// Draws and averages.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let spectrum = singleModes(parameters)
        let theory = FeatureTheory(spectrum)
        let arithmetic = try context.arithmetic
        let (sizes, times) = (parameters.integers("sizes"), parameters.numbers("times"))
        let (draws, members) = (parameters.integer("draws"), parameters.integers("members"))
        guard let most = sizes.max(), most <= spectrum.eigenvalues.count else {
            throw FormatError("sizes: expected at most `modes`, found \(sizes.max() ?? 0)")
        }
        var losses = Table(columns: ["size", "time", "mean", "se", "sd", "theory"])
        var ensembles = Table(columns: ["size", "members", "groups", "mean", "se"])
        let moments = times + [Double.infinity]
        // What a later process needs to go on: the losses of whole draws.
        var kept = KeptLosses(
            context.keptState(),
            width: moments.count + (members.isEmpty ? 0 : spectrum.eigenvalues.count),
            limit: sizes.count * draws, seed: context.seed)
        for (place, size) in sizes.enumerated() {
            for number in 0..<draws where kept.rows.count <= place * draws + number {
                var stream = RandomStream(
                    seed: context.seed, purpose: "features",
                    index: UInt64(size) << 32 | UInt64(number))
                let draw = try FeatureDraw(
                    spectrum, size: size, stream: &stream, arithmetic: arithmetic)
                let residual = members.isEmpty ? [] : draw.residual(times.last ?? 1)
                kept.append(moments.map(draw.loss) + residual)
                context.progress(
                    place * draws + number + 1, of: sizes.count * draws, note: "N = \(size)")
                context.keepState { kept.state }
            }
            let rows = kept.rows[(place * draws)..<((place + 1) * draws)]
            for (column, time) in moments.enumerated() {
                let all = summary(rows.map { $0[column] })
                let expected =
                    time == .infinity
                    ? spectrum.sizeLoss(Double(size)) : theory.loss(time: time, size: Double(size))
                losses.append(
                    [.number(Double(size)), .finite(time)]
                        + [all.mean, all.error, all.deviation, expected].map { .number($0) })
            }
            for count in members where count <= draws {
                let means = averaged(rows.map { $0[moments.count...] }, members: count)
                let all = summary(means)
                ensembles.append(
                    [Double(size), Double(count), Double(means.count), all.mean, all.error].map {
                        .finite($0)
                    })
            }
        }
        try context.write("losses", losses.csv())
        try context.write("ensembles", ensembles.csv())
    }

    /// A problem whose modes stand by themselves.
    static func singleModes(_ parameters: Parameters) -> PowerSpectrum {
        PowerSpectrum(
            a: parameters.number("a"), b: parameters.number("b"),
            every: parameters.integer("modes"))
    }
}

/// Rows of numbers that an interrupted action keeps.
package struct KeptLosses {
    /// Numbers in a row.
    package let width: Int
    /// The action's seed.
    package let seed: UInt64
    /// The rows so far.
    package private(set) var rows: [[Double]] = []

    private static let stateName = "losses-2"

    /// The rows of a kept state; none where there is none or it is of another action.
    package init(_ state: [UInt8]?, width: Int, limit: Int, seed: UInt64) {
        self.width = width
        self.seed = seed
        let kept = StateReader.read(state ?? [], name: Self.stateName) {
            reader throws(NotThisState) in
            try reader.expect(seed)
            try reader.expect(width)
            let count = try reader.integer(in: 0...limit)
            return try reader.numbers(width * count)
        }
        guard let kept else { return }
        rows = stride(from: 0, to: kept.count, by: width).map { Array(kept[$0..<($0 + width)]) }
    }

    /// Adds a row.
    package mutating func append(_ row: [Double]) {
        precondition(row.count == width, "a row of \(row.count) numbers, expected \(width)")
        rows.append(row)
    }

    /// Everything that a later process needs to go on.
    package var state: [UInt8] {
        var writer = StateWriter(name: Self.stateName, size: 8 * width * rows.count + 128)
        writer.add(seed)
        writer.add(width)
        writer.add(rows.count)
        writer.add(Array(rows.joined()))
        return writer.finish()
    }
}
