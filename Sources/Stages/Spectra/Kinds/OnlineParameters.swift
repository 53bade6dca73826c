import Canon
import Experiment
import Workbench

/// What the kinds of one-pass learning have in common: the spectrum, the committees, the grid of times.
enum OnlineParameters {
    /// A power-law spectrum, where no file gives another.
    static let spectrum = [
        Parameter(
            "levels", .integer(1...1_048_576), default: 1,
            "L, the number of distinct eigenvalues; each has N/L directions."),
        Parameter(
            "beta", .number(from: 0, to: 20), default: 1,
            "λ_l = λ₊ l^−(1+β), scaled to a mean eigenvalue of 1 (the scale is our reading)."),
    ]

    /// The input that replaces it.
    static let spectrumPort = InputPort(
        "spectrum", "spectrum.csv of online.spectrum, instead of levels and beta", isOptional: true)

    /// K, M and η.
    static let committees = [
        Parameter("students", .integer(1...256), default: 2, "K, the student's hidden units."),
        Parameter("teachers", .integer(1...256), default: 2, "M, the teacher's."),
        Parameter(
            "rate", .number(from: 0, to: 100, openLow: true), default: 0.1,
            "η: a step adds (η/√N)(√M/K) g′(x) (ζ − σ) ξ."),
    ]

    /// σ_J.
    static let deviation = Parameter(
        "deviation", .number(from: 0, to: 100), default: 0.01,
        "σ_J, the deviation of the student's weights at the start; the teacher's is 1.")

    /// The times that are recorded.
    static let grid = [
        Parameter(
            "alpha", .number(from: 0, to: 1e12, openLow: true), default: 100, unit: "examples/N",
            "The last time α."),
        Parameter(
            "from", .number(from: 0, to: 1e12, openLow: true), default: 0.1, unit: "examples/N",
            "The first time after 0 that is recorded."),
        Parameter("per_decade", .integer(1...1000), default: 8, "Recorded times a decade."),
    ]

    /// The spectrum of an action.
    static func spectrum(_ context: StageContext) throws -> Spectrum {
        if let input = context.inputs("spectrum").first {
            return try Spectrum(eigenvalues: eigenvalues(Table(csv: input.bytes()), input.producer))
        }
        return Spectrum(
            levels: context.parameters.integer("levels"), beta: context.parameters.number("beta"))
    }

    /// The column `eigenvalue`, each as often as the column `count` says.
    static func eigenvalues(_ table: Table, _ producer: String) throws -> [Double] {
        guard let values = table[column: "eigenvalue"] else {
            throw FormatError(
                "\(producer): expected a column `eigenvalue`, found "
                    + table.columns.joined(separator: ", "))
        }
        let counts = table[column: "count"]
        var result: [Double] = []
        for (row, value) in values.enumerated() {
            guard let number = value.double, let count = counts.map({ $0[row].integer }) ?? 1,
                count >= 1, count <= 1_048_576, result.count + count <= 4_194_304
            else {
                throw FormatError(
                    "\(producer), row \(row + 1): expected a number and a count of at least 1")
            }
            result += Array(repeating: number, count: count)
        }
        return result
    }

    /// Times of the grid without 0.
    static func times(_ parameters: Parameters) throws -> [Double] {
        let (from, to) = (parameters.number("from"), parameters.number("alpha"))
        guard from <= to else {
            throw FormatError("from: expected at most alpha = \(to), found \(from)")
        }
        return OnlineSetting.grid(
            from: from, to: to, perDecade: parameters.integer("per_decade"))
    }

    /// The overlaps of all recorded times, for committees of any size.
    static let overlapsPort = OutputPort(
        "overlaps", fileName: "overlaps.npy",
        """
        [times, K·M + K (K + 1)/2]: r row after row, then the upper half of q, at first order, \
        at the times of the curve.
        """)

    /// Names of overlaps in tables, R row after row and then the upper half of Q; none of large committees.
    static func overlapNames(_ k: Int, _ m: Int) -> [String] {
        guard k * m <= 16 else { return [] }
        let r = (1...k).flatMap { i in (1...m).map { "r\(i)\($0)" } }
        return r + (1...k).flatMap { i in (i...k).map { "q\(i)\($0)" } }
    }

    /// R row after row and the upper half of Q, of a committee of any size.
    static func overlapValues(_ overlaps: CommitteeOverlaps) -> [Double] {
        let k = overlaps.students
        return overlaps.r + (0..<k).flatMap { i in (i..<k).map { overlaps.q[i * k + $0] } }
    }

    /// Writes the overlaps of all times, a row each.
    static func write(_ rows: [[Double]], to context: StageContext) throws {
        try context.write(
            overlapsPort.name,
            NumpyArray(
                rows: rows.count, columns: rows.first?.count ?? 0, elements: Array(rows.joined())
            ).bytes())
    }
}

extension InputPort {
    /// What any number of runs of several stages gave, or none.
    static func runs(_ name: String, _ summary: String) -> InputPort {
        InputPort(
            name, summary, isOptional: true, isCollection: true, takesSeveralStages: true)
    }
}
