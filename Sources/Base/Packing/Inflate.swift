/// Decompression of a DEFLATE stream (RFC 1951).
struct Inflate {
    private let bytes: ArraySlice<UInt8>
    /// The first byte that is not read yet.
    private(set) var offset: Int
    private var bits = 0
    private var bitCount = 0
    /// What came out so far.
    private(set) var output: [UInt8] = []
    private let limit: Int
    /// Whether the stream gives more than it may.
    private(set) var isTooLong = false

    /// Begins with a stream; it may give at most `limit` bytes.
    init(_ bytes: ArraySlice<UInt8>, limit: Int) {
        self.bytes = bytes
        self.limit = limit
        offset = bytes.startIndex
    }

    /// The next bits, the low one first; `nil` at the end.
    private mutating func take(_ count: Int) -> Int? {
        while bitCount < count {
            guard offset < bytes.endIndex else { return nil }
            bits |= Int(bytes[offset]) << bitCount
            bitCount += 8
            offset += 1
        }
        defer {
            bits >>= count
            bitCount -= count
        }
        return bits & (1 << count - 1)
    }

    /// Decompresses the stream; `false` where it is damaged, cut short or too long.
    ///
    /// - Complexity: linear in the output.
    mutating func blocks() -> Bool {
        while true {
            guard let isLast = take(1), let type = take(2) else { return false }
            let isGood: Bool
            switch type {
            case 0: isGood = stored()
            case 1:
                let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
                isGood = compressed(
                    HuffmanCode(lengths), HuffmanCode(Array(repeating: 5, count: 30)))
            case 2:
                guard let (literals, distances) = codes() else { return false }
                isGood = compressed(literals, distances)
            default: isGood = false
            }
            if !isGood { return false }
            if isLast == 1 { return true }
        }
    }

    private mutating func hasRoom(for count: Int) -> Bool {
        isTooLong = output.count + count > limit
        return !isTooLong
    }

    private mutating func stored() -> Bool {
        (bits, bitCount) = (0, 0)
        guard offset + 4 <= bytes.endIndex else {
            offset = bytes.endIndex
            return false
        }
        let count = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
        let inverse = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
        offset += 4
        guard count ^ 0xFFFF == inverse, hasRoom(for: count) else { return false }
        guard offset + count <= bytes.endIndex else {
            offset = bytes.endIndex
            return false
        }
        output += bytes[offset..<offset + count]
        offset += count
        return true
    }

    private mutating func codes() -> (HuffmanCode, HuffmanCode)? {
        guard let more = take(5), let distances = take(5), let lengths = take(4) else { return nil }
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var first = [Int](repeating: 0, count: 19)
        for place in 0..<lengths + 4 {
            guard let length = take(3) else { return nil }
            first[order[place]] = length
        }
        let code = HuffmanCode(first)
        var all: [Int] = []
        let wanted = more + 257 + distances + 1
        while all.count < wanted {
            guard let symbol = symbol(code) else { return nil }
            switch symbol {
            case 0..<16: all.append(symbol)
            case 16:
                guard let last = all.last, let count = take(2) else { return nil }
                all += Array(repeating: last, count: count + 3)
            case 17:
                guard let count = take(3) else { return nil }
                all += Array(repeating: 0, count: count + 3)
            default:
                guard let count = take(7) else { return nil }
                all += Array(repeating: 0, count: count + 11)
            }
        }
        guard all.count == wanted else { return nil }
        return (HuffmanCode(Array(all[..<(more + 257)])), HuffmanCode(Array(all[(more + 257)...])))
    }

    private mutating func symbol(_ code: HuffmanCode) -> Int? {
        var (value, first, place) = (0, 0, 0)
        for length in 1...15 {
            guard let bit = take(1) else { return nil }
            value |= bit
            let count = code.counts[length]
            if value - first < count { return code.symbols[place + value - first] }
            place += count
            first = (first + count) << 1
            value <<= 1
        }
        return nil
    }

    private mutating func compressed(_ literals: HuffmanCode, _ distances: HuffmanCode) -> Bool {
        while true {
            guard let symbol = symbol(literals) else { return false }
            if symbol == 256 { return true }
            if symbol < 256 {
                guard hasRoom(for: 1) else { return false }
                output.append(UInt8(symbol))
                continue
            }
            guard symbol < 286 else { return false }
            guard let length = extended(symbol - 257, step: 4, base: 3),
                let code = self.symbol(distances), code < 30,
                let distance = extended(code, step: 2, base: 1),
                distance <= output.count, hasRoom(for: length)
            else { return false }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    /// The value of a length or distance code with its extra bits (RFC 1951, section 3.2.5).
    private mutating func extended(_ code: Int, step: Int, base: Int) -> Int? {
        if step == 4, code == 28 { return 258 }
        if code < 2 * step { return base + code }
        let extra = code / step - 1
        guard let more = take(extra) else { return nil }
        return base + (step + code % step) << extra + more
    }
}

/// A canonical Huffman code by its lengths.
private struct HuffmanCode {
    /// How many symbols have each length.
    var counts = [Int](repeating: 0, count: 16)
    /// The symbols, by length and then by value.
    var symbols: [Int] = []

    init(_ lengths: [Int]) {
        for length in 1...15 {
            for (symbol, one) in lengths.enumerated() where one == length {
                symbols.append(symbol)
                counts[length] += 1
            }
        }
    }
}
