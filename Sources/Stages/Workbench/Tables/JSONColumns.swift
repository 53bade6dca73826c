import Canon

/// A table that a JSON object holds by columns.
struct JSONColumns {
    let names: [String]
    let rows: [[JSON]]

    /// The columns of an object; `nil` where it is a row, or holds none.
    ///
    /// - Throws: ``FormatError`` where all its members are lists, but not of one length.
    init?(_ members: [String: JSON]) throws(FormatError) {
        if let names = members["columns"]?.elements?.compactMap({ $0.text }),
            let rows = members["data"]?.elements?.compactMap({ $0.elements }), !rows.isEmpty,
            rows.count == members["data"]?.elements?.count,
            rows.allSatisfy({ $0.count == names.count }), Set(names).count == names.count
        {
            self.names = names
            self.rows = rows
            return
        }
        if let lists = try JSONColumns.lists(members) ?? JSONColumns.numbered(members) {
            let names = JSON.sorted(lists.keys)
            self.names = names
            let count = lists.values.first?.count ?? 0
            rows = (0..<count).map { row in names.map { lists[$0]?[row] ?? .null } }
            return
        }
        return nil
    }

    /// Lists of one length, one for each column.
    private static func lists(_ members: [String: JSON]) throws(FormatError) -> [String: [JSON]]? {
        var lists: [String: [JSON]] = [:]
        for (name, value) in members {
            guard let elements = value.elements, elements.allSatisfy(isPlain) else { return nil }
            lists[name] = elements
        }
        let names = JSON.sorted(lists.keys)
        guard let first = names.first, let count = lists[first]?.count else { return nil }
        if let other = names.first(where: { lists[$0]?.count != count }) {
            throw FormatError(
                "expected lists of one length, a column each, found `\(visible(first))` with \(count) and "
                    + "`\(visible(other))` with \(lists[other]?.count ?? 0)")
        }
        return count == 0 ? nil : lists
    }

    /// Objects whose members are called 0, 1, 2 and so on, as pandas writes columns.
    private static func numbered(_ members: [String: JSON]) -> [String: [JSON]]? {
        var lists: [String: [JSON]] = [:]
        let count = members.values.first?.members?.count ?? 0
        guard count > 0 else { return nil }
        for (name, value) in members {
            guard let column = value.members, column.count == count else { return nil }
            var list: [JSON] = []
            for row in 0..<count {
                guard let value = column["\(row)"], isPlain(value) else { return nil }
                list.append(value)
            }
            lists[name] = list
        }
        return lists
    }

    private static func isPlain(_ value: JSON) -> Bool {
        value.elements == nil && value.members == nil
    }
}
