import Canon
import Trust

/// The last line of a record: the SHA-256 of all bytes before it, so that damage is seen, and the code of the
/// account that made it.
///
/// `head -n -1 FILE | sha256sum` gives the digest in it. Records of older versions have no such line.
enum RecordSeal {
    private static let lead = Array(#""sha256":""#.utf8)
    private static let made = Array(#"","made":""#.utf8)

    /// A record, a JSON object of some members, with its last line.
    static func sealed(_ record: [UInt8], by account: AccountSecret? = nil) -> [UInt8] {
        guard let end = record.lastIndex(of: UInt8(ascii: "}")) else { return record }
        var sealed = record[..<end] + Array(",\n".utf8)
        let digest = Digest(of: Array(sealed).span)
        sealed += lead + Array(digest.hex.utf8)
        if let code = account?.code(.record, digest) { sealed += made + Array(code.hex.utf8) }
        return Array(sealed) + Array("\"}\n".utf8)
    }

    /// A record as another account seals it: with a last line of its own in place of the one that is there.
    static func renewed(_ record: [UInt8], by account: AccountSecret) -> [UInt8] {
        guard let (_, last) = read(record) else { return sealed(record, by: account) }
        // What is sealed ends in a comma and a new line, where the object ended before.
        return sealed(
            Array(record[..<last.startIndex].dropLast(2)) + Array("}\n".utf8), by: account)
    }

    /// Whether a record has a last line, and other bytes before it than the ones that were written.
    static func isBroken(_ record: [UInt8]) -> Bool {
        guard let (digest, last) = read(record) else { return false }
        let start = lead + Array(digest.hex.utf8)
        guard last.starts(with: start), last.last == UInt8(ascii: "}") else { return true }
        let rest = last.dropFirst(start.count)
        if rest.count == 2 { return rest.first != UInt8(ascii: "\"") }
        return !rest.starts(with: made) || code(in: rest) == nil
    }

    /// Whether a record is what its last line says.
    static func isWhole(_ record: [UInt8]) -> Bool { read(record) != nil && !isBroken(record) }

    /// Whether the account made a record, which is as it was written.
    static func isMade(_ record: [UInt8], by account: AccountSecret) -> Bool {
        guard !isBroken(record), let (digest, last) = read(record) else { return false }
        return code(in: last.dropFirst(lead.count + 64)) == account.code(.record, digest)
    }

    /// The digest of what is before the last line, and that line; `nil` without one.
    private static func read(_ record: [UInt8]) -> (digest: Digest, last: ArraySlice<UInt8>)? {
        let lines = record.last == 10 ? record.dropLast() : record[...]
        guard let newline = lines.lastIndex(of: 10) else { return nil }
        let last = lines[(newline + 1)...]
        guard last.starts(with: lead) else { return nil }
        return (Digest(of: record.span.extracting(0..<newline + 1)), last)
    }

    /// The code in the rest of a last line, after the digest.
    private static func code(in rest: ArraySlice<UInt8>) -> AuthenticationCode? {
        guard rest.count == made.count + 66, rest.suffix(2).elementsEqual("\"}".utf8) else {
            return nil
        }
        let digits = rest.dropFirst(made.count).prefix(64)
        return AuthenticationCode(hex: String(decoding: digits, as: UTF8.self))
    }
}
