package import Canon

/// Columns whose values are objects, and the members of these; those of a list are called 0, 1, 2 and so on.
extension Table {
    /// The values of a member of a column's objects by its path; `nil` where no row has it.
    func nested(_ path: String) -> [JSON]? {
        for dot in path.indices where path[dot] == "." {
            guard let place = columns.firstIndex(of: String(path[..<dot])) else { continue }
            let rest = path[path.index(after: dot)...]
            let values = rows.map { Table.member(rest, of: $0[place]) }
            if values.contains(where: { $0 != nil }) { return values.map { $0 ?? .null } }
        }
        return nil
    }

    private static func member(_ path: Substring, of value: JSON) -> JSON? {
        if let elements = value.elements {
            let head = path.prefix { $0 != "." }
            guard let place = Int(head), elements.indices.contains(place) else { return nil }
            let rest = path.dropFirst(head.count)
            return rest.isEmpty ? elements[place] : member(rest.dropFirst(), of: elements[place])
        }
        guard let members = value.members else { return nil }
        if let found = members[String(path)] { return found }
        for dot in path.indices where path[dot] == "." {
            guard let inner = members[String(path[..<dot])] else { continue }
            if let found = member(path[path.index(after: dot)...], of: inner) { return found }
        }
        return nil
    }

    /// What a row has, for expressions: the axis column `model.width` is also the member `width` of `model`.
    package func names(ofRow row: Int) -> [String: JSON] {
        var names: [String: JSON] = [:]
        for (name, value) in zip(columns, rows[row]) { names[name] = value }
        for (name, value) in zip(columns, rows[row]) {
            guard let dot = name.firstIndex(of: ".") else { continue }
            let (axis, member) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
            guard names[axis] == nil || names[axis]?.members != nil else { continue }
            var members = names[axis]?.members ?? [:]
            members[member] = value
            names[axis] = .object(members)
        }
        return names
    }

    /// The columns, and the paths of what their objects have in the first row that has one; at most 1,000.
    package var paths: [String] {
        var paths: [String] = []
        for (place, name) in columns.enumerated() {
            let first = rows.lazy.map { $0[place] }.first { $0.members != nil }
            guard let first else {
                paths.append(name)
                continue
            }
            Table.append(first, at: name, to: &paths)
        }
        return paths
    }

    private static func append(_ value: JSON, at path: String, to paths: inout [String]) {
        guard paths.count < 1000 else { return }
        guard let members = value.members else {
            guard let elements = value.elements else { return paths.append(path) }
            for (place, element) in elements.prefix(16).enumerated() {
                append(element, at: "\(path).\(place)", to: &paths)
            }
            return
        }
        for name in JSON.sorted(members.keys) {
            append(members[name] ?? .null, at: "\(path).\(name)", to: &paths)
        }
    }

    /// What to say of a column that is not there: those that there are, and the one that may be meant.
    package func lacks(_ name: String) -> String {
        let paths = paths
        let isNumeric = paths.allSatisfy { NumberStyle.point.number($0) != nil } && !paths.isEmpty
        // `losses[0]`, as other languages write it, is the column `losses.0`.
        let dotted = name.replacing("[", with: ".").replacing("]", with: "")
        let meant =
            paths.first { $0 == dotted } ?? paths.first { $0.hasSuffix(".\(name)") }
            ?? nearestName(to: name, among: paths)
        return
            "no column `\(visible(name))` in the points; expected one of \(ForeignTable.names(paths))"
            + (meant.map { "\n  did you mean \"\(visible($0))\"?" } ?? "")
            + (isNumeric ? "\n  these are numbers: has the file no line of names?" : "")
    }
}
