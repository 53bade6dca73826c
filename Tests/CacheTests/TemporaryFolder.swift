import Glibc

/// A folder that goes away with the value; its name has a space and a letter beyond ASCII.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/bitlaw tést-XXXXXX".utf8CString)
        path = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "" }
            return unsafe String(cString: made)
        }
    }

    deinit { _ = run("chmod -R u+rwX '\(path)'; rm -rf '\(path)'") }

    /// Runs a shell command; its exit status.
    @discardableResult
    func run(_ command: String) -> CInt { unsafe system("cd '\(path)' 2>/dev/null; " + command) }

    func write(_ name: String, _ bytes: [UInt8]) {
        guard let file = unsafe fopen("\(path)/\(name)", "wb") else { return }
        _ = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
        unsafe fclose(file)
    }

    func read(_ name: String) -> [UInt8] {
        guard let file = unsafe fopen("\(path)/\(name)", "rb") else { return [] }
        defer { unsafe fclose(file) }
        return unsafe [UInt8](unsafeUninitializedCapacity: 1 << 22) { buffer, count in
            unsafe count = fread(buffer.baseAddress, 1, 1 << 22, file)
        }
    }
}
