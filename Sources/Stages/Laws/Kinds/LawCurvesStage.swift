import Canon
package import Experiment
import Numerics
import Workbench

/// Fits forms to many learning curves and scores them where they were held out.
package enum LawCurvesStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.curves", version: 1,
        summary: """
            Fits a form to each curve of a table and scores the rows that were held out: who \
            extrapolates best.
            """,
        source: "protocol of Alabdulmohsin et al., arXiv 2209.06640, section 5",
        parameters: [
            Parameter("curve", .list(.text, count: 1...10), "The columns that name a curve."),
            Parameter("x", .text, "The column that grows."),
            Parameter("y", .text, "The column that falls."),
            Parameter(
                "train", .optional(.text), default: .null,
                """
                A column of 1 for rows to fit and 0 for rows to score; null to score x beyond half \
                of the largest.
                """),
            Parameter(
                "form", .choice(NamedForms.names), default: "power-law", "The form of the law."),
            Parameter("breaks", .integer(0...4), default: 1, "Breaks of the form `broken`."),
            Parameter(
                "method", .choice(["certified", "published"]), default: "certified",
                "Least squares of log y with a certificate, or for M1 to M4 the published objective."
            ),
            Parameter("starts", .integer(1...100), default: 6, "At most so many descents."),
        ],
        inputs: [
            InputPort(
                "points", "CSV tables, or JSON objects, arrays or lines of them",
                isCollection: true, takesSeveralStages: true)
        ],
        outputs: [
            OutputPort(
                "scores", fileName: "scores.csv",
                "A row for each curve: points, error beyond, its standard error, or the refusal.")
        ])

    /// Fits every curve.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let table = try Table(collecting: context.inputs("points"))
        let names = parameters.texts("curve")
        let curves = try LearningCurve.all(
            table, names: names, x: parameters.text("x"), y: parameters.text("y"),
            train: parameters.isNull("train") ? nil : parameters.text("train"))
        var scores = Table(
            columns: names + [
                "form", "method", "fitted", "scored", "rmse", "standard_error", "parameters",
                "refused",
            ])
        for (done, curve) in curves.enumerated() {
            var row: [JSON] = curve.name
            row += [parameters.value("form"), parameters.value("method")]
            row += [.number(Double(curve.x.count)), .number(Double(curve.heldOutX.count))]
            do {
                let (predict, text) = try fit(curve, parameters)
                let score = curve.score(predict(curve.heldOutX))
                row += [.finite(score.error), .finite(score.deviation), .string(text), .null]
            } catch { row += [.null, .null, .null, .string("\(error)")] }
            scores.append(row)
            context.progress(done + 1, of: curves.count)
        }
        try context.write("scores", scores.csv())
    }

    /// The law of one curve, and its parameters as text.
    private static func fit(
        _ curve: LearningCurve, _ parameters: Parameters
    ) throws -> (predict: ([Double]) -> [Double], text: String) {
        let name = parameters.text("form")
        guard let form = NamedForms.form(name, breaks: parameters.integer("breaks")) else {
            throw FormatError("no form `\(name)`")
        }
        let natural: [Double]
        let scale: LawScale
        if parameters.text("method") == "published" {
            let fitted: ExcessFit? =
                switch name {
                case "power-law": ExcessFit.powerLaw(curve.x, curve.y)
                case "power-law-with-floor": ExcessFit.powerLawWithFloor(curve.x, curve.y)
                case "m3": ExcessFit.shifted(curve.x, curve.y)
                case "m4": ExcessFit.bounded(curve.x, curve.y)
                default: throw FormatError("no published objective for \(name); expected M1 to M4")
                }
            guard let fitted else { throw FormatError("the published scheme has no answer") }
            var values = fitted.natural
            if name == "power-law-with-floor" && values.count == 2 { values.insert(0, at: 0) }
            natural = values
            scale = LawScale(inputs: [0], output: 0)
        } else {
            let law = try LawFitter(
                form, LawObjective(.squares, in: .log), starts: parameters.integer("starts")
            ).fit(x: [curve.x], y: curve.y)
            natural = law.natural
            scale = law.scale
        }
        let text = zip(form.parameters, natural).map {
            "\($0.name)=\(JSON.finite($1).canonicalText)"
        }
        return ({ form.predict(natural, [$0], scale) }, text.joined(separator: " "))
    }
}

/// A curve with its held-out end.
struct LearningCurve {
    let name: [JSON]
    var x: [Double] = []
    var y: [Double] = []
    var heldOutX: [Double] = []
    var heldOutY: [Double] = []

    /// The curves of a table in the order in which they first appear.
    ///
    /// Fitted rows are keyed by x, the last one wins, and sorted; as in the released code.
    static func all(
        _ table: Table, names: [String], x: String, y: String, train: String?
    ) throws -> [LearningCurve] {
        let keys = try names.map(table.points)
        let (xs, ys) = (try table.points(of: x), try table.points(of: y))
        let marks = try train.map(table.points)
        var order: [[JSON]] = []
        var rows: [[JSON]: [Int]] = [:]
        for row in xs.indices {
            let key = keys.map { $0[row] }
            if rows[key] == nil { order.append(key) }
            rows[key, default: []].append(row)
        }
        return try order.map { key in
            let mine = rows[key] ?? []
            let most = mine.compactMap { xs[$0].double }.max() ?? 0
            var curve = LearningCurve(name: key)
            var fitted: [Double: Double] = [:]
            for row in mine {
                guard let a = xs[row].double, let b = ys[row].double, a > 0, b > 0 else {
                    throw FormatError(
                        "point \(row + 1): expected positive numbers, found \(x) = "
                            + "\(xs[row].canonicalText) and \(y) = \(ys[row].canonicalText)")
                }
                let isFitted = marks.map { $0[row] == 1 || $0[row] == true } ?? (a <= most / 2)
                if isFitted {
                    fitted[a] = b
                } else {
                    curve.heldOutX.append(a)
                    curve.heldOutY.append(b)
                }
            }
            curve.x = fitted.keys.sorted()
            curve.y = curve.x.map { fitted[$0] ?? 1 }
            return curve
        }
    }

    /// Root mean square of log errors, and the published standard error of it.
    func score(_ predicted: [Double]) -> (error: Double, deviation: Double) {
        let squares = zip(predicted, heldOutY).map {
            let r = Elementary.log($0) - Elementary.log($1)
            return r * r
        }
        let n = Double(max(1, squares.count))
        let mean = squares.reduce(0, +) / n
        let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        let error = mean.squareRoot()
        return (error, (mean + variance.squareRoot() / n.squareRoot()).squareRoot() - error)
    }
}
