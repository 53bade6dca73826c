import Canon
package import Experiment

/// The parameters and ports that report kinds share: one wording, one place.
package enum ReportPorts {
    /// The page's title.
    package static let title = Parameter("title", .text, "The page's title.")
    /// Paragraphs in front of the rest.
    package static let text = Parameter(
        "text", .list(.text, count: 0...100), default: [], "The page's paragraphs.")
    /// Pictures of other stages, shown as they are.
    package static let plots = InputPort(
        "plots", "SVG pictures", isOptional: true, isCollection: true, takesSeveralStages: true)
    /// The page itself.
    package static let page = OutputPort(
        "report", fileName: "report.html", role: .page, "The page: no network, no script.")
    /// The claims for programs, as ``CheckedClaim`` writes them.
    package static let claims = OutputPort(
        "claims", fileName: "claims.json", "Each claim: expected, measured, verdict.")
}
