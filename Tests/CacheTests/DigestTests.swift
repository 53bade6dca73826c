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

    @Test func `an uppercase digit is refused with its place`() {
        let text = String(repeating: "0", count: 63) + "F"
        #expect(throws: DigestFormatError.digit(UInt8(ascii: "F"), at: 63)) {
            try Digest(hex: text)
        }
    }
}
