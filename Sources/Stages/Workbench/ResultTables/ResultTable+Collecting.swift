import Canon
import Experiment
import System

extension ResultTable {
    /// One row an action of a stage: axes, values, its name and state, the seconds it took, and the digest of
    /// its first output.
    ///
    /// Where two outputs have a value of one name, the output's name stands before it.
    ///
    /// - Parameters:
    ///   - actions: the actions, in the order of the rows.
    ///   - showsParameters: whether parameters that differ between the actions are columns, too.
    /// - Complexity: linear in the bytes of what the actions gave, which all processors read.
    package init(_ actions: [ActionFacts], showsParameters: Bool = false) {
        var collector = Collector()
        let readings = ResultTable.readings(of: actions)
        for (action, reading) in zip(actions, readings) { collector.add(action, reading) }
        if showsParameters { collector.addParameters(of: actions) }
        self = collector.table
    }

    /// The values of each action's outputs that may hold some; `nil` for one that cannot be read.
    private static func readings(of actions: [ActionFacts]) -> [[OutputReading]] {
        let read: @Sendable (ArraySlice<ActionFacts>) -> [[OutputReading]] = { part in
            part.map { action in
                action.outputs.filter { OutputScalars.mayHold($0.name) }.map { output in
                    OutputReading(output: output.output, scalars: try? OutputScalars(output))
                }
            }
        }
        return (try? actions.concurrentMap(read)) ?? read(actions[...])
    }

    private struct OutputReading: Sendable {
        let output: String
        let scalars: OutputScalars?
    }

    /// Columns of one role, found by their names.
    private struct ColumnNames {
        private(set) var names: [String] = []
        private var places: [String: Int] = [:]

        /// The place of a column, made where it is new; rows mostly have their columns in one order, so the
        /// one that is `expected` is looked at first.
        mutating func place(_ name: String, expected: Int) -> Int {
            if expected < names.count && names[expected] == name { return expected }
            if let place = places[name] { return place }
            places[name] = names.count
            names.append(name)
            return names.count - 1
        }
    }

    /// Collects rows whose columns are not known beforehand.
    private struct Collector {
        private var axes = ColumnNames()
        private var values = ColumnNames()
        private var varying: [String] = []
        private var rows: [(axes: [JSON], parameters: [JSON], values: [JSON], facts: [JSON])] = []
        private var leftOut: [String] = []
        private var unread: [String] = []
        /// Columns of laws that few ask for, and those that something else has too.
        private var (details, others): (Set<String>, Set<String>) = ([], [])

        private static let facts = ["action", "state", "seconds", "digest"]

        mutating func add(_ action: ActionFacts, _ readings: [OutputReading]) {
            let own = action.axes
            var seen: Set<String> = Set(own.map { $0.name })
            var found: [(name: String, value: JSON)] = []
            for reading in readings {
                guard let scalars = reading.scalars else {
                    unread.append("\(action.name)/\(reading.output)")
                    continue
                }
                for (name, value) in scalars.values {
                    let isNew = seen.insert(name).inserted
                    // A column that repeats its axis says nothing new.
                    if !isNew && own.contains(where: { $0.name == name && $0.value == value }) {
                        continue
                    }
                    let shown = isNew ? name : "\(reading.output).\(name)"
                    if scalars.details.contains(name) {
                        details.insert(shown)
                    } else {
                        others.insert(shown)
                    }
                    found.append((shown, value))
                }
                for name in scalars.leftOut where !leftOut.contains(name) && leftOut.count < 1000 {
                    leftOut.append(name)
                }
            }
            found.sort { JSON.isBefore($0.name, $1.name) }
            let facts: [JSON] = [
                .string(action.name), .string(action.state),
                action.seconds.map { .number($0) } ?? .null,
                action.outputs.first.map { .string($0.digest.hex) } ?? .null,
            ]
            rows.append(
                (Collector.cells(own, &axes), [], Collector.cells(found, &values), facts))
        }

        /// Values in the order of the columns of their role.
        private static func cells(
            _ row: [(name: String, value: JSON)], _ columns: inout ColumnNames
        )
            -> [JSON]
        {
            var cells: [JSON] = []
            cells.reserveCapacity(max(row.count, columns.names.count))
            for (name, value) in row {
                let place = columns.place(name, expected: cells.count)
                while cells.count <= place { cells.append(.null) }
                cells[place] = value
            }
            return cells
        }

        mutating func addParameters(of actions: [ActionFacts]) {
            let all = Set(actions.flatMap { $0.parameters.keys })
            varying = JSON.sorted(all).filter { name in
                Set(actions.map { $0.parameters[name] ?? .null }).count > 1
            }
            for (place, action) in actions.enumerated() {
                rows[place].parameters = varying.map { name in
                    let value = action.parameters[name] ?? .null
                    return value.isScalar ? value : .string(value.canonicalText)
                }
            }
        }

        var table: ResultTable {
            var columns: [Column] = []
            for (role, names) in [
                (Role.axis, axes.names), (.parameter, varying), (.value, values.names),
                (.state, Collector.facts),
            ] {
                let taken = Set(columns.map { $0.name })
                columns += names.map {
                    Column(
                        taken.contains($0) ? "\(role.rawValue).\($0)" : $0, role,
                        isDetail: role == .value && details.contains($0) && !others.contains($0))
                }
            }
            func padded(_ cells: [JSON], _ names: [String]) -> [JSON] {
                cells + Array(repeating: .null, count: names.count - cells.count)
            }
            let table = rows.map { row in
                padded(row.axes, axes.names) + padded(row.parameters, varying)
                    + padded(row.values, values.names) + row.facts
            }
            var remarks: [String] = []
            if !leftOut.isEmpty {
                remarks.append(
                    "lists and long texts are no cells: \(ForeignTable.names(leftOut.sorted()))")
            }
            if !unread.isEmpty {
                remarks.append("could not be read: \(ForeignTable.names(unread))")
            }
            return ResultTable(columns: columns, rows: table, remarks: remarks)
        }
    }
}
