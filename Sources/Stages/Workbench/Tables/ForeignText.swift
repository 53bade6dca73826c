import Packing

/// A file of somebody else, as text: unpacked, in UTF-8, with lines that end in a line feed.
struct ForeignText {
    /// The text's bytes.
    private(set) var bytes: [UInt8]
    /// What was done to have it.
    private(set) var remarks: [String] = []

    /// Unpacks a file and brings its text into one form.
    ///
    /// - Throws: ``FormatError`` where the file is damaged.
    init(_ file: [UInt8]) throws(FormatError) {
        bytes = file
        if let packing = Packing(file) {
            do {
                bytes = try packing.expanded(file)
            } catch { throw FormatError(error.description) }
            remarks.append("unpacked from \(packing.rawValue)")
            if Packing(bytes) != nil {
                throw FormatError(
                    "the \(packing.rawValue) file holds another compressed one; unpack it first")
            }
        }
        try decode()
        if bytes.contains(UInt8(ascii: "\r")), !bytes.contains(UInt8(ascii: "\n")) {
            remarks.append("lines that end in CR")
            bytes = bytes.map { $0 == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : $0 }
        }
    }

    /// Takes off a byte order mark, and brings UTF-16 that has one into UTF-8.
    private mutating func decode() throws(FormatError) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes.removeFirst(3)
            return
        }
        let isLittle = bytes.starts(with: [0xFF, 0xFE])
        guard isLittle || bytes.starts(with: [0xFE, 0xFF]) else { return }
        if isLittle, bytes.starts(with: [0xFF, 0xFE, 0, 0]) {
            throw FormatError(
                "expected UTF-8 or UTF-16, found UTF-32\n  fix: iconv -f UTF-32 -t UTF-8 FILE > FILE.csv"
            )
        }
        guard bytes.count % 2 == 0 else {
            throw FormatError(
                "expected UTF-16, as its first two bytes say, found an odd count of \(bytes.count) bytes; "
                    + "is the copy whole?")
        }
        let units = stride(from: 2, to: bytes.count, by: 2).map { place in
            isLittle
                ? UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
                : UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw FormatError(
                "expected UTF-16, as its first two bytes say, found half of a character; is the copy whole?"
            )
        }
        bytes = Array(text.utf8)
        remarks.append("UTF-16")
    }
}
