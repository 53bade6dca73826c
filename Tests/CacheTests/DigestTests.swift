import CCrypto
import Canon
import System
import Testing

@Suite struct DigestTests {
    /// Published vectors (FIPS 180-4): a changed library, layout or byte order cannot pass.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func `a digest matches the published vector`(text: String, hex: String) throws {
        let digest = Digest(of: Array(text.utf8).span)
        #expect(digest.description == hex)
        #expect(try Digest(hex: hex) == digest)
    }

    /// Published vectors of one and two blocks, and of many (FIPS 180-4, and NIST's examples).
    @Test(arguments: [
        (3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (56, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `every way to hash that this machine has gives the published digest`(
        count: Int, hex: String
    ) throws {
        var text = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        if count == 3 { text = Array("abc".utf8) }
        if count == 1_000_000 { text = [UInt8](repeating: UInt8(ascii: "a"), count: count) }
        let ways = (0..<Int32(BITLAW_SHA256_WAYS)).filter {
            bitlaw_sha256_supported($0) == 1
        }
        #expect(ways.contains(Int32(BITLAW_SHA256_PLAIN)))
        for way in ways { #expect(DigestTests.hex(of: text, way, pieces: 1) == hex) }
    }

    /// The reference is the definition in plain C, fed in one piece.
    @Test func `every way to hash gives the same digest of any length in any pieces`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 5) }
        for count in bytes.indices {
            let text = Array(bytes[..<count])
            let plain = DigestTests.hex(of: text, Int32(BITLAW_SHA256_PLAIN), pieces: 1)
            for way in 0..<Int32(BITLAW_SHA256_WAYS)
            where bitlaw_sha256_supported(way) == 1 {
                for pieces in [1, 2, 3, 7] {
                    #expect(DigestTests.hex(of: text, way, pieces: pieces) == plain)
                }
            }
        }
    }

    private static func hex(of text: [UInt8], _ way: Int32, pieces: Int) -> String {
        var hash = bitlaw_sha256()
        unsafe bitlaw_sha256_begin(&hash, way)
        for piece in 0..<pieces {
            let part = text[text.count * piece / pieces..<text.count * (piece + 1) / pieces]
            unsafe bitlaw_sha256_update(&hash, Array(part), part.count)
        }
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe bitlaw_sha256_finish(&hash, &digest)
        return digest.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    @Test func `an uppercase digit is refused with its place`() {
        let text = String(repeating: "0", count: 63) + "F"
        #expect(throws: DigestFormatError.digit(UInt8(ascii: "F"), at: 63)) {
            try Digest(hex: text)
        }
    }
}
