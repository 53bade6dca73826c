/// The address of a source: of a download, or of a file that no address has and a person adds.
package enum SourceAddress {
    /// What an address begins with where `bitlaw add` brings the file, as in `added:points.csv`.
    private static let addedScheme = "added:"

    /// Whether a name or password stands before the host.
    package static func hasCredentials(_ url: String) -> Bool {
        url.drop { $0 != "/" }.drop { $0 == "/" }.prefix { !"/?#\\".contains($0) }.contains("@")
    }

    /// Whether it can be asked of the network.
    static func isOfWeb(_ url: String) -> Bool {
        url.hasPrefix("https://") || url.hasPrefix("http://")
    }

    /// The name of a file that only `bitlaw add` brings; `nil` for an address of the network.
    package static func addedName(_ url: String) -> String? {
        guard url.hasPrefix(addedScheme) else { return nil }
        let name = String(url.dropFirst(addedScheme.count))
        return name.isEmpty || name.contains("/") ? nil : name
    }

    /// The name of the file that it stands for: its end.
    static func fileName(_ url: String) -> String? {
        addedName(url) ?? url.split(separator: "/").last.map(String.init)
    }
}
