import Canon
public import Experiment

/// The parameters and ports that report kinds share: one wording, one place.
///
/// ```swift
/// let kind = Kind(
///     name: "mylab.page", version: 1, summary: "A page of walks.", source: "our own choice",
///     parameters: [ReportPorts.title], outputs: [ReportPorts.page], namesProducers: true)
/// ```
public enum ReportPorts {
    /// The page's title.
    public static let title = Parameter("title", .text, "The page's title.")
    /// The page itself.
    public static let page = OutputPort(
        "report", fileName: "report.html", role: .page, "The page: no network, no script.")
}
