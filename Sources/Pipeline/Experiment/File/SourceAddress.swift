/// The address of a download.
package enum SourceAddress {
    /// Whether a name or password stands before the host.
    package static func hasCredentials(_ url: String) -> Bool {
        url.drop { $0 != "/" }.drop { $0 == "/" }.prefix { !"/?#\\".contains($0) }.contains("@")
    }
}
