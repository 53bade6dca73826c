import Canon
import Experiment
import Numerics
import System
import Workbench

/// The errors of students: by width, number of examples, rate and teacher.
struct StudentErrors {
    /// One width and number of examples.
    struct Point {
        let width, samples: Int
        /// The rates, ascending.
        let rates: [Double]
        /// `[rate][teacher]`; infinite for runs that diverged.
        let errors, averages: [[Double]]

        /// The rate whose mean error over these draws of teachers is least, and both means.
        func best(_ draw: [Int]) -> (rate: Int, error: Double, average: Double) {
            func mean(_ values: [Double]) -> Double {
                draw.reduce(0) { $0 + values[$1] } / Double(draw.count)
            }
            var best = 0
            var least = Double.infinity
            for (place, values) in errors.enumerated() {
                let error = mean(values)
                if error < least { (best, least) = (place, error) }
            }
            return (best, least, mean(averages[best]))
        }

        /// The standard error over teachers at a rate.
        func deviation(_ values: [Double]) -> Double {
            let n = Double(values.count)
            let mean = values.reduce(0, +) / n
            let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (sum / (n * max(1, n - 1))).squareRoot()
        }
    }

    /// Ordered by width, then number of examples.
    let points: [Point]
    /// Inputs of teachers and students.
    let dimension: Int
    /// Teachers.
    let teachers: Int
    /// The mean error of predicting 0, in nats.
    let zero: Double

    /// Reads what ``OptimalStudentsStage`` wrote.
    ///
    /// - Throws: ``FormatError`` naming what is missing, or which runs disagree on teachers or dimension.
    init(_ inputs: [StageInput]) throws {
        var runs: [[Int]: [Double: [Int: (error: Double, average: Double)]]] = [:]
        var dimensions: Set<Int> = []
        var zeros: [Int: Double] = [:]
        for input in inputs {
            let table = try Table(csv: input.bytes())
            let names = [
                "width", "rate", "teacher", "samples", "dimension", "error", "average", "zero",
            ]
            let columns = names.compactMap { table[column: $0] }
            guard columns.count == names.count else {
                throw FormatError("\(input.producer): expected errors.csv of optimal.students")
            }
            for row in table.rows.indices {
                guard let width = columns[0][row].integer, let rate = columns[1][row].double,
                    let teacher = columns[2][row].integer, let samples = columns[3][row].integer,
                    let dimension = columns[4][row].integer
                else { throw FormatError("\(input.producer): row \(row + 1) lacks a number") }
                dimensions.insert(dimension)
                zeros[teacher] = columns[7][row].double ?? 0
                runs[[width, samples], default: [:]][rate, default: [:]][teacher] = (
                    columns[5][row].double ?? .infinity, columns[6][row].double ?? .infinity
                )
            }
        }
        guard let dimension = dimensions.first, dimensions.count == 1 else {
            throw FormatError(
                "errors: expected students of one dimension, found \(dimensions.sorted())")
        }
        self.dimension = dimension
        let teachers = zeros.count
        self.teachers = teachers
        zero =
            zeros.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } / Double(max(1, teachers))
        points = try runs.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }.map {
            key, rates in
            let order = rates.sorted { $0.key < $1.key }
            for (rate, all) in order where all.count != teachers || all.keys.max() != teachers - 1 {
                throw FormatError(
                    "width \(key[0]), \(key[1]) examples, rate \(rate): expected teachers 0 to "
                        + "\(teachers - 1), found \(all.count) of them")
            }
            return Point(
                width: key[0], samples: key[1], rates: order.map { $0.key },
                errors: order.map { rate in
                    (0..<teachers).map { rate.value[$0]?.error ?? .infinity }
                },
                averages: order.map { rate in
                    (0..<teachers).map { rate.value[$0]?.average ?? .infinity }
                })
        }
    }

    /// Every teacher once.
    var everyone: [Int] { Array(0..<teachers) }

    /// The mean error of a width at any number of examples between those trained: linear in logarithms.
    func error(width: Int, samples: Double) -> Double? {
        let known = points.filter { $0.width == width }
        for (left, right) in zip(known, known.dropFirst())
        where samples >= Double(left.samples) * (1 - 1e-12)
            && samples <= Double(right.samples) * (1 + 1e-12)
        {
            let (low, high) = (left.best(everyone).error, right.best(everyone).error)
            let t =
                (Elementary.log(samples) - Elementary.log(Double(left.samples)))
                / (Elementary.log(Double(right.samples)) - Elementary.log(Double(left.samples)))
            return Elementary.exp((1 - t) * Elementary.log(low) + t * Elementary.log(high))
        }
        return nil
    }
}
