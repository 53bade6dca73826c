import Canon

/// The option `--max-size` of push and pull.
enum SizeArgument {
    /// Its number of bytes; `nil` where it is not given.
    static func bytes(_ text: String?) throws -> Int? {
        guard let text else { return nil }
        guard let bytes = ByteCount.read(text) else {
            throw UsageError(text: "--max-size \(text): expected a size such as 100MB")
        }
        return bytes
    }
}
