import Canon
import Experiment
import Numerics

extension ResultTable {
    /// Only the rows for which a condition over columns holds; one that lacks a value of it is left out.
    ///
    /// - Throws: ``ResultTableError`` for a condition that cannot be read, or names no column.
    package func filtered(_ condition: String) throws(ResultTableError) -> ResultTable {
        let expression: Expression
        do {
            expression = try Expression.parse(condition)
        } catch {
            throw ResultTableError("--where '\(condition)': \(error)")
        }
        let table = Table(columns: columns.map { $0.name }, rows: rows)
        var kept: [[JSON]] = []
        var missing = 0
        var isTruth = true
        for (place, row) in rows.enumerated() {
            do throws(ExpressionError) {
                let value = try expression.value(table.names(ofRow: place))
                guard value.bool != nil else { isTruth = false; break }
                if value == true { kept.append(row) }
            } catch {
                if let name = error.unknownName {
                    throw ResultTableError(
                        "--where '\(condition)': "
                            + ResultTableError.noColumn(name, in: self).description)
                }
                guard error.isMissingValue else {
                    throw ResultTableError("--where '\(condition)': \(error)")
                }
                missing += 1
            }
        }
        guard isTruth else {
            throw ResultTableError(
                "--where '\(condition)': expected a condition, such as loss < 0.1")
        }
        return with(
            kept,
            missing > 0
                ? ["\(missing) of \(rows.count) rows lack a value of '\(condition)'"] : [])
    }

    /// The rows in the order of some columns; `-NAME` begins with the largest.
    ///
    /// Numbers come before texts, and what has no value comes last; equal rows keep their order.
    /// - Throws: ``ResultTableError`` for a column that is not there.
    package func sorted(by keys: [String]) throws(ResultTableError) -> ResultTable {
        var orders: [(place: Int, isFalling: Bool)] = []
        for key in keys {
            let isFalling = key.hasPrefix("-") && place(of: key) == nil
            let name = isFalling ? String(key.dropFirst()) : key
            orders.append((try found(name), isFalling))
        }
        let order = rows.enumerated().sorted { left, right in
            for (place, isFalling) in orders {
                let (a, b) = (left.element[place], right.element[place])
                if a == b { continue }
                if a == .null || b == .null { return b == .null }
                return ResultTable.isLess(a, b) != isFalling
            }
            return left.offset < right.offset
        }
        return with(order.map { $0.element })
    }

    private static func isLess(_ a: JSON, _ b: JSON) -> Bool {
        switch (a.double, b.double) {
        case (let x?, let y?): x < y
        case (.some, nil): true
        case (nil, .some): false
        case (nil, nil): (a.text ?? a.canonicalText) < (b.text ?? b.canonicalText)
        }
    }

    /// The columns of some names, in the order asked for; `*` in a name stands for anything.
    ///
    /// - Throws: ``ResultTableError`` for a name that no column has.
    package func selecting(_ names: [String]) throws(ResultTableError) -> ResultTable {
        var places: [Int] = []
        for name in names {
            var found = columns.indices.filter {
                ResultTable.matches(columns[$0].name[...], name[...])
            }
            // A law's parameter by its name alone.
            if found.isEmpty { found = place(of: "parameters.\(name).value").map { [$0] } ?? [] }
            if found.isEmpty { throw ResultTableError.noColumn(name, in: self) }
            places += found.filter { !places.contains($0) }
        }
        return keeping(places)
    }

    private static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            var rest = text
            while true {
                if matches(rest, pattern.dropFirst()) { return true }
                if rest.isEmpty { return false }
                rest = rest.dropFirst()
            }
        }
        return text.first == first && matches(text.dropFirst(), pattern.dropFirst())
    }

    private func found(_ name: String) throws(ResultTableError) -> Int {
        guard let place = place(of: name) else {
            throw ResultTableError.noColumn(name, in: self)
        }
        return place
    }

    // MARK: Groups

    /// One row for each point of the remaining axes: of each number the mean or the median, its standard
    /// deviation in a column `NAME.sd`, and how many rows there were in `rows`.
    ///
    /// - Throws: ``ResultTableError`` for an axis that is not there.
    package func averaged(over axes: [String], byMedian: Bool = false) throws(ResultTableError)
        -> ResultTable
    {
        var reduced: Set<Int> = []
        for axis in axes {
            let place = try found(axis)
            guard columns[place].role == .axis else {
                throw ResultTableError(
                    "`\(axis)` is no axis, but a \(columns[place].role.rawValue)")
            }
            reduced.insert(place)
            for (member, column) in columns.enumerated()
            where column.role == .axis && column.name.hasPrefix("\(axis).") {
                reduced.insert(member)
            }
        }
        let kept = columns.indices.filter { columns[$0].role == .axis && !reduced.contains($0) }
        let averaged = columns.indices.filter {
            columns[$0].role == .value && type(ofColumn: $0) == "number"
        }
        var groups: [[JSON]: [Int]] = [:]
        var order: [[JSON]] = []
        for (place, row) in rows.enumerated() {
            let key = kept.map { row[$0] }
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(place)
        }
        let made = order.map { key -> [JSON] in
            let members = groups[key] ?? []
            let numbers = averaged.flatMap { column in
                ResultTable.summary(
                    members.compactMap { rows[$0][column].double }, byMedian: byMedian)
            }
            return key + [.number(Double(members.count))] + numbers
        }
        let dropped = columns.indices.filter {
            columns[$0].role == .value && type(ofColumn: $0) != "number"
        }.map { columns[$0].name }
        return ResultTable(
            columns: kept.map { columns[$0] } + [Column("rows", .state)]
                + averaged.flatMap {
                    [
                        columns[$0],
                        Column("\(columns[$0].name).sd", .value, isDetail: columns[$0].isDetail),
                    ]
                },
            rows: made,
            remarks: remarks
                + (dropped.isEmpty
                    ? [] : ["texts have no mean: \(ForeignTable.names(dropped))"]))
    }

    private static func summary(_ values: [Double], byMedian: Bool) -> [JSON] {
        if values.isEmpty { return [.null, .null] }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let sd =
            values.count > 1
            ? JSON.number((squares / Double(values.count - 1)).squareRoot()) : .null
        return [.number(byMedian ? Quantiles.median(values) : mean), sd]
    }

    // MARK: Stages side by side

    /// The rows of two stages where the axes that both have agree.
    ///
    /// Before a name that both have stands the stage's.
    /// A row without a partner stays, and its other columns are empty.
    package func joined(
        _ other: ResultTable, _ stages: (own: String, other: String)
    ) -> ResultTable {
        let common = columns.indices.filter { place in
            columns[place].role == .axis
                && other.columns.contains { $0.role == .axis && $0.name == columns[place].name }
        }
        let theirs = common.compactMap { other.place(of: columns[$0].name) }
        let added = other.columns.indices.filter { !theirs.contains($0) }
        var partners: [[JSON]: [Int]] = [:]
        for (place, row) in other.rows.enumerated() {
            partners[theirs.map { row[$0] }, default: []].append(place)
        }
        var used: Set<Int> = []
        var made: [[JSON]] = []
        for row in rows {
            let found = partners[common.map { row[$0] }] ?? []
            used.formUnion(found)
            if found.isEmpty { made.append(row + added.map { _ in .null }) }
            for place in found { made.append(row + added.map { other.rows[place][$0] }) }
        }
        let lonely = other.rows.count - used.count
        let mine = Set(columns.map { $0.name })
        let clashing = Set(added.map { other.columns[$0].name }).intersection(mine)
        func named(_ column: Column, _ stage: String) -> Column {
            clashing.contains(column.name)
                ? Column("\(stage).\(column.name)", column.role, isDetail: column.isDetail)
                : column
        }
        let all =
            columns.map { named($0, stages.own) }
            + added.map { named(other.columns[$0], stages.other) }
        let order = [Role.axis, .parameter, .value, .state].flatMap { role in
            all.indices.filter { all[$0].role == role }
        }
        return ResultTable(
            columns: all, rows: made,
            remarks: remarks + other.remarks
                + (lonely > 0
                    ? ["\(lonely) rows of \(stages.other) agree with none of \(stages.own)"] : [])
        ).keeping(order)
    }
}

extension ResultTable {
    /// The rows of several runs below each other, with the run's name as the first axis.
    ///
    /// A column that only some runs have is empty for the others.
    package init(runs: [(name: String, table: ResultTable)]) {
        var columns: [Column] = []
        for (_, table) in runs {
            for column in table.columns where !columns.contains(column) { columns.append(column) }
        }
        let order = [Role.axis, .parameter, .value, .state].flatMap { role in
            columns.filter { $0.role == role }
        }
        let rows = runs.flatMap { name, table in
            let places = order.map { table.columns.firstIndex(of: $0) }
            return table.rows.map { row in
                [.string(name)] + places.map { $0.map { row[$0] } ?? .null }
            }
        }
        self.init(
            columns: [Column("run", .axis)] + order, rows: rows,
            remarks: runs.flatMap { name, table in table.remarks.map { "\(name): \($0)" } })
    }
}
