/// How a claim came out.
public enum Verdict: String, Sendable {
    /// The statement holds.
    case held
    /// It does not hold.
    case failed
    /// Nothing judges it: it is reported.
    case told

    /// Nothing to judge it by is `told`.
    public init(_ holds: Bool?) { self = holds.map { $0 ? .held : .failed } ?? .told }

    /// In words.
    public var text: String {
        switch self {
        case .held: "held"
        case .failed: "did not hold"
        case .told: "reported, not judged"
        }
    }

    /// Markup for a cell of a table.
    public var badge: String {
        "<span class=\"\(rawValue)\"><span class=\"verdict\">\(text)</span></span>"
    }
}
