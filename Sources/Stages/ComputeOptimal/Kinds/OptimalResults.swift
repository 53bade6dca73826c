import Canon
import Experiment
import Numerics
import System
import Workbench

/// What a report on compute-optimal scaling reads.
struct OptimalResults {
    /// A setting (d, K, gain): its surface and its points.
    struct Setting {
        let input: StageInput
        let surface: JSON
        let pointsInput: StageInput?
        let points: Table

        var d: Double { surface["d"]?.double ?? 0 }
        var k: Double { surface["K"]?.double ?? 0 }
        var gain: Double { surface["gain"]?.double ?? 1 }
        var name: String {
            let given = surface["name"]?.text ?? ""
            return given.isEmpty
                ? "d = \(Markup.significant(d, 2)), K = \(Markup.significant(k, 2))" : given
        }

        /// A column of the point at a width and number of examples.
        func at(_ n: Double, _ t: Double, _ column: String) -> Double? {
            points.filtered(["n": .number(n), "T": .number(t)])[column: column]?.first?.double
        }

        /// A column's numbers.
        func numbers(_ column: String) -> [Double] {
            points[column: column]?.map { $0.double ?? .nan } ?? []
        }

        var inputs: [StageInput] { [input] + (pointsInput.map { [$0] } ?? []) }

        /// Numbers at one of the surface's computes.
        func optimum(_ compute: Double) -> JSON? {
            surface["optima"]?.elements?.first {
                (($0["C"]?.double ?? 0) / compute - 1).magnitude < 1e-9
            }
        }

        /// The error of a width at any number of examples, linear in logarithms between those trained.
        func error(width: Double, samples: Double) -> Double? {
            let rows = zip(numbers("n"), zip(numbers("T"), numbers("error"))).filter {
                $0.0 == width
            }
            .map { $0.1 }.sorted { $0.0 < $1.0 }
            for (left, right) in zip(rows, rows.dropFirst())
            where samples >= left.0 * (1 - 1e-12) && samples <= right.0 * (1 + 1e-12) {
                let t =
                    (Elementary.log(samples) - Elementary.log(left.0))
                    / (Elementary.log(right.0) - Elementary.log(left.0))
                return Elementary.exp(
                    (1 - t) * Elementary.log(left.1) + t * Elementary.log(right.1))
            }
            return nil
        }
    }

    let bound: (input: StageInput, table: Table)?
    let facts: [(input: StageInput, json: JSON)]
    let settings: [Setting]

    init(_ context: StageContext) throws {
        bound = try context.inputs("bound").first.map { ($0, try Table(csv: $0.bytes())) }
        facts = try context.inputs("facts").map { ($0, try JSON(parsing: $0.bytes())) }
        let tables = try context.inputs("points").map { ($0, try Table(csv: $0.bytes())) }
        settings = try context.inputs("surfaces").map { input in
            let own = tables.first { $0.0.coordinates == input.coordinates }
            return Setting(
                input: input, surface: try JSON(parsing: input.bytes()), pointsInput: own?.0,
                points: own?.1 ?? Table(columns: []))
        }
    }

    /// The setting of a dimension and complexity, gain 1.
    func setting(_ d: Double, _ k: Double) -> Setting? {
        settings.first { $0.d == d && $0.k == k && $0.gain == 1 }
    }

    /// A column of the bound's optimum.
    func bound(_ variant: String, _ d: Double, _ k: Double, _ compute: Double, _ column: String)
        -> Double?
    {
        guard let table = bound?.table, let place = table.columns.firstIndex(of: column) else {
            return nil
        }
        let found = table.rows.first { row in
            row[0].text == variant && row[1].double == d && row[2].double == k
                && ((row[3].double ?? 0) / compute - 1).magnitude < 1e-9
        }
        return found?[place].double
    }
}
