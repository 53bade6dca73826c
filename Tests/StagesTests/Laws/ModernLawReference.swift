import Canon
import Testing
import Workbench

/// The rows of the reference numbers, `../shared/reference/modern-laws.csv`.
struct ModernLawReference {
    /// The name of the number, such as alpha.
    let parameter: String
    let value, tolerance: Double

    /// The numbers whose id is this one and their own name; none, with a line that says so, where the
    /// file is absent.
    static func rows(_ id: String) throws -> [ModernLawReference] {
        guard let bytes = try sharedFile("reference/modern-laws.csv") else { return [] }
        return try Table(csv: bytes).rows.filter { row in
            guard let name = row[0].text, let parameter = row[4].text else { return false }
            let last = parameter.split(separator: " ").first.map(String.init) ?? ""
            return name == "\(id)-\(parameter)" || name == "\(id)-\(last)" || name == id
        }.compactMap { row in
            guard let value = row[5].double, let tolerance = row[6].double else { return nil }
            return ModernLawReference(
                parameter: row[4].text ?? "", value: value, tolerance: tolerance)
        }
    }

    /// Whether a number is the reference's, within its tolerance.
    func holds(_ found: Double?) -> Bool {
        guard let found else { return false }
        return (found - value).magnitude <= tolerance
    }
}
