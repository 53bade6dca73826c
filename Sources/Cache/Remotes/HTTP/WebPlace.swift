import Glibc

/// What an address means: two that servers cannot tell apart are equal, however they are spelt.
package struct WebPlace: Equatable, Sendable {
    private let isEncrypted: Bool
    private let host: String
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

    /// Whether the host is this machine, or one of its own network.
    package var isPrivate: Bool {
        if host == "loopback" || host.hasSuffix(".localhost") || host.hasSuffix(".local") {
            return true
        }
        if host.contains(":") {
            return ["fe8", "fe9", "fea", "feb", "fc", "fd"].contains(where: host.hasPrefix)
        }
        let parts = host.split(separator: ".").compactMap { UInt8($0) }
        guard parts.count == 4 else { return false }
        return switch (parts[0], parts[1]) {
        case (0, _), (10, _), (127, _), (192, 168), (169, 254): true
        case (172, 16...31), (100, 64...127): true
        default: false
        }
    }

    /// One spelling of a host: numbers as the system reads them (`127.1`, `0x7f.1`), every name and number of
    /// this machine as one.
    private static func host(_ name: String) -> String {
        var name = name.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        var four = in_addr()
        var six = in6_addr()
        if unsafe inet_aton(name, &four) == 1 {
            let bytes = unsafe withUnsafeBytes(of: four) { unsafe Array($0) }
            if bytes[0] == 127 { return "loopback" }
            return bytes.map(String.init).joined(separator: ".")
        }
        if unsafe inet_pton(AF_INET6, name, &six) == 1 {
            let bytes = unsafe withUnsafeBytes(of: six) { unsafe Array($0) }
            if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 255, bytes[11] == 255 {
                return host(bytes.suffix(4).map(String.init).joined(separator: "."))
            }
            if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] == 1 { return "loopback" }
            return stride(from: 0, to: 16, by: 2).map {
                String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
            }.joined(separator: ":")
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
