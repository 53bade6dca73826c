/// A statement, how it was tested, and what came out.
struct Claim {
    let statement: String
    let test: String
    let verdict: Verdict
    /// Markup.
    let evidence: String
}

extension Claim {
    /// How a claim came out.
    enum Verdict: String {
        case held, failed, told

        /// Nothing to judge it by is `told`.
        init(_ holds: Bool?) { self = holds.map { $0 ? .held : .failed } ?? .told }

        var text: String {
            switch self {
            case .held: "held"
            case .failed: "did not hold"
            case .told: "reported, not judged"
            }
        }

        /// Markup for a cell of a table.
        var badge: String { Claim.badge(rawValue, text) }
    }

    /// Markup of a verdict in other words than these: the class gives the colour.
    static func badge(_ className: String, _ text: String) -> String {
        "<span class=\"\(className)\"><span class=\"verdict\">\(text)</span></span>"
    }
}
