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

    /// Whether x² = (y² - 1) / (d·y² + 1) has a root: the product of both sides is then a square.
    private static func isOnCurve(_ y: String) -> Bool {
        guard let context = unsafe BN_CTX_new() else {
            preconditionFailure("libcrypto: out of memory")
        }
        defer { unsafe BN_CTX_free(context) }
        func number(_ text: String) -> OpaquePointer? {
            var value: OpaquePointer?
            return unsafe BN_hex2bn(&value, text) > 0 ? value : nil
        }
        let texts = [
            y, prime, "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3", "1",
            "3f" + String(repeating: "f", count: 60) + "f6",  // (p - 1) / 2
        ]
        let numbers = unsafe texts.map(number)
        defer { unsafe numbers.forEach { unsafe BN_free($0) } }
        guard let square = unsafe BN_new(), let other = unsafe BN_new() else { return false }
        defer {
            unsafe BN_free(square)
            unsafe BN_free(other)
        }
        let (p, d, one) = unsafe (numbers[1], numbers[2], numbers[3])
        let isDone =
            unsafe BN_mod_mul(square, numbers[0], numbers[0], p, context) == 1
            && BN_mod_mul(other, square, d, p, context) == 1
            && BN_mod_add(other, other, one, p, context) == 1
            && BN_mod_sub(square, square, one, p, context) == 1
            && BN_mod_mul(square, square, other, p, context) == 1
            && BN_mod_exp(square, square, numbers[4], p, context) == 1
        return unsafe isDone && BN_cmp(square, one) == 0
    }
}
