import Canon
package import Experiment
import Numerics
import System
import Workbench

/// What teachers and restricted models are like, measured over many draws.
package enum OptimalTeacherFactsStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "optimal.teacher-facts", version: 1,
        summary: """
            Moments of teachers, misspecification of restricted models and growth of their \
            distinct atoms, beside the exact values.
            """,
        source: "our own: docs/COMPUTE-OPTIMAL.md",
        parameters: [
            Parameter("dimension", .integer(1...4096), "The inputs' dimension d."),
            Parameter("complexity", .number(from: 0, to: 1e5, openLow: true), "The complexity K."),
            Parameter("count", .integer(2...100_000), default: 400, "How many teachers."),
            Parameter("points", .integer(2...100_000), default: 256, "Inputs for each teacher."),
            Parameter(
                "units", .list(.integer(1...100_000), count: 1...20), default: [4, 16, 64],
                "Sizes n of the restricted model."),
            Parameter(
                "cutoff", .number(from: 1e-12, to: 0.5), default: 1e-8,
                "The stick that may be left over."),
        ],
        outputs: [
            OutputPort(
                "facts", fileName: "facts.json",
                """
                sum_squares E Σv², second_moment E F², zero_error in nats; restricted: n, squared \
                E(F−Fₙ)², divergence in nats, atoms; each with standard error and exact value or \
                bound.
                """)
        ], isRandom: true, usesProfile: true)

    /// A mean over teachers with its standard error.
    private struct Mean {
        var (sum, squares, count) = (0.0, 0.0, 0.0)

        mutating func add(_ x: Double) {
            sum += x
            squares += x * x
            count += 1
        }

        var value: Double { sum / count }
        var error: Double { (max(0, squares / count - value * value) / (count - 1)).squareRoot() }

        func json(exact: Double) -> JSON {
            ["mean": .number(value), "error": .number(error), "exact": .number(exact)]
        }
    }

    /// Sums over the test points of one teacher: its square, its divergence from 0, and how far
    /// each restricted model is from it.
    private struct Sums {
        var (second, idle) = (0.0, 0.0)
        var gap, divergence: [Double]

        /// `values` has a row for each point: the teacher, then the models.
        init(_ values: Buffer<Double>, points: Int, models: Int) {
            gap = [Double](repeating: 0, count: models)
            divergence = gap
            for point in 0..<points {
                let truth = values[point * (1 + models)]
                second += truth * truth
                idle += ProcessTeacher.divergence(truth, 0)
                for place in 0..<models {
                    let guess = values[point * (1 + models) + 1 + place]
                    gap[place] += (truth - guess) * (truth - guess)
                    divergence[place] += ProcessTeacher.divergence(truth, guess)
                }
            }
        }
    }

    /// Draws and averages.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let (d, k) = (parameters.integer("dimension"), parameters.number("complexity"))
        let (count, points) = (parameters.integer("count"), parameters.integer("points"))
        let sizes = parameters.integers("units")
        let arithmetic = try context.arithmetic
        var (squares, moment, zero) = (Mean(), Mean(), Mean())
        var gaps = sizes.map { _ in Mean() }
        var divergences = gaps
        var atoms = gaps
        let inputs = Buffer<Double>(count: points * d)
        for number in 0..<count {
            var stream = RandomStream(seed: context.seed, purpose: "teacher", index: UInt64(number))
            let teacher = ProcessTeacher(
                dimension: d, complexity: k, cutoff: parameters.number("cutoff"), stream: &stream)
            squares.add(teacher.weights.reduce(0) { $0 + $1 * $1 })
            var draws = RandomStream(seed: context.seed, purpose: "inputs", index: UInt64(number))
            draws.normals(into: inputs, count: points * d)
            var models = RandomStream(
                seed: context.seed, purpose: "restriction", index: UInt64(number))
            let counts = sizes.map { teacher.restriction(units: $0, stream: &models) }
            let weightings = zip(counts, sizes).map { counts, n in
                counts.map { Double($0) / Double(n) }
            }
            let values = teacher.values(
                at: inputs, rows: points, weightings: [teacher.weights] + weightings,
                arithmetic: arithmetic)
            let sums = Sums(values, points: points, models: sizes.count)
            moment.add(sums.second / Double(points))
            zero.add(sums.idle / Double(points))
            for place in sizes.indices {
                gaps[place].add(sums.gap[place] / Double(points))
                divergences[place].add(sums.divergence[place] / Double(points))
                atoms[place].add(Double(counts[place].count { $0 > 0 }))
            }
            context.progress(number + 1, of: count, note: "teachers")
        }
        let restricted = sizes.enumerated().map { place, n -> JSON in
            let distinct = (0..<n).reduce(0.0) { $0 + k / (k + Double($1)) }
            return [
                "n": .number(Double(n)), "squared": gaps[place].json(exact: k / (2 * Double(n))),
                "divergence": divergences[place].json(exact: k / (16 * Double(n))),
                "atoms": atoms[place].json(exact: distinct),
            ]
        }
        let facts: JSON = [
            "d": .number(Double(d)), "K": .number(k), "teachers": .number(Double(count)),
            "sum_squares": squares.json(exact: 1 / (k + 1)),
            "second_moment": moment.json(exact: 0.5),
            "zero_error": zero.json(exact: 0.0625), "restricted": .array(restricted),
        ]
        try context.write("facts", facts.pretty())
    }
}
