import Canon
import Experiment
import Numerics
import System
import Workbench

/// The rows of many runs: what each recorded, with its axes and with what is known of its task.
struct FactorRuns {
    /// A row: axes (mappings whole), facts, the run's own columns, `stage`.
    typealias Row = [String: JSON]

    /// The rows of one run after another.
    private(set) var runs: [[Row]]

    /// Reads curves (CSV) or single results (flat JSON objects).
    ///
    /// A fact belongs to every run that agrees with it on the axes that both have; it never
    /// replaces a column of the run.
    init(_ inputs: [StageInput], facts: [StageInput] = []) throws {
        let known = try facts.map { input -> (at: [Coordinate], members: Row) in
            guard let members = (try? JSON(parsing: input.bytes()))?.members else {
                throw FormatError("\(input.producer): expected a JSON object of facts")
            }
            return (input.coordinates, members.filter { $0.value.double != nil })
        }
        runs = try inputs.flatMap { input in
            var names: Row = [:]
            let axes = Dictionary(
                input.coordinates.map { ($0.axis, $0.value) },
                uniquingKeysWith: { first, _ in first })
            for fact in known
            where fact.at.allSatisfy({ axes[$0.axis] == nil || axes[$0.axis] == $0.value }) {
                names.merge(fact.members) { first, _ in first }
            }
            let rows = try FactorRuns.records(input).map { record in
                var row = names.merging(record) { _, own in own }.merging(axes) { _, axis in axis }
                row["stage"] = .string(String(input.producer.prefix { $0 != "[" }))
                return row
            }
            return FactorRuns.parted(rows, axes: Set(axes.keys))
        }
    }

    /// Rows of one table that differ in a text, such as the name of an estimator, are curves of
    /// their own.
    private static func parted(_ rows: [Row], axes: Set<String>) -> [[Row]] {
        var places: [Row: Int] = [:]
        var parts: [[Row]] = []
        for row in rows {
            let texts = row.filter { $0.value.text != nil && !axes.contains($0.key) }
            if let place = places[texts] {
                parts[place].append(row)
            } else {
                places[texts] = parts.count
                parts.append([row])
            }
        }
        return parts
    }

    private static func records(_ input: StageInput) throws -> [Row] {
        let bytes = try input.bytes()
        if let members = (try? JSON(parsing: bytes))?.members {
            return [members.filter { $0.value.members == nil && $0.value.elements == nil }]
        }
        do {
            let table = try Table(csv: bytes)
            return table.rows.map { row in
                Dictionary(uniqueKeysWithValues: zip(table.columns, row))
                    .filter { $0.value != .null }
            }
        } catch {
            throw FormatError(
                "\(input.producer): expected a curve in CSV or a JSON object: \(error)")
        }
    }

    /// Adds columns, `name = expression`, in order, where a row lacks them; a row that lacks what an
    /// expression names goes without.
    ///
    /// So runs of several kinds fit one figure.
    mutating func derive(_ definitions: [String]) throws {
        for text in definitions {
            guard let equals = text.firstIndex(of: "=") else {
                throw FormatError("derive: expected `name = expression`, found `\(text)`")
            }
            let name = text[..<equals].filter { $0 != " " }
            let expression = try FactorRuns.parse(
                String(text[text.index(after: equals)...]), "derive: \(name)")
            for run in runs.indices {
                for row in runs[run].indices where runs[run][row][name] == nil {
                    if let value = try? expression.value(runs[run][row]) {
                        runs[run][row][name] = value
                    }
                }
            }
        }
    }

    /// Keeps the rows for which an expression holds.
    mutating func filter(_ text: String) throws {
        let expression = try FactorRuns.parse(text, "where")
        runs = try runs.map { run in
            try run.filter { row in
                do { return try expression.value(row).bool == true } catch {
                    throw FormatError("where: `\(text)`: \(error)")
                }
            }
        }
    }

    /// Keeps each run's last row.
    mutating func keepLast() { runs = runs.map { Array($0.suffix(1)) } }

    /// Replaces each run by its values where a column has these values: straight lines between
    /// recorded rows, in logarithms where both ends are positive.
    ///
    /// Beyond its ends a run has none.
    mutating func interpolate(_ column: String, at values: [Double]) {
        runs = runs.map { run in
            let rows = run.filter { $0[column]?.double != nil }.sorted {
                ($0[column]?.double ?? 0) < ($1[column]?.double ?? 0)
            }
            return values.compactMap { value in
                guard let upper = rows.firstIndex(where: { ($0[column]?.double ?? 0) >= value })
                else { return nil }
                if rows[upper][column]?.double == value { return rows[upper] }
                guard upper > 0 else { return nil }
                return FactorRuns.between(rows[upper - 1], rows[upper], column, value)
            }
        }
    }

    private static func between(_ a: Row, _ b: Row, _ column: String, _ value: Double) -> Row {
        func logarithm(_ x: Double) -> Double { Elementary.log(x) }
        let (low, high) = (a[column]?.double ?? 0, b[column]?.double ?? 0)
        let t =
            low > 0
            ? (logarithm(value) - logarithm(low)) / (logarithm(high) - logarithm(low))
            : (value - low) / (high - low)
        var row = a
        for (name, first) in a {
            guard let x = first.double, let y = b[name]?.double, x != y else { continue }
            row[name] = .number(
                x > 0 && y > 0
                    ? Elementary.exp(logarithm(x) + t * (logarithm(y) - logarithm(x)))
                    : x + t * (y - x))
        }
        row[column] = .number(value)
        return row
    }

    /// Reads an expression, with the parameter that it stands in for a mistake's message.
    static func parse(_ text: String, _ parameter: String) throws -> Expression {
        do { return try Expression.parse(text) } catch {
            throw FormatError("\(parameter): \(error)")
        }
    }
}
