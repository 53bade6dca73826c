/// How a claim came out.
package enum Verdict: String {
    case held, failed, told

    /// Nothing to judge it by is `told`.
    package init(_ holds: Bool?) { self = holds.map { $0 ? .held : .failed } ?? .told }

    /// In words.
    package var text: String {
        switch self {
        case .held: "held"
        case .failed: "did not hold"
        case .told: "reported, not judged"
        }
    }

    /// Markup for a cell of a table.
    package var badge: String {
        "<span class=\"\(rawValue)\"><span class=\"verdict\">\(text)</span></span>"
    }
}
