import Canon
import Experiment
import Numerics
import Workbench

/// A fitted step of a chain.
struct ChainStep {
    let text: ChainStepText
    let request: LawRequest
    let data: LawData
    let law: FittedLaw
    /// The points in the units of the fit.
    let points: ScaledPoints

    /// Fits a step to the rows of a table, none of which is a target.
    ///
    /// - Throws: ``FormatError`` naming the step.
    init(_ text: ChainStepText, _ table: Table) throws {
        self.text = text
        do {
            var request = try LawRequest(text.parameters, table)
            data = try request.data(table)
            law = try request.fit(data)
            self.request = request
        } catch let error as FormatError {
            throw FormatError("steps: \(text.name): \(error)")
        }
        points = ScaledPoints(x: data.x, y: data.y, scale: law.scale)
    }

    /// The law for other weights of the points; `nil` where there is none.
    func refitted(_ weights: [Double]) -> [Double]? {
        guard let theta = request.fitter.refit(law, points: points, weights: weights) else {
            return nil
        }
        let natural = law.form.natural(theta, law.scale)
        return natural.allSatisfy { $0.isFinite } ? natural : nil
    }

    /// The inputs of the step at rows of a table; a column that an earlier step gives is taken from there.
    ///
    /// - Throws: ``FormatError`` naming the step and the cell.
    func inputs(
        _ table: Table, given: [String: [Double]]
    ) throws -> [[Double]] {
        let targets = request.formula?.withGroups(table) ?? table
        return try request.columns.map { name in
            if let values = given[name] { return values }
            do {
                return try targets.points(of: name).enumerated().map { row, cell in
                    if let number = cell.double { return number }
                    throw FormatError(
                        "\(targets.place(ofRow: row)): expected a number as `\(name)`, found "
                            + visible(cell.canonicalText, most: 60))
                }
            } catch let error as FormatError {
                throw FormatError(
                    "steps: \(text.name): a target's \(error); or give the column in an earlier step "
                        + "with `as: \(name)`")
            }
        }
    }
}
