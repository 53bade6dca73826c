import CCrypto
import Canon

/// Which 32 bytes are a point of edwards25519 that a private key can stand behind (RFC 8032, §5.1.3).
///
/// libcrypto takes any bytes as a public key, also points of small order, for which one signature that
/// nobody needs a key for fits every message.
enum EdwardsPoint {
    /// Why bytes are no public key; `nil` where they are one.
    static func fault(of bytes: [UInt8]) -> String? {
        var y = bytes
        y[31] &= 0x7F
        let text = hexText(y.reversed())
        if text >= prime { return "a coordinate that is not below 2^255 - 19" }
        if smallOrder.contains(text) { return "a point of small order" }
        return isOnCurve(text) ? nil : "no point of the curve"
    }

    /// 2^255 - 19.
    private static let prime = "7f" + String(repeating: "f", count: 60) + "ed"

    /// The y of the points whose order divides 8, as RFC 7748's twist section and libsodium list them.
    private static let smallOrder: Set<String> = [
        String(repeating: "0", count: 64), String(repeating: "0", count: 63) + "1",
        "7f" + String(repeating: "f", count: 60) + "ec",
        "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
        "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
    ]

    /// Whether a point of the curve has the coordinate.
    private static func isOnCurve(_ y: String) -> Bool {
        requireLibcrypto(unsafe bitlaw_ed25519_on_curve(y))
    }
}
