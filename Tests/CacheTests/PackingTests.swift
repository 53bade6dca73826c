import Canon
import Packing
import Testing

/// Sums and streams against published values.
@Suite struct PackingTests {
    private func sum(_ sum: CyclicSum, _ bytes: [UInt8]) -> UInt32 { sum.sum(of: bytes[...]) }

    /// RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.
    @Test func `Castagnoli's sum has the published values`() {
        #expect(sum(.castagnoli, [UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(sum(.castagnoli, [UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(sum(.castagnoli, (0..<32).map { UInt8($0) }) == 0x46DD_794E)
        #expect(sum(.castagnoli, Array("123456789".utf8)) == 0xE306_9283)
    }

    /// The check value of the catalogue of parametrised CRC algorithms (CRC-32/ISO-HDLC).
    @Test func `gzip's sum has the published value`() {
        #expect(sum(.ieee, Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(sum(.ieee, []) == 0)
    }

    /// Python: `gzip.compress(b"x,y\n1,4\n10,3\n100,2.5\n", mtime=0)`.
    private let file = Base64.decode("H4sIAAAAAAACA6vQqeQy1DHhMjTQMQYSBjpGeqZcAI4brDQVAAAA") ?? []

    @Test func `a file may give as much as is allowed and no more`() throws {
        let packing = try #require(Packing(file))
        #expect(packing == .gzip)
        #expect(try packing.expanded(file, limit: 21) == Array("x,y\n1,4\n10,3\n100,2.5\n".utf8))
        #expect(throws: PackingError.self) { try packing.expanded(file, limit: 20) }
        do {
            _ = try packing.expanded(file, limit: 20)
        } catch {
            #expect(
                "\(error)"
                    == "the gzip file gives more than the 20 bytes that are read from one file")
        }
    }

    @Test func `every cut and every flipped bit is noticed`() throws {
        let packing = try #require(Packing(file))
        for count in 2..<file.count {
            #expect(throws: PackingError.self) { try packing.expanded(Array(file.prefix(count))) }
        }
        // Bytes 3 to 9 tell flags, time, compression and system: nothing of the content.
        for place in [2] + Array(10..<file.count) {
            var flipped = file
            flipped[place] ^= 0x10
            #expect(throws: PackingError.self, "byte \(place)") { try packing.expanded(flipped) }
        }
    }

    /// The program zstd: `printf 'x,y\n1,4\n' | zstd -c --no-check` and `printf '10,3\n' | zstd -c`.
    @Test func `files of zstd that were joined give all that they hold`() throws {
        let (first, second) = try (
            #require(Base64.decode("KLUv/QBYQQAAeCx5CjEsNAo=")),
            #require(Base64.decode("KLUv/QRYKQAAMTAsMwqYRcw9"))
        )
        let joined = first + second
        #expect(try Packing.zstd.expanded(joined) == Array("x,y\n1,4\n10,3\n".utf8))
        for count in 1..<joined.count where count != first.count {
            #expect(throws: PackingError.self, "\(count) bytes") {
                try Packing.zstd.expanded(Array(joined.prefix(count)))
            }
        }
        #expect(throws: PackingError.self) { try Packing.zstd.expanded(joined + [1, 2, 3, 4, 5]) }
    }

    @Test func `what is not packed is not taken for it`() {
        #expect(Packing([]) == nil && Packing([0x1F]) == nil && Packing(Array("x,y\n".utf8)) == nil)
    }
}
