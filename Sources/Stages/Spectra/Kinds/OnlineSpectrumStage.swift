import Canon
package import Experiment
import Numerics
import Workbench

/// Makes a spectrum from eigenvalues, or estimates it from a table of data.
package enum OnlineSpectrumStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "online.spectrum", version: 1,
        summary:
            "A spectrum for one-pass learning: given eigenvalues, or those of a table's covariance.",
        source:
            "Worschech & Rosenow (2024), arXiv 2410.09005, Fig. 3 right, as we read its caption",
        parameters: [
            Parameter(
                "size", .optional(.integer(1...1_048_576)), default: .null,
                "Keep so many of the largest eigenvalues; all where null."),
            Parameter(
                "drop", .number(from: 0, to: 1), default: 1e-12,
                "Eigenvalues below this part of the largest are left out: rounding, not data."),
        ],
        inputs: [
            InputPort(
                "eigenvalues", "a CSV table with a column eigenvalue (and count, where given)",
                isOptional: true),
            InputPort(
                "table",
                "a CSV table of numbers, one row for each example: its covariance is estimated",
                isOptional: true),
        ],
        outputs: [
            OutputPort(
                "spectrum", fileName: "spectrum.csv",
                "eigenvalue, descending, scaled to a mean of 1; count, how many directions."),
            OutputPort(
                "facts", fileName: "facts.json",
                """
                directions, levels, T2 = mean λ², beta: the exponent less 1 of λ against rank, by \
                least squares of logarithms over the middle half of the ranks.
                """),
        ])

    /// Reads, or estimates.
    package static func run(_ context: StageContext) throws {
        var values: [Double]
        switch (context.inputs("eigenvalues").first, context.inputs("table").first) {
        case (let input?, nil):
            values = try OnlineParameters.eigenvalues(Table(csv: input.bytes()), input.producer)
        case (nil, let input?): values = try covariance(Table(csv: input.bytes()), input.producer)
        default:
            throw FormatError(
                "inputs: expected one of `eigenvalues` and `table`, found both or neither")
        }
        values.sort(by: >)
        let limit = context.parameters.number("drop") * (values.first ?? 0)
        values = values.filter { $0 > limit }
        if !context.parameters.isNull("size") {
            values = Array(values.prefix(context.parameters.integer("size")))
        }
        let spectrum = try Spectrum(eigenvalues: values)
        let counts = try spectrum.multiplicities(of: values.count)
        var table = Table(columns: ["eigenvalue", "count"])
        for (value, count) in zip(spectrum.values, counts) {
            table.append([.number(value), .number(Double(count))])
        }
        try context.write("spectrum", table.csv())
        let n = Double(values.count)
        let fit = LocalExponents.exponent(
            alpha: (1...values.count).map { Double($0) }, error: values, from: n / 4, to: 3 * n / 4)
        let facts: JSON = [
            "directions": .number(n), "levels": .number(Double(spectrum.count)),
            "T2": .number(spectrum.moment(2)), "beta": fit.map { .number(-$0.slope - 1) } ?? .null,
        ]
        try context.write("facts", facts.pretty())
    }

    /// Eigenvalues of the covariance of the columns, with divisor n − 1; what is negative is rounding.
    private static func covariance(_ table: Table, _ producer: String) throws -> [Double] {
        let (n, width) = (table.rows.count, table.columns.count)
        guard n >= 2, width >= 1, width <= 4096 else {
            throw FormatError(
                "\(producer): expected at least 2 rows and at most 4,096 columns, found \(n) × \(width)"
            )
        }
        var x = [Double](repeating: 0, count: n * width)
        for (i, row) in table.rows.enumerated() {
            for (j, value) in row.enumerated() {
                guard let number = value.double else {
                    throw FormatError(
                        "\(producer), row \(i + 1), column \(table.columns[j]): expected a number, "
                            + "found \(value.canonicalText)")
                }
                x[i * width + j] = number
            }
        }
        for j in 0..<width {
            let mean = (0..<n).reduce(0) { $0 + x[$1 * width + j] } / Double(n)
            for i in 0..<n { x[i * width + j] -= mean }
        }
        let arithmetic = try Arithmetic.portable()
        let (data, matrix) = (Buffer(x), Buffer<Double>(count: width * width))
        arithmetic.product(
            m: width, n: width, k: n, MatrixPlace(data, stride: width, isTransposed: true),
            MatrixPlace(data, stride: width), into: MatrixPlace(matrix, stride: width))
        let decomposition = try EigenDecomposition(
            matrix.elements.map { $0 / Double(n - 1) }, order: width, arithmetic: arithmetic)
        return decomposition.values.map { max(0, $0) }
    }
}
