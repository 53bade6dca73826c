import Canon
import Numerics
import Workbench

/// A stretch of a schedule: from one rate to another, in one of four shapes.
struct SchedulePhase {
    /// How the rate goes from the one end to the other.
    enum Shape: String, CaseIterable {
        case constant, linear, cosine, exponential
    }

    let shape: Shape
    /// The first step and the one after the last.
    let start, end: Int
    /// The rates at the ends.
    let from, to: Double
    /// Whether the last step has `to` itself; else the step after it would.
    let reachesEnd: Bool

    /// Reads the phases of a curve.
    ///
    /// - Throws: ``FormatError`` naming the phase.
    static func phases(_ json: JSON, curve: String) throws -> [SchedulePhase] {
        guard let list = json.elements, !list.isEmpty else {
            throw FormatError(
                "curves: \(curve): expected a list of phases such as {until: 1000, shape: linear, to: "
                    + "3e-4}, found \(visible(json.canonicalText, most: 60))")
        }
        var phases: [SchedulePhase] = []
        for (place, phase) in list.enumerated() {
            phases.append(
                try SchedulePhase(
                    phase, after: phases.last, "curves: \(curve): phase \(place + 1)"))
        }
        return phases
    }

    private init(_ json: JSON, after last: SchedulePhase?, _ name: String) throws {
        let known = ["until", "shape", "from", "to", "reaches_end"]
        guard let members = json.members else {
            throw FormatError("\(name): expected a mapping, found \(json.canonicalText)")
        }
        for key in JSON.sorted(members.keys) where !known.contains(key) {
            throw FormatError(
                "\(name): unknown member `\(key)`; "
                    + notes(forUnknown: key, allowed: known).joined(separator: "; "))
        }
        func rate(_ key: String, _ fallback: Double?) throws -> Double {
            let number = members[key].map { $0.double } ?? fallback
            guard let number, number >= 0 else {
                throw FormatError(
                    "\(name): \(key): expected a rate of at least 0, found "
                        + (members[key]?.canonicalText ?? "none"))
            }
            return number
        }
        let shapes = Shape.allCases.map { $0.rawValue }.joined(separator: ", ")
        guard let shape = Shape(rawValue: members["shape"]?.text ?? "constant") else {
            throw FormatError(
                "\(name): shape: expected \(shapes), found "
                    + (members["shape"]?.canonicalText ?? "none"))
        }
        self.shape = shape
        start = last?.end ?? 0
        guard let end = members["until"]?.integer, end > start, end <= 100_000_000 else {
            throw FormatError(
                "\(name): until: expected a step beyond \(start), the first that is no longer of the "
                    + "phase, found \(members["until"]?.canonicalText ?? "none")")
        }
        self.end = end
        from = try rate("from", last?.to)
        to = try rate("to", shape == .constant ? from : nil)
        reachesEnd = members["reaches_end"]?.bool ?? false
        guard shape != .exponential || from > 0 && to > 0 else {
            throw FormatError("\(name): expected rates above 0 of an exponential, found 0")
        }
    }

    /// The rate at each of its steps.
    var rates: [Double] {
        let length = Double(end - start - (reachesEnd ? 1 : 0))
        return (start..<end).map { step in
            let u = length > 0 ? Double(step - start) / length : 1
            switch shape {
            case .constant: return to
            case .linear: return from + (to - from) * u
            case .cosine:
                // (1 + cos πu)/2 = 1 − sin²(πu/2).
                let sine = Elementary.sin(0.5 * Double.pi * u)
                return from + (to - from) * sine * sine
            case .exponential:
                return Elementary.exp((1 - u) * Elementary.log(from) + u * Elementary.log(to))
            }
        }
    }
}
