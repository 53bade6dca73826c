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
        var scanner = CanonicalScanner(bytes: bytes)
        let isConfined = !scanner.skip(#"{"confined":false,"format":"#)
        guard !isConfined || scanner.skip(#"{"format":"#),
            scanner.skip(#""bitlaw/result/1","key":""#),
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
        guard scanner.skip(#","madeAt":"#), let madeAt = scanner.plainText() else { return nil }
        let madeWith = scanner.facts()
        guard scanner.skip(#","outputs":{"#) else { return nil }
        var outputs: [Output] = []
        while true {
            guard let name = scanner.plainText(), isSafeName(name),
                outputs.last.map({ $0.name < name }) ?? true, scanner.skip(#":{"digest":""#),
                let digest = scanner.digest(), scanner.skip(#"","size":"#),
                let size = scanner.wholeNumber()
            else { return nil }
            let isTree = scanner.skip(#","tree":true"#)
            guard scanner.skip("}") else { return nil }
            outputs.append(Output(name: name, digest: digest, size: size, isTree: isTree))
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
                ?? (marks.made.isEmpty && isConfined && !isResumed && madeWith == nil)
        else { return nil }
        self.init(
            key: key, kind: kind, version: version, outputs: outputs, log: log, seconds: seconds,
            madeAt: madeAt,
            execution: Execution(isConfined: isConfined, isResumed: isResumed, madeWith: madeWith),
            made: marks.made)
    }
}

/// The members of a result that its own digest does not cover.
extension CanonicalScanner {
    /// The member `made`, and where it stands; none of them, and nowhere, where it is missing.
    fileprivate mutating func marks() -> (made: [AuthenticationCode], range: Range<Int>) {
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

    /// The member `madeWith`; `nil`, and stays, where it is missing or laid out in another way.
    mutating func facts() -> MadeWith? {
        let start = at
        guard skip(#","madeWith":{"#) else { return nil }
        var facts: [String: JSON] = [:]
        var last = ""
        while let name = plainText(), last.isEmpty || last < name, skip(":"), let text = plainText()
        {
            facts[name] = .string(text)
            last = name
            if skip("}"), let found = MadeWith(json: .object(facts)) { return found }
            guard skip(",") else { break }
        }
        at = start
        return nil
    }

    /// The member `sha256`, and where it stands.
    fileprivate mutating func seal() -> (digest: Digest, range: Range<Int>)? {
        let start = at
        guard skip(#","sha256":""#), let digest = digest(), skip("\"") else {
            at = start
            return nil
        }
        return (digest, start..<at)
    }
}
