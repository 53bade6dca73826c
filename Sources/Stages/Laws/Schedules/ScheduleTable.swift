import Canon
import Experiment
import Numerics
import Workbench

/// Schedules by the names of their curves, read from a table with a row for each step.
struct ScheduleTable {
    /// The names, in the order of their first rows.
    let names: [String]
    /// The schedule of each name.
    let schedules: [RateSchedule]

    /// Reads a table whose rows of a curve are its steps 0, 1, 2, … in order.
    ///
    /// - Parameters:
    ///   - table: the rows.
    ///   - curve: the column of names.
    ///   - step: the column of steps.
    ///   - rate: the column of rates.
    ///   - first: the first step whose change of the rate counts.
    /// - Throws: ``FormatError`` naming the row that does not fit.
    init(_ table: Table, curve: String, step: String, rate: String, from first: Int) throws {
        let (curves, steps, rates) = (
            try table.points(of: curve), try table.points(of: step), try table.points(of: rate)
        )
        var names: [String] = []
        var places: [String: Int] = [:]
        var all: [[Double]] = []
        for row in table.rows.indices {
            let name = curves[row].text ?? curves[row].canonicalText
            let place = places[name] ?? all.count
            if place == all.count {
                places[name] = place
                names.append(name)
                all.append([])
            }
            guard steps[row].integer == all[place].count else {
                throw FormatError(
                    "\(table.place(ofRow: row)): expected step \(all[place].count) of \(name), found "
                        + "\(steps[row].canonicalText); a schedule has a row for each step, from 0")
            }
            guard let value = rates[row].double, value >= 0 else {
                throw FormatError(
                    "\(table.place(ofRow: row)): expected a rate of at least 0 as `\(rate)`, found "
                        + rates[row].canonicalText)
            }
            all[place].append(value)
        }
        self.names = names
        schedules = all.map { RateSchedule($0, from: first) }
    }

    /// The place of a curve and a step that a row of points names.
    ///
    /// - Throws: ``FormatError`` where the schedules lack it.
    func place(_ curve: JSON, _ step: JSON, _ row: String) throws -> (curve: Int, step: Int) {
        let name = curve.text ?? curve.canonicalText
        guard let place = names.firstIndex(of: name) else {
            throw FormatError(
                "\(row): no schedule `\(name)`; "
                    + notes(forUnknown: name, allowed: names).joined(separator: "; "))
        }
        guard let number = step.integer, schedules[place].rates.indices.contains(number),
            schedules[place].sums[number] > 0
        else {
            throw FormatError(
                "\(row): expected a step of \(name), whose rates have begun, below "
                    + "\(schedules[place].rates.count), found \(step.canonicalText)")
        }
        return (place, number)
    }
}
