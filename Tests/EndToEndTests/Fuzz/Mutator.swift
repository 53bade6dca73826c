import Canon
import TestSupport

/// Damages bytes in ways that a parser may not expect, the same way for the same seed.
struct Mutator {
    private var random: SeededGenerator

    /// Begins with a seed.
    init(seed: UInt64) { random = SeededGenerator(seed) }

    /// A number from 0 to below `count`.
    mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(max(1, count))) }

    /// One of some.
    mutating func one<Element>(of list: [Element]) -> Element { list[below(list.count)] }

    /// A sample with one to four mistakes; `others` may lend it pieces.
    mutating func mutate(_ sample: [UInt8], others: [[UInt8]]) -> [UInt8] {
        var bytes = sample
        for _ in 0...below(4) {
            if below(4) == 0, let edited = editedDocument(bytes) {
                bytes = edited
            } else {
                change(&bytes, others)
            }
            if bytes.count > Mutator.largest { bytes.removeLast(bytes.count - Mutator.largest) }
        }
        return bytes
    }

    /// The most bytes of an input: enough for every bound on nesting, and quick to read.
    private static let largest = 300_000

    private mutating func change(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
        switch below(11) {
        case 0 where !bytes.isEmpty: bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
        case 1 where !bytes.isEmpty: bytes[below(bytes.count)] = UInt8(below(256))
        case 2: bytes.removeLast(below(bytes.count + 1))
        case 3: bytes.removeSubrange(range(in: bytes))
        case 4:
            let piece = Array(bytes[range(in: bytes)])
            bytes.insert(contentsOf: piece, at: below(bytes.count + 1))
        case 5:
            let other = one(of: others)
            bytes.replaceSubrange(range(in: bytes), with: other[range(in: other)])
        case 6: bytes.insert(contentsOf: one(of: Mutator.tokens), at: below(bytes.count + 1))
        case 7, 8: changeNumber(&bytes)
        case 9: changeLines(&bytes)
        default: nest(&bytes)
        }
    }

    private mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let start = below(bytes.count + 1)
        let length =
            below(4) == 0 ? below(bytes.count - start + 1) : below(min(64, bytes.count - start) + 1)
        return start..<start + length
    }

    /// Puts an extreme number in the place of one of text, or of eight bytes.
    private mutating func changeNumber(_ bytes: inout [UInt8]) {
        let starts = bytes.indices.filter { place in
            (0x30...0x39).contains(bytes[place])
                && (place == 0 || !(0x30...0x39).contains(bytes[place - 1]))
        }
        if starts.isEmpty || below(6) == 0 {
            guard bytes.count >= 8 else { return }
            let place = below(bytes.count - 7)
            let number = one(
                of: [0, 1, 0x7fff_ffff, 0xffff_ffff, 1 << 53, 1 << 62, 1 << 63, .max] as [UInt64])
            for shift in 0..<8 {
                bytes[place + shift] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(shift)))
            }
            return
        }
        let start = one(of: starts)
        let end = bytes[start...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.endIndex
        bytes.replaceSubrange(start..<end, with: one(of: Mutator.numbers))
    }

    /// Doubles, removes, moves or indents a line.
    private mutating func changeLines(_ bytes: inout [UInt8]) {
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        let (from, to) = (below(lines.count), below(lines.count))
        switch below(4) {
        case 0: lines.insert(lines[from], at: to)
        case 1: lines.remove(at: from)
        case 2: lines.swapAt(from, to)
        default: lines[from] = Array(repeating: 0x20, count: 1 + below(4)) + lines[from]
        }
        bytes = Array(lines.joined(separator: [10]))
    }

    /// Puts something deeply nested somewhere.
    private mutating func nest(_ bytes: inout [UInt8]) {
        let (open, close) = one(of: Mutator.brackets)
        let depth = one(of: [3, 100, 2_000, 20_000])
        let whole = below(2) == 0 ? Array(repeatElement(close, count: depth).joined()) : []
        let piece = Array(repeatElement(open, count: depth).joined()) + [0x31] + whole
        bytes.insert(contentsOf: piece, at: below(bytes.count + 1))
    }

    /// A JSON document with one value that is another; `nil` for what is none.
    private mutating func editedDocument(_ bytes: [UInt8]) -> [UInt8]? {
        guard let json = try? JSON(parsing: bytes), json.elements != nil || json.members != nil
        else { return nil }
        return edited(json, depth: 0).canonical()
    }

    private mutating func edited(_ json: JSON, depth: Int) -> JSON {
        if depth > 0 && below(4) == 0 || depth > 40 { return one(of: Mutator.values) }
        if var elements = json.elements, !elements.isEmpty {
            let place = below(elements.count)
            switch below(6) {
            case 0: elements.remove(at: place)
            case 1: elements.append(elements[place])
            default: elements[place] = edited(elements[place], depth: depth + 1)
            }
            return .array(elements)
        }
        if var members = json.members, !members.isEmpty {
            let name = one(of: members.keys.sorted())
            switch below(6) {
            case 0: members[name] = nil
            case 1:
                members[one(of: ["", "\u{202E}x", "a\nb", "../x", name + " "])] = members[name]
                members[name] = nil
            default: members[name] = members[name].map { edited($0, depth: depth + 1) }
            }
            return .object(members)
        }
        return one(of: Mutator.values)
    }
}

extension Mutator {
    private static let values: [JSON] = [
        .null, true, false, 0, -1, 1e308, -1e308, 2.5e-308, 9_007_199_254_740_992, 0.5, "", "x",
        "\u{1b}[31m",
        "\u{202E}", "a\nb", [], [:], [[]], [.null], ["": .null],
        .string(String(repeating: "é", count: 5_000)),
    ]

    private static let numbers: [[UInt8]] = [
        "0", "-0", "-1", "1", "00", "1e308", "1e309", "1e-400", "9007199254740993",
        "9223372036854775807",
        "9223372036854775808", "-9223372036854775809", "18446744073709551616", "2147483648", "NaN",
        "Infinity",
        "0x7f", "1.5", "65536", "99999999999999999999999999999999999999999",
    ].map { Array($0.utf8) }

    private static let brackets: [([UInt8], [UInt8])] = [
        ("[", "]"), ("{\"a\":", "}"), ("(", ")"), ("- ", ""), ("${", "}"), ("1 + ", ""), ("-", ""),
        ("a and ", ""),
        ("2^", ""), ("not ", ""), ("<g>", "</g>"), ("\"", "\""), ("{a: ", "}"), ("x.", ""),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    private static let tokens: [[UInt8]] =
        [
            "\u{0}", "\u{FEFF}", "\u{202E}", "\u{1b}[2J", "\u{9b}", "\r", "\r\n", "\t", "\n", "\"",
            "'", "\\", "\\u0000",
            "\\ud800", "{", "}", "[", "]", ":", ": ", "- ", "&a ", "*a", "<<: *a", "!!binary ",
            "| ", "> ", "? ", "---\n",
            "...\n", "# ", "%YAML 9.9\n", "${", "${n}", "$${", "${n/0}", "{output}", "{99}", "../",
            "/", "//", ".", "..",
            ",", ",,", "=", "=HYPERLINK(1)", "null", "~", "true", "inf", "-inf", "file:",
            "file:/dev/zero", "http://",
            "over: [n, n]\n", "when: n\n", "include: [x.yaml]\n", "freeze: true\n",
            "axes: {n: {from: 1, to: 9}}\n",
        ].map { Array($0.utf8) } + [
            [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
            [0x28, 0xb5, 0x2f, 0xfd],
            Array(repeating: 0x61, count: 70_000),
        ]
}
