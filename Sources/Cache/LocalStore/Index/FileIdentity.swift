import Glibc

/// By what a file outside the store is known again: where it is, how large, and when it was changed.
struct FileIdentity: Hashable, Sendable {
    /// Device, inode, size, and the times of content and inode in seconds and nanoseconds.
    private let numbers: SIMD8<Int64>

    /// Names a file.
    init(_ status: stat) {
        numbers = [
            Int64(bitPattern: UInt64(status.st_dev)), Int64(bitPattern: UInt64(status.st_ino)),
            Int64(status.st_size), Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
            Int64(status.st_ctim.tv_sec), Int64(status.st_ctim.tv_nsec), 0,
        ]
    }

    /// Reads the seven numbers of a line.
    init?(_ texts: some Collection<ArraySlice<UInt8>>) {
        guard texts.count == 7 else { return nil }
        var numbers = SIMD8<Int64>()
        for (place, text) in texts.enumerated() {
            guard let number = Int64(String(decoding: text, as: UTF8.self)) else { return nil }
            numbers[place] = number
        }
        self.numbers = numbers
    }

    /// The numbers as a line has them.
    var text: String { (0..<7).map { String(numbers[$0]) }.joined(separator: " ") }
}
