import Canon
import Testing
import Workbench

/// The rows of the reference numbers, `../shared/reference/compute-optimal.csv`.
struct OptimalReference {
    let id, kind, tolerance: String
    let parameters: [String: String]
    /// One number, or several that a semicolon parts.
    let values: [Double]

    func number(_ name: String) -> Double { parameters[name].flatMap { Double($0) } ?? .nan }

    /// The tolerance's first number: relative unless `abs` or a sign says otherwise.
    var bound: Double {
        Double(tolerance.prefix { "0123456789.e-".contains($0) }) ?? .nan
    }

    /// Rows whose id starts so; none, with a line that says so, where the file is absent.
    static func rows(_ prefix: String) throws -> [OptimalReference] {
        guard let bytes = try sharedFile("reference/compute-optimal.csv") else { return [] }
        let table = try Table(csv: bytes)
        func text(_ cell: JSON) -> String { cell.text ?? (cell == .null ? "" : cell.canonicalText) }
        return table.rows.map { $0.map(text) }.filter { $0[0].hasPrefix(prefix) }.map { row in
            let parts = row[2].split(separator: ";").map {
                $0.split(separator: "=").map(String.init)
            }
            return OptimalReference(
                id: row[0], kind: row[5], tolerance: row[4],
                parameters: Dictionary(
                    parts.filter { $0.count == 2 }.map { ($0[0], $0[1]) }
                ) { first, _ in first },
                values: row[3].split(separator: ";").compactMap { Double($0) })
        }
    }
}
