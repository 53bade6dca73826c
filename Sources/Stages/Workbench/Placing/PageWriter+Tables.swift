import Canon
import Experiment

/// `{table: errors; columns: samples, loss | 3 digits; sort: -loss; limit: 10}` and, of values over axes,
/// `{table: median(errors.loss, replicate) | 3 digits; across: samples}`.
extension PageWriter {
    /// Places a table of records or of values.
    mutating func table(_ placing: Placing) throws {
        let (source, format) = try TableColumn.formatted(placing.value)
        let series = try self.series(source)
        guard !series.rows.isEmpty else {
            let why = series.absence.map { ": \($0)" } ?? ""
            return page.paragraph(
                "<em>\(Markup.setValue("This run has no values for this table\(why)."))</em>")
        }
        let isRecords = series.rows.contains { $0.value.members != nil }
        var table = PlacedTable()
        if isRecords || placing["columns"] != nil {
            try fill(&table, records: series, placing)
        } else {
            try fill(&table, values: series, format, placing["across"])
        }
        let words = try placing.names(among: table.header + (table.group.map { [$0.title] } ?? []))
        func word(_ own: String) -> String {
            words[own] ?? (series.axes.contains(own) ? FigureAxis.spelled(own) : own)
        }
        table.header = table.header.map(word)
        table.group = table.group.map { (word($0.title), $0.count) }
        if let sort = placing["sort"] { try table.sort(by: sort) }
        var limit = PlacedTable.usualLimit
        if let written = placing["limit"] {
            guard let number = Int(written.text), number > 0 else {
                throw ResultError(
                    "the limit is `\(written.text)`", at: written.offset,
                    ["expected: how many rows are shown at most, such as 20"])
            }
            limit = number
        }
        if let caption = placing["caption"] {
            do { page.add("<p class=\"caption\">\(try values(of: caption.text))</p>\n") } catch let
                error
                as ResultError
            { throw error.moved(by: caption.offset) }
        }
        show(table, limit)
    }

    private mutating func show(_ table: PlacedTable, _ limit: Int) {
        let rows = table.rows.prefix(limit).map { row in
            row.enumerated().map { place, cell in
                PageWriter.isDigest(cell.text)
                    ? "<code class=\"digest\">\(Markup.escape(cell.text))</code>"
                    : place == 0 && cell.sources.isEmpty
                        ? Markup.setValue(cell.text) : number(cell.text, from: cell.sources)
            }
        }
        page.table(
            table.header.map { Markup.setValue(GroupedDigits.grouped($0)) }, rows,
            group: table.group.map { (Markup.set($0.title), $0.count) })
        let rest = table.rows.count - limit
        if rest > 0 { page.paragraph("<em>… and \(counted(rest, "row")) more.</em>") }
    }

    /// Whether a cell is a SHA-256, which no line of a table has room for.
    private static func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64 && text.allSatisfy { $0.isHexDigit }
    }

    private func series(_ part: Placing.Part) throws -> Series {
        do {
            return try ResultExpression(part.text, about: results).value(in: results)
        } catch let error as ResultError { throw error.moved(by: part.offset) }
    }

    // MARK: Values over axes

    private func fill(
        _ table: inout PlacedTable, values series: Series, _ format: ResultFormat,
        _ across: Placing.Part?
    ) throws(ResultError) {
        if let across, !series.axes.contains(across.text) {
            throw ResultError(
                "the values do not vary over `\(across.text)`", at: across.offset,
                ["expected: \(ForeignTable.names(series.axes))"]
                    + nearest(across.text, among: series.axes))
        }
        let axes = series.axes.filter { $0 != across?.text }
        // A row of its own says what it holds, as a column does.
        let lead = axes.isEmpty && across != nil ? [PlacedTable.Cell(text: "value")] : []
        let columns = across.map { PageWriter.labels(series, $0.text) } ?? [.null]
        var places: [[JSON]: Int] = [:]
        for row in series.rows {
            let key = axes.map { row.labels[$0] ?? .null }
            let place = places[key] ?? table.rows.count
            if place == table.rows.count {
                places[key] = place
                table.rows.append(
                    lead + key.map { .init(text: PageWriter.text(of: $0), value: $0) }
                        + columns.map { _ in .init() })
            }
            let column = across.map { row.labels[$0.text] ?? .null } ?? .null
            guard let offset = columns.firstIndex(of: column) else { continue }
            table.rows[place][lead.count + axes.count + offset] = .init(
                text: format.text(row), value: row.value, sources: row.sources.sorted())
        }
        table.header = lead.map { _ in "" } + axes
        if let across {
            table.header += columns.map(PageWriter.text)
            table.group = (across.text, columns.count)
        } else {
            table.header.append("value")
        }
    }

    /// The points of an axis: numbers in their order, names as they were met.
    private static func labels(_ series: Series, _ axis: String) -> [JSON] {
        var seen: Set<JSON> = []
        let all = series.rows.compactMap { $0.labels[axis] }.filter { seen.insert($0).inserted }
        guard all.allSatisfy({ $0.double != nil }) else { return all }
        return all.sorted { ($0.double ?? 0) < ($1.double ?? 0) }
    }

    // MARK: Records

    private func fill(_ table: inout PlacedTable, records: Series, _ placing: Placing) throws {
        var columns: [TableColumn] = []
        if let written = placing.options.first(where: { $0.name.text == "columns" })?.value {
            for part in Placing.split(Array(written.text), at: written.offset, ",") {
                columns.append(try TableColumn(part))
            }
        } else {
            columns = usualColumns(records).map { TableColumn($0) }
        }
        table.header = columns.map { $0.title }
        table.rows = records.rows.map { _ in [] }
        for column in columns {
            let cells = try cells(column, of: records)
            for (place, cell) in cells.enumerated() { table.rows[place].append(cell) }
        }
    }

    /// The axes that tell records apart, then their members, as their table orders them.
    private func usualColumns(_ series: Series) -> [String] {
        let axes = series.axes.filter { $0 != "row" && PageWriter.labels(series, $0).count > 1 }
        // Tables of one stage may differ in their columns; each column stands where it is first met.
        var known: Set<String> = []
        let tables = series.sources.compactMap { results.tableColumns($0) }
        let ordered = tables.joined().filter { known.insert($0).inserted }
        var names: Set<String> = []
        for row in series.rows { names.formUnion(row.value.members?.keys ?? [:].keys) }
        return axes + (tables.isEmpty ? JSON.sorted(names) : ordered)
    }

    private func cells(_ column: TableColumn, of records: Series) throws -> [PlacedTable.Cell] {
        let name = column.source.text
        let own = records.rows.map { row in PageWriter.member(name, of: row) }
        if own.contains(where: { $0 != nil }) {
            return zip(own, records.rows).map { value, row in
                guard var value else { return .init() }
                let interval = Series.interval(of: value)
                value = value["value"] ?? value
                let shown = Series.Row(
                    labels: [:], value: value, sources: row.sources, interval: interval)
                let isAxis = row.labels[name] != nil
                return .init(
                    text: isAxis ? PageWriter.text(of: value) : column.format.text(shown),
                    value: value, sources: isAxis ? [] : row.sources.sorted())
            }
        }
        let series = try self.series(column.source)
        let common = records.axes.filter(series.axes.contains)
        var found: [[JSON]: Series.Row] = [:]
        for row in series.rows {
            let key = common.map { row.labels[$0] ?? .null }
            guard found.updateValue(row, forKey: key) == nil else {
                throw ResultError(
                    "`\(name)` has more than one value for a row", at: column.source.offset,
                    [
                        "it varies over \(series.axes.joined(separator: ", ")), the rows over "
                            + "\(records.axes.joined(separator: ", ")); take it together by median(…)"
                    ])
            }
        }
        return records.rows.map { row in
            guard let value = found[common.map { row.labels[$0] ?? .null }] else { return .init() }
            return .init(
                text: column.format.text(value), value: value.value, sources: value.sources.sorted()
            )
        }
    }

    /// What a record, or the place where it stands, has under a name.
    private static func member(_ name: String, of row: Series.Row) -> JSON? {
        if let whole = row.value[name] ?? row.value["parameters"]?[name] ?? row.labels[name] {
            return whole
        }
        var value = row.value
        let path = name.split(separator: ".").map(String.init)
        guard path.count > 1 else { return nil }
        if let label = row.labels[path[0]], value[path[0]] == nil { value = [path[0]: label] }
        for step in path {
            guard let next = value[step] else { return nil }
            value = next
        }
        return value
    }
}
