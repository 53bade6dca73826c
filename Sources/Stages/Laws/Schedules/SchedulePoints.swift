import Canon
import Experiment
import Numerics
import Workbench

/// The points of loss curves: those that are fitted, and those that are held out.
struct SchedulePoints {
    /// The number of the curve and the step of each fitted point.
    private(set) var x: [[Double]] = [[], []]
    private(set) var y: [Double] = []
    /// The same of what is held out.
    private(set) var heldOutX: [[Double]] = [[], []]
    private(set) var heldOutY: [Double] = []

    /// Reads points.
    ///
    /// - Throws: ``FormatError`` naming the row that does not fit.
    init(_ table: Table, _ schedules: ScheduleTable, _ parameters: Parameters) throws {
        let filter = try SchedulePoints.expression("where", parameters)
        let heldOut = try SchedulePoints.expression("hold_out", parameters)
        let name = parameters.text("y")
        let curves = try table.points(of: parameters.text("curve"))
        let steps = try table.points(of: parameters.text("step"))
        let values = try table.points(of: name)
        for row in table.rows.indices {
            let place = table.place(ofRow: row)
            if let filter, try !SchedulePoints.holds(filter, "where", table, row) { continue }
            let at = try schedules.place(curves[row], steps[row], place)
            guard let value = NumberDomain.positive.number(values[row]) else {
                throw FormatError(
                    "\(place): expected a positive number as `\(name)`, found "
                        + "\(visible(values[row].canonicalText, most: 60)); leave such rows out with `where`"
                )
            }
            if let heldOut, try SchedulePoints.holds(heldOut, "hold_out", table, row) {
                heldOutX[0].append(Double(at.curve))
                heldOutX[1].append(Double(at.step))
                heldOutY.append(value)
            } else {
                x[0].append(Double(at.curve))
                x[1].append(Double(at.step))
                y.append(value)
            }
        }
        guard !y.isEmpty else {
            throw FormatError("expected a point to fit, found none in \(table.rows.count) rows")
        }
    }

    private static func expression(
        _ name: String, _ parameters: Parameters
    ) throws -> Expression? {
        let text = parameters.text(name)
        if text.isEmpty { return nil }
        do { return try Expression.parse(text) } catch { throw FormatError("\(name): \(error)") }
    }

    private static func holds(
        _ expression: Expression, _ name: String, _ table: Table, _ row: Int
    ) throws -> Bool {
        let place = table.place(ofRow: row)
        do {
            let answer = try expression.value(table.names(ofRow: row))
            if let holds = answer.bool { return holds }
            throw FormatError(
                "\(place): \(name): expected true or false, found \(answer.canonicalText)")
        } catch let error as ExpressionError {
            throw FormatError("\(place): \(name): \(error)")
        }
    }
}
