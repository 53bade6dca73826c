import Canon

/// The last line of a record: the SHA-256 of all bytes before it, so that damage is seen.
///
/// `head -n -1 FILE | sha256sum` gives the digest in it. Records of older versions have no such line.
enum RecordSeal {
    private static let lead = Array(#""sha256":""#.utf8)

    /// A record, a JSON object of some members, with its last line.
    static func sealed(_ record: [UInt8]) -> [UInt8] {
        guard let end = record.lastIndex(of: UInt8(ascii: "}")) else { return record }
        let body = record[..<end] + Array(",\n".utf8)
        return body + lead + Array("\(Digest(of: Array(body).span).hex)\"}\n".utf8)
    }

    /// Whether a record has a last line, and other bytes before it than the ones that were written.
    static func isBroken(_ record: [UInt8]) -> Bool {
        let lines = record.last == 10 ? record.dropLast() : record[...]
        guard let newline = lines.lastIndex(of: 10) else { return false }
        let last = lines[(newline + 1)...]
        guard last.starts(with: lead) else { return false }
        let digest = Digest(of: Array(record[...newline]).span).hex
        return Array(last) != lead + Array("\(digest)\"}".utf8)
    }
}
