package import Canon

extension ResultTable {
    /// One row an action with facts about it: its axes, or its name where its stage has none, then the facts.
    ///
    /// No output is read. Texts of axes are shown so that nothing in them breaks a line.
    ///
    /// - Parameters:
    ///   - actions: the actions of one stage.
    ///   - facts: what stands behind the axes: a name and a value for each action.
    package init(listing actions: [ActionFacts], _ facts: [(name: String, values: [JSON])]) {
        var places: [String: Int] = [:]
        var columns: [Column] = []
        for action in actions {
            for (name, _) in action.axes where places[name] == nil {
                places[name] = columns.count
                columns.append(Column(name, .axis))
            }
        }
        if columns.isEmpty { columns = [Column("action", .state)] }
        let rows = actions.enumerated().map { place, action -> [JSON] in
            var row = [JSON](repeating: .null, count: columns.count)
            for (name, value) in action.axes {
                row[places[name] ?? 0] = value.text.map { .string(visible($0, most: 60)) } ?? value
            }
            if places.isEmpty { row[0] = .string(action.name) }
            return row + facts.map { $0.values[place] }
        }
        self.init(columns: columns + facts.map { Column($0.name, .state) }, rows: rows)
    }
}
