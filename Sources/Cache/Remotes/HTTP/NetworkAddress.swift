import Glibc

/// The number by which a network knows a machine: four bytes, or sixteen.
package struct NetworkAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    /// Reads a number as the system does, in each of its spellings (`127.1`, `0x7f.1`, `::1`,
    /// `fe80::1%eth0`); `nil` for a name.
    package init?(_ text: some StringProtocol) {
        var four = in_addr()
        var six = in6_addr()
        let text = String(text)
        if unsafe inet_aton(text, &four) == 1 {
            bytes = unsafe withUnsafeBytes(of: four) { unsafe Array($0) }
        } else if unsafe inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &six) == 1 {
            let all = unsafe withUnsafeBytes(of: six) { unsafe Array($0) }
            // Four bytes in the form of sixteen are the four.
            let isMapped = all.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
            bytes = isMapped ? Array(all.suffix(4)) : all
        } else {
            return nil
        }
    }

    /// Every number that the system's resolver gives for a host; none where it knows no such name.
    package static func all(of host: String) -> [NetworkAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { unsafe freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if unsafe getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &name, socklen_t(name.count), nil,
                0,
                NI_NUMERICHOST) == 0
            {
                let text = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                if let address = NetworkAddress(String(decoding: text, as: UTF8.self)),
                    !found.contains(address)
                {
                    found.append(address)
                }
            }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    /// One spelling of it.
    package var text: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }.joined(separator: ":")
    }

    /// Whether it is a number of this machine itself: 127.0.0.0/8, or `::1`.
    package var isLoopback: Bool {
        bytes.count == 4
            ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// Whether it is no number of the public internet: of this machine, of a private network, of the link,
    /// of a group, or none of anybody (the registries of RFC 6890, and the numbers of four that sixteen
    /// carry).
    package var isPrivate: Bool {
        if bytes.count == 4 { return Self.isPrivate(bytes[0], bytes[1], bytes[2]) }
        let isZero = bytes.prefix(12).allSatisfy { $0 == 0 }
        // `::1` and `::`, and numbers of four behind zeros, behind 64:ff9b::/96, and of 2002::/16.
        let isTranslated =
            isZero || bytes.prefix(12) == [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
        if isTranslated { return Self.isPrivate(bytes[12], bytes[13], bytes[14]) }
        if bytes[0] == 0x20 && bytes[1] == 0x02 {
            return Self.isPrivate(bytes[2], bytes[3], bytes[4])
        }
        // Public numbers are those of 2000::/3; 64:ff9b:1::/48, fc00::/7, fe80::/10 and ff00::/8 are not.
        return bytes[0] & 0xE0 != 0x20
    }

    private static func isPrivate(_ one: UInt8, _ two: UInt8, _ three: UInt8) -> Bool {
        switch (one, two, three) {
        case (0, _, _), (10, _, _), (127, _, _), (169, 254, _), (192, 168, _), (224..., _, _): true
        case (100, 64...127, _), (172, 16...31, _), (198, 18...19, _), (192, 0, 0): true
        default: false
        }
    }
}
