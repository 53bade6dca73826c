import Glibc

/// What an address means: two that servers cannot tell apart are equal, however they are spelt.
package struct WebPlace: Equatable, Sendable {
    private let isEncrypted: Bool
    let host: String
    private let port: Int
    private let path: [String]

    /// Reads an address `http://HOST/PATH` or `https://HOST/PATH`; `nil` for any other text.
    package init?(_ url: String) {
        guard let origin = HTTPOrigin(url) else { return nil }
        isEncrypted = origin.isEncrypted
        let rest = url.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { !"/?#".contains($0) }.lowercased()
        let isNumeric = authority.hasPrefix("[")
        let name =
            isNumeric
            ? String(authority.prefix { $0 != "]" }.dropFirst())
            : String(authority.prefix { $0 != ":" })
        let tail = authority.dropFirst(name.count + (isNumeric ? 2 : 0))
        port = Int(tail.drop { $0 == ":" }) ?? (isEncrypted ? 443 : 80)
        host = WebPlace.host(WebPlace.decoded(name))
        var parts: [String] = []
        for part in rest.dropFirst(authority.count).prefix(while: { !"?#".contains($0) })
            .split(separator: "/")
        {
            switch WebPlace.decoded(String(part)) {
            case ".": continue
            case "..": _ = parts.popLast()
            case let part: parts.append(part)
            }
        }
        path = parts
    }

    /// Whether the host is written as this machine, or as one of its own network.
    ///
    /// What a name stands for in the network is not asked.
    package var isPrivate: Bool {
        if host == "loopback" { return true }
        if let address = NetworkAddress(host) { return address.isPrivate }
        return [".localhost", ".local", ".internal", ".home.arpa"].contains(where: host.hasSuffix)
    }

    /// Whether the host is given by a name, not by a number.
    package var isNamed: Bool { NetworkAddress(host) == nil }

    /// The numbers that the host has in the network; none where nobody knows it.
    package var addresses: [NetworkAddress] {
        let name = host == "loopback" ? "localhost" : host
        return NetworkAddress(name).map { [$0] } ?? NetworkAddress.all(of: name)
    }

    /// What holds `curl --resolve` to the numbers that the host has now; nothing where it is a number.
    package func resolutions(_ addresses: [NetworkAddress]) -> [String] {
        if host.contains(":") || NetworkAddress(host) != nil { return [] }
        let numbers = addresses.map { $0.text.contains(":") ? "[\($0.text)]" : $0.text }
        let name = host == "loopback" ? "localhost" : host
        return [name, name + "."].map { "\($0):\(port):\(numbers.joined(separator: ","))" }
    }

    /// Scheme, host and port in one spelling, such as `http://127.0.0.1:8080`; all names and numbers of this
    /// machine have one.
    package var origin: String {
        let isUsual = port == (isEncrypted ? 443 : 80)
        return (isEncrypted ? "https://" : "http://") + shownHost + (isUsual ? "" : ":\(port)")
    }

    /// Host and port in one spelling, such as `127.0.0.1:8080`.
    var server: String { "\(shownHost):\(port)" }

    private var shownHost: String {
        if host == "loopback" { return "127.0.0.1" }
        return host.contains(":") ? "[\(host)]" : host
    }

    /// One spelling of a host: numbers as the system reads them (`127.1`, `0x7f.1`), every name and number of
    /// this machine as one.
    private static func host(_ name: String) -> String {
        var name = name.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        if let address = NetworkAddress(name) {
            return address.isLoopback ? "loopback" : address.text
        }
        return name == "localhost" ? "loopback" : name
    }

    /// A text with its `%62` written out.
    private static func decoded(_ text: String) -> String {
        guard text.contains("%") else { return text }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
                let value = UInt8(
                    String(decoding: bytes[(at + 1)...(at + 2)], as: UTF8.self), radix: 16)
            {
                out.append(value)
                at += 3
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
