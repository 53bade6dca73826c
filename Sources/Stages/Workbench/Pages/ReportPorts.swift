import Canon
package import Experiment

/// The parameters and ports that report kinds share: one wording, one place.
package enum ReportPorts {
    /// The page's title.
    package static let title = Parameter("title", .text, "The page's title.")
    /// The page itself.
    package static let page = OutputPort(
        "report", fileName: "report.html", role: .page, "The page: no network, no script.")
}
