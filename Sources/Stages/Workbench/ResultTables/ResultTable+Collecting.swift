import Canon
import Experiment

extension ResultTable {
    /// One row an action of a stage: axes, values, its name and state, the seconds it took, and the digest of
    /// its first output.
    ///
    /// Where two outputs have a value of one name, the output's name stands before it.
    ///
    /// - Parameters:
    ///   - actions: the actions, in the order of the rows.
    ///   - showsParameters: whether parameters that differ between the actions are columns, too.
    /// - Complexity: linear in the bytes of what the actions gave.
    package init(_ actions: [ActionFacts], showsParameters: Bool = false) {
        var collector = Collector()
        for action in actions { collector.add(action) }
        if showsParameters { collector.addParameters(of: actions) }
        self = collector.table
    }

    /// Collects rows whose columns are not known beforehand.
    private struct Collector {
        private var places: [Role: [String: Int]] = [:]
        private var names: [Role: [String]] = [:]
        private var cells: [[Role: [String: JSON]]] = []
        private var leftOut: [String] = []
        private var unread: [String] = []

        mutating func add(_ action: ActionFacts) {
            var row: [Role: [String: JSON]] = [:]
            func put(_ name: String, _ value: JSON, _ role: Role) {
                row[role, default: [:]][name] = value
            }
            put("action", .string(action.name), .state)
            for (name, value) in action.axes { put(name, value, .axis) }
            var seen: Set<String> = Set(action.axes.map { $0.name })
            for output in action.outputs where OutputScalars.mayHold(output.name) {
                guard let scalars = try? OutputScalars(output) else {
                    unread.append("\(action.name)/\(output.output)")
                    continue
                }
                for (name, value) in scalars.values {
                    // A column that repeats its axis says nothing new.
                    if row[.axis]?[name] == value { continue }
                    let isNew = seen.insert(name).inserted
                    put(isNew ? name : "\(output.output).\(name)", value, .value)
                }
                for name in scalars.leftOut where !leftOut.contains(name) && leftOut.count < 1000 {
                    leftOut.append(name)
                }
            }
            put("state", .string(action.state), .state)
            put("seconds", action.seconds.map { .number($0) } ?? .null, .state)
            put("digest", action.outputs.first.map { .string($0.digest.hex) } ?? .null, .state)
            let order = action.axes.map { $0.name }
            note(order, .axis)
            note(JSON.sorted((row[.value] ?? [:]).keys), .value)
            note(["action", "state", "seconds", "digest"], .state)
            cells.append(row)
        }

        mutating func addParameters(of actions: [ActionFacts]) {
            let all = Set(actions.flatMap { $0.parameters.keys })
            let varying = JSON.sorted(all).filter { name in
                Set(actions.map { $0.parameters[name] ?? .null }).count > 1
            }
            note(varying, .parameter)
            for (place, action) in actions.enumerated() {
                for name in varying {
                    let value = action.parameters[name] ?? .null
                    cells[place][.parameter, default: [:]][name] =
                        value.isScalar ? value : .string(value.canonicalText)
                }
            }
        }

        private mutating func note(_ new: [String], _ role: Role) {
            for name in new where places[role]?[name] == nil {
                places[role, default: [:]][name] = names[role]?.count ?? 0
                names[role, default: []].append(name)
            }
        }

        var table: ResultTable {
            var columns: [Column] = []
            for role in [Role.axis, .parameter, .value, .state] {
                let taken = Set(columns.map { $0.name })
                for name in names[role] ?? [] {
                    columns.append(
                        Column(taken.contains(name) ? "\(role.rawValue).\(name)" : name, role))
                }
            }
            let order = [Role.axis, .parameter, .value, .state].flatMap { role in
                (names[role] ?? []).map { (role, $0) }
            }
            let rows = cells.map { row in order.map { row[$0.0]?[$0.1] ?? .null } }
            var remarks: [String] = []
            if !leftOut.isEmpty {
                remarks.append(
                    "lists and long texts are no cells: \(ForeignTable.names(leftOut.sorted()))")
            }
            if !unread.isEmpty {
                remarks.append("could not be read: \(ForeignTable.names(unread))")
            }
            return ResultTable(columns: columns, rows: rows, remarks: remarks)
        }
    }
}
