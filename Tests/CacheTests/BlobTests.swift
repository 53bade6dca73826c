import Canon
import LocalStore
import System
import TestSupport
import Testing

@Suite struct BlobTests {
    private func blobName(_ digest: Digest) -> String {
        "store/cas/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2)).zst"
    }

    private let text = Array("hello, hello, hello: some bytes that compress a little\n".utf8)

    @Test func `what is put comes back, and the zstd tool agrees on the digest`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        for bytes in [[], text, (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }] {
            let digest = try store.put(bytes)
            #expect(digest == Digest(of: bytes.span))
            #expect(try store.bytes(of: digest) == bytes)
            #expect(
                folder.run(
                    "test \"$(zstd -dcq '\(blobName(digest))' | sha256sum)\" = '\(digest)  -'") == 0
            )
            folder.write("file", bytes)
            #expect(try store.put(fileAt: "\(folder.path)/file").digest == digest)
            #expect(try store.restore(digest, to: "\(folder.path)/copy"))
            #expect(folder.run("cmp -s file copy") == 0)
        }
        #expect(store.damage.isEmpty)
        #expect(folder.run("test -z \"$(ls store/tmp)\"") == 0)
    }

    /// A few bits of a zstd frame do not matter to what it holds (a padding bit, say): a flip there
    /// leaves the very bytes that the name promises, and those may be served.
    @Test func `no flipped byte and no truncation of a blob ever gives other bytes`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let digest = try store.put(text)
        let good = folder.read(blobName(digest))
        var variants: [[UInt8]] = []
        for place in good.indices {
            for mask in [0x01, 0x80, 0xff] as [UInt8] {
                var bad = good
                bad[place] ^= mask
                variants.append(bad)
            }
            variants.append(Array(good[..<place]))
        }
        variants.append(good + [0])
        variants.append(good + good)
        var harmless = 0
        for bad in variants {
            folder.run("rm -f '\(blobName(digest))' copy")
            folder.write(blobName(digest), bad)
            let before = store.damage.count
            if let served = try store.bytes(of: digest) {
                #expect(served == text)
                harmless += 1
                continue
            }
            #expect(store.damage.count == before + 1)
            #expect(!store.contains(digest))
            #expect(try !store.restore(digest, to: "\(folder.path)/copy"))
            #expect(folder.run("test ! -e copy") == 0)
        }
        #expect(harmless <= 2)
        folder.run("rm -f '\(blobName(digest))'")
        try store.put(text)
        #expect(try store.bytes(of: digest) == text)
    }

    @Test func `two swapped blobs are both found`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let (a, b) = (try store.put([1, 2, 3]), try store.put([4, 5, 6]))
        folder.run(
            "mv '\(blobName(a))' x; mv '\(blobName(b))' '\(blobName(a))'; mv x '\(blobName(b))'")
        #expect(try store.bytes(of: a) == nil && store.bytes(of: b) == nil)
        #expect(
            store.damage.map { $0.reason } == ["its bytes hash to \(b)", "its bytes hash to \(a)"])
    }

    @Test func `a lower layer gives what the store lacks, verified and copied up`() throws {
        let folder = TemporaryFolder()
        let lower = try Store.open("\(folder.path)/lower")
        let (digest, other) = (try lower.put(text), try lower.put([9]))
        let store = try Store.open("\(folder.path)/store", also: [lower.path])
        #expect(store.layer(of: digest) == 1)
        #expect(try store.bytes(of: digest) == text)
        #expect(store.layer(of: digest) == 0)
        folder.run(
            "chmod u+w lower/cas/*/*; printf x > 'lower/cas/\(other.hex.prefix(2))/\(other.hex.dropFirst(2)).zst'"
        )
        #expect(try store.bytes(of: other) == nil)
        #expect(store.damage.count == 1)
        #expect(
            folder.run("test -e 'lower/cas/\(other.hex.prefix(2))/\(other.hex.dropFirst(2)).zst'")
                == 0)
    }

    @Test func `verify reads everything and names what is damaged`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let digests = try (0..<20).map { try store.put([UInt8($0), 1]) }
        folder.run("chmod u+w store/cas/*/*; printf x > '\(blobName(digests[7]))'")
        let report = try store.verify()
        #expect(report.blobs == 20)
        #expect(report.damage.count == 1)
        #expect(report.damage[0].path.hasSuffix("\(digests[7].hex.dropFirst(2)).zst"))
        #expect(try store.verify(sample: 5).blobs == 5)
    }
}
