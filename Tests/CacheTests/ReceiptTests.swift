import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing
import Trust

/// A receipt answers for files that are all as they were, and for nothing else.
@Suite struct ReceiptTests {
    private let folder = TemporaryFolder()
    private let store: Store
    private let account: AccountSecret
    private let request = Digest(of: [UInt8(7)].span)
    private var receipt = RunReceipt()

    init() throws {
        store = try Store.open("\(folder.path)/store")
        account = try #require(AccountSecret(bytes: Array(0..<32)))
        folder.write("experiment.yaml", Array("a".utf8))
        receipt.counts = "0 ran, 40 cached"
        receipt.lines = ["law: é", "next: bitlaw show"]
        receipt.files = ["\(folder.path)/experiment.yaml", "\(folder.path)/missing.yaml"]
        for number in UInt8(0)..<40 {
            let blob = try store.put([1, number])
            let key = Digest(of: [2, number].span)
            try store.publish(
                ActionResult(
                    key: key, kind: "test", version: 1,
                    outputs: [.init(name: "out", digest: blob, size: 2)], log: nil, seconds: 0.5,
                    madeAt: "2026-01-01T00:00:00Z"))
            receipt.results.append(key)
            receipt.blobs.append(blob)
        }
        receipt.results.sort()
        receipt.blobs.sort()
    }

    /// Keeps the receipt of a run that begins long after the last change.
    private func keep() throws -> Bool {
        try store.keep(receipt, of: request, begun: .max, rest: 0, by: account)
    }

    private var found: RunReceipt? { store.receipt(of: request, by: account) }

    private func path(_ area: String, _ digest: Digest, _ suffix: String) -> String {
        "store/\(area)/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))\(suffix)"
    }

    @Test func `what a run kept comes back word for word while its files are unchanged`() throws {
        #expect(found == nil)
        #expect(try keep())
        #expect(found == receipt)
        // Other files of the store do not count.
        try store.put([9, 9, 9])
        #expect(found == receipt)
        #expect(try keep() && found == receipt)
    }

    @Test(arguments: [
        "rm -f BLOB", "rm -f RESULT", "cp BLOB x; rm -f BLOB; mv x BLOB", "chmod 600 BLOB",
        "chmod u+w BLOB; echo >> BLOB", "chmod u+w BLOB; : > BLOB",
        "chmod u+w RESULT; echo >> RESULT",
        "rm -f BLOB; mkdir BLOB", "cp BLOB x; rm -f BLOB; ln -s \"$PWD/x\" BLOB",
        "printf b > experiment.yaml", "rm experiment.yaml", "echo > missing.yaml",
        "cp experiment.yaml x; mv x experiment.yaml", "rm -rf store/receipts",
        "rm -rf store/receipts; : > store/receipts", "for f in store/receipts/*; do : > $f; done",
        "for f in store/receipts/*; do head -c 40 $f > x; cat x > $f; done",
        "for f in store/receipts/*; do sed -i 's/40 cached/41 cached/' $f; done",
        "for f in store/receipts/*; do truncate -s -1 $f; done",
        "for f in store/receipts/*; do cp $f x; rm $f; ln -s \"$PWD/x\" $f; done",
    ])
    func `after any change of a file there is none, and nothing fails`(change: String) throws {
        #expect(try keep())
        let script = change.replacing("BLOB", with: path("cas", receipt.blobs[17], ".zst"))
            .replacing("RESULT", with: path("actions", receipt.results[17], ".json"))
        #expect(folder.run(script) == 0)
        #expect(found == nil)
    }

    @Test func `each byte of a receipt counts`() throws {
        #expect(try keep())
        let file = "\(folder.path)/store/receipts/\(request.hex)"
        let bytes = try #require(try readWholeFile(file))
        var generator = SeededGenerator(3)
        for _ in 0..<200 {
            var changed = bytes
            let place = Int.random(in: bytes.indices, using: &generator)
            changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            try writeWholeFile(changed, to: file, .none)
            #expect(found == nil, "a change at byte \(place) was not seen")
        }
        try writeWholeFile(bytes, to: file, .none)
        #expect(found == receipt)
    }

    @Test func `it answers the account and the request that it was made for alone`() throws {
        #expect(try keep())
        let other = try #require(AccountSecret(bytes: Array(1..<33)))
        #expect(store.receipt(of: request, by: other) == nil)
        let asked = Digest(of: [UInt8(8)].span)
        #expect(store.receipt(of: asked, by: account) == nil)
        folder.run("cp store/receipts/\(request.hex) store/receipts/\(asked.hex)")
        #expect(store.receipt(of: asked, by: account) == nil)
    }

    @Test func `none is kept where a file changed within the rest before the run, or is missing`()
        throws
    {
        var status = stat()
        try #require(unsafe stat("\(folder.path)/experiment.yaml", &status) == 0)
        let changed = status.st_ctim.tv_sec
        var file = receipt
        file.results = []
        file.blobs = []
        file.files = ["\(folder.path)/experiment.yaml"]
        for (begun, isKept) in [(changed, false), (changed + 3, false), (changed + 4, true)] {
            #expect(
                try store.keep(file, of: request, begun: begun, by: account) == isKept)
            #expect((found != nil) == isKept)
        }
        folder.run("rm -f \(path("cas", receipt.blobs[0], ".zst"))")
        #expect(try !keep())
    }

    @Test func `a store keeps a bounded number of them`() throws {
        for number in UInt8(0)..<60 {
            let request = Digest(of: [3, number].span)
            #expect(
                try store.keep(receipt, of: request, begun: .max, rest: 0, by: account))
            #expect(store.receipt(of: request, by: account) == receipt)
            #expect(try namesInFolder("\(folder.path)/store/receipts").count <= 16)
        }
    }
}
