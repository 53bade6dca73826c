package import Canon
import System

/// Reads the bytes that this version writes, without building a JSON value: a run with nothing to do
/// reads one such file for each action.
extension ActionResult {
    /// Reads a result whose bytes are laid out exactly as ``json`` is written canonically.
    ///
    /// `nil` for anything else, which may still be a result: then ``init(json:key:)`` decides.
    /// Agrees with it wherever both give a result (tested on every flipped byte).
    ///
    /// - Complexity: O(n), one allocation for each text.
    package init?(asWritten bytes: [UInt8], key: Digest) {
        var scanner = Scanner(bytes: bytes)
        guard scanner.skip(#"{"format":"bitlaw/result/1","key":""#),
            scanner.digest() == key, scanner.skip(#"","kind":"#),
            let kind = scanner.plainText(), scanner.skip(#","log":"#)
        else { return nil }
        var log: Digest?
        if !scanner.skip("null") {
            guard scanner.skip("\""), let digest = scanner.digest(), scanner.skip("\"") else {
                return nil
            }
            log = digest
        }
        let marks = scanner.marks()
        guard scanner.skip(#","madeAt":"#), let madeAt = scanner.plainText(),
            scanner.skip(#","outputs":{"#)
        else { return nil }
        var outputs: [Output] = []
        while true {
            guard let name = scanner.plainText(), isSafeName(name),
                outputs.last.map({ $0.name < name }) ?? true, scanner.skip(#":{"digest":""#),
                let digest = scanner.digest(), scanner.skip(#"","size":"#),
                let size = scanner.wholeNumber(), scanner.skip("}")
            else { return nil }
            outputs.append(Output(name: name, digest: digest, size: size))
            if scanner.skip("}") { break }
            guard scanner.skip(",") else { return nil }
        }
        let isResumed = scanner.skip(#","resumed":true"#)
        guard scanner.skip(#","seconds":"#), let seconds = scanner.number() else { return nil }
        let seal = scanner.seal()
        guard scanner.skip(#","version":"#), let version = scanner.wholeNumber(), scanner.skip("}"),
            scanner.isAtEnd,
            ActionResult.isPlausible(kind: kind, seconds: seconds, madeAt: madeAt),
            seal.map({ scanner.digest(without: [marks.range, $0.range]) == $0.digest })
                ?? marks.made.isEmpty
        else { return nil }
        self.init(
            key: key, kind: kind, version: version, outputs: outputs, log: log, seconds: seconds,
            madeAt: madeAt, isResumed: isResumed, made: marks.made)
    }
}

/// A place in bytes that moves on over what is expected.
private struct Scanner {
    private let bytes: [UInt8]
    private var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    /// Moves over exactly this text, or stays.
    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        for offset in 0..<count where unsafe bytes[at + offset] != text.utf8Start[offset] {
            return false
        }
        at += count
        return true
    }

    /// 64 hexadecimal digits.
    mutating func digest() -> Digest? {
        guard at + 64 <= bytes.count,
            case .success(let words) = Digest.words(hexDigits: bytes.span.extracting(at..<at + 64))
        else { return nil }
        at += 64
        return Digest(words: words)
    }

    /// The member `made`, and where it stands; none of them, and nowhere, where it is missing.
    mutating func marks() -> (made: [AuthenticationCode], range: Range<Int>) {
        let start = at
        var made: [AuthenticationCode] = []
        guard skip(#","made":[""#) else { return ([], start..<start) }
        while let digest = digest(), made.last.map({ $0 < AuthenticationCode(digest) }) ?? true {
            made.append(AuthenticationCode(digest))
            if skip(#""]"#), made.count <= ActionResult.mostMakers { return (made, start..<at) }
            guard skip(#"",""#) else { break }
        }
        at = start
        return ([], start..<start)
    }

    /// The member `sha256`, and where it stands.
    mutating func seal() -> (digest: Digest, range: Range<Int>)? {
        let start = at
        guard skip(#","sha256":""#), let digest = digest(), skip("\"") else {
            at = start
            return nil
        }
        return (digest, start..<at)
    }

    /// The digest of all the bytes but those of some ranges, given in order.
    func digest(without ranges: [Range<Int>]) -> Digest {
        var hasher = SHA256Hasher()
        var start = 0
        for range in ranges {
            hasher.update(bytes.span.extracting(start..<range.lowerBound))
            start = range.upperBound
        }
        hasher.update(bytes.span.extracting(start..<bytes.count))
        return hasher.finalize()
    }

    /// A quoted text of printable ASCII without escapes.
    mutating func plainText() -> String? {
        guard skip("\"") else { return nil }
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            guard bytes[at] >= 32, bytes[at] < 127, bytes[at] != UInt8(ascii: "\\") else {
                return nil
            }
            at += 1
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        return skip("\"") ? text : nil
    }

    /// Digits of a number below 10¹⁵, without a leading zero.
    mutating func wholeNumber() -> Int? {
        let start = at
        var value = 0
        while at < bytes.count, at - start < 15,
            bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9")
        {
            value = 10 * value + Int(bytes[at] - UInt8(ascii: "0"))
            at += 1
        }
        guard at > start, bytes[start] != UInt8(ascii: "0") || at == start + 1 else { return nil }
        return value
    }

    /// A decimal number as ECMAScript writes one from 10⁻⁶ to 10²¹: digits, perhaps a point.
    mutating func number() -> Double? {
        let start = at
        guard let whole = wholeNumber() else { return nil }
        guard at < bytes.count, bytes[at] == UInt8(ascii: ".") else { return Double(whole) }
        at += 1
        var digits = 0
        while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9") {
            at += 1
            digits += 1
        }
        guard digits > 0 else { return nil }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        return Double(text)
    }
}
