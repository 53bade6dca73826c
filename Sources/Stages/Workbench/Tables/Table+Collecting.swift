import Canon
public import Experiment
import System

/// Tables of what many actions gave.
extension Table {
    /// Joins outputs: their rows, with the producer's axes as columns.
    ///
    /// An output is whatever `table.import` reads: JSON of any shape, JSON lines, lines of fields, events.
    /// An axis whose value is a mapping becomes a column for each member, `axis.member`. A member that is an
    /// object stays one, whose members are found by their path; lists are left out. An axis comes before a
    /// member of its name that is an object.
    /// How a file was read, where that is not plain, is told through `say`.
    /// - Throws: ``FormatError`` naming the producer whose output is none of these, or gives a column of an
    ///   axis another value.
    public init(collecting inputs: [StageInput], say: (String) -> Void = { _ in }) throws {
        var names: [String] = []
        var known: Set<String> = []
        var maps: [[String: JSON]] = []
        var origins: [RowOrigin] = []
        func note(_ name: String) {
            if known.insert(name).inserted { names.append(name) }
        }
        for input in inputs {
            let axes = Table.axes(of: input)
            for (name, _) in axes { note(name) }
            let map = Dictionary(axes) { first, _ in first }
            let file = try ForeignTable(input)
            for remark in file.remarks { say("\(input.producer): \(remark)") }
            let table = try file.whole(from: input.producer)
            for (index, values) in table.rows.enumerated() {
                var row = map
                for (name, value) in zip(table.columns, values) {
                    if map[name] != nil && (value.members != nil || value == .null) { continue }
                    guard map[name] == nil || map[name] == value else {
                        throw FormatError(
                            "\(input.producer): `\(name)` is an axis with the value "
                                + "\(map[name]?.canonicalText ?? "") and a column with the value "
                                + "\(value.canonicalText); rename one")
                    }
                    row[name] = value
                    note(name)
                }
                maps.append(row)
                origins.append(
                    RowOrigin(producer: input.producer, part: table.part(ofRow: index)))
            }
        }
        self.init(
            columns: names, rows: maps.map { map in names.map { map[$0] ?? .null } },
            origins: origins)
    }

    /// The axes of a producer as columns.
    private static func axes(of input: StageInput) -> [(String, JSON)] {
        input.coordinates.flatMap { coordinate -> [(String, JSON)] in
            guard let members = coordinate.value.members else {
                return [(coordinate.axis, coordinate.value)]
            }
            return JSON.sorted(members.keys).map {
                ("\(coordinate.axis).\($0)", members[$0] ?? .null)
            }
        }
    }
}

extension StageContext {
    /// The points of all inputs of a port, joined; the log says how their files were read.
    ///
    /// - Throws: ``FormatError`` naming the file that is no table.
    ///
    /// ```swift
    /// let table = try context.points(of: "walks")
    /// let steps = table[column: "steps"]  // an axis of the walks, as a column
    /// ```
    public func points(of port: String) throws -> Table {
        try Table(collecting: inputs(port)) { log("read: \($0)") }
    }
}
