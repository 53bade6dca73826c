import Cache
import Glibc

/// Writes a JSON value as one line.
///
/// - Returns: whether all of it was taken; `false` where nobody reads any more.
func writeLine(_ json: JSON, to descriptor: CInt) -> Bool {
    var bytes = json.canonical()
    bytes.append(10)
    var offset = 0
    while offset < bytes.count {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress?.advanced(by: offset), $0.count - offset)
        }
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        offset += count
    }
    return true
}
