/// The servers of this machine and its network to which a person lets requests be sent.
package struct PrivateServers: Sendable {
    private let words: Set<String>

    /// Takes hosts, with a port or not, and addresses such as `http://10.0.0.5:8080`, in whatever spelling.
    package init(_ texts: [String]) {
        words = Set(
            texts.compactMap { text in
                if let place = WebPlace(text) { return place.origin }
                guard let place = WebPlace("http://\(text)") else { return nil }
                // Without a port, every port is meant; one that is written stands behind the host.
                let rest = text.hasPrefix("[") ? text.drop { $0 != "]" } : text[...]
                return rest.contains(":") ? place.server : place.host
            })
    }

    /// Whether requests may be sent to the server of an address.
    package func allow(_ url: String) -> Bool {
        guard let place = WebPlace(url) else { return false }
        return !words.isDisjoint(with: [place.origin, place.server, place.host])
    }
}
