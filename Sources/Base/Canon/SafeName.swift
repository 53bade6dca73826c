/// Whether a name from outside may become part of a path: letters, digits, `.`, `_`, `-`, not
/// starting with a dot, at most 100 bytes.
package func isSafeName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 100, first != UInt8(ascii: ".") else {
        return false
    }
    return name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
