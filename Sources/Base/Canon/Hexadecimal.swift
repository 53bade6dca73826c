/// Bytes as lowercase hexadecimal digits.
package func hexText(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes of hexadecimal digits of either case; `nil` for anything else.
package func hexBytes(_ text: String) -> [UInt8]? {
    let text = Array(text.utf8)
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: text.count, by: 2) {
        var value: UInt8 = 0
        for digit in text[place..<place + 2] {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | (digit - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | (digit - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | (digit - 55)
            default: return nil
            }
        }
        bytes.append(value)
    }
    return bytes
}
