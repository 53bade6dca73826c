import Numerics
import Workbench

/// Breaks of a broken law that lie outside of its points, so that only their beginning was seen.
struct UnseenBreaks {
    /// What a reader should know; empty where all breaks lie among the points.
    let warnings: [String]

    init(_ law: FittedLaw, _ data: LawData) {
        guard let broken = law.form as? BrokenPower, let least = data.x[0].min(),
            let most = data.x[0].max()
        else {
            warnings = []
            return
        }
        let outside = (0..<broken.breaks).compactMap { index -> String? in
            let name = "d\(index + 1)"
            guard let place = law.parameter(name), place > most || place < least else { return nil }
            return "\(name) = \(Markup.significant(place))"
        }
        let isOne = outside.count == 1
        let range = "\(Markup.significant(least)) to \(Markup.significant(most))"
        warnings =
            outside.isEmpty
            ? []
            : [
                "the \(isOne ? "break" : "breaks") \(outside.joined(separator: ", ")) "
                    + "\(isOne ? "lies" : "lie") outside of the points (\(range)): only "
                    + "\(isOne ? "its" : "their") beginning was seen, so what comes after is a guess"
            ]
    }
}
