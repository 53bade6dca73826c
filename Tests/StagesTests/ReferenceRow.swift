import Canon
import Workbench

/// A row of a table of reference numbers in `../shared/reference`.
struct ReferenceRow: CustomStringConvertible {
    let id: String
    /// `n=5;T=20` as numbers.
    let parameters: [String: Double]
    /// The numbers of the column `value`, which stand apart by `;`.
    let values: [Double]
    let tolerance: String

    var description: String {
        "\(id) \(parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })"
    }

    /// A parameter; NaN where the row has none of that name.
    func number(_ name: String) -> Double { parameters[name] ?? .nan }

    /// The rows of a file; none, with a line that says so, where this checkout has none.
    static func all(_ name: String) throws -> [ReferenceRow] {
        guard let bytes = try sharedFile("reference/\(name)") else { return [] }
        return try Table(csv: bytes).rows.map { cells in
            let text = cells.map { $0.text ?? $0.canonicalText }
            let pairs = text[2].split(separator: ";").map { $0.split(separator: "=") }
            return ReferenceRow(
                id: text[0],
                parameters: Dictionary(
                    uniqueKeysWithValues: pairs.map { (String($0[0]), Double($0[1]) ?? .nan) }),
                values: text[3].split(separator: ";").map { Double($0) ?? .nan },
                tolerance: text[4])
        }
    }
}
