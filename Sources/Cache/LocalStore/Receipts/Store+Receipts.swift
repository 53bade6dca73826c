package import Canon
import Glibc
import System
package import Trust

/// The receipts of runs that had nothing to do, `receipts/NAME`: each is named after what was asked.
extension Store {
    /// How many receipts a store keeps; with one more, all go.
    static let mostReceipts = 16
    /// The most bytes of a receipt that is read: of five million files.
    private static let largestReceipt = 320 << 20
    /// How many seconds before a run's begin its files have to be at rest: clocks of file systems are coarse,
    /// and two changes within one tick look like one.
    package static let restBeforeReceipt = 3

    private func receiptPath(_ request: Digest) -> String { "\(path)/receipts/\(request.hex)" }

    /// The receipt of a request, where the account made it and every file is still as the run saw it.
    ///
    /// Whatever is wrong with it, there is none: then the run looks at everything itself.
    package func receipt(of request: Digest, by account: AccountSecret) -> RunReceipt? {
        guard
            let bytes = try? readWholeFile(
                receiptPath(request), limit: Store.largestReceipt, followingLinks: false),
            bytes.count > 32
        else { return nil }
        let said = bytes[..<(bytes.count - 32)]
        guard let code = Digest.all(in: bytes[(bytes.count - 32)...]).first,
            AuthenticationCode(code) == account.code(.receipt, Store.digest(said, of: request)),
            let (receipt, seen) = RunReceipt.read(said)
        else { return nil }
        return look(at: receipt)?.seen == seen ? receipt : nil
    }

    /// Keeps the receipt of a run that began at a time, in seconds since 1970, unless one of its files was
    /// changed too shortly before, or since.
    ///
    /// - Returns: whether it is kept.
    @discardableResult
    package func keep(
        _ receipt: RunReceipt, of request: Digest, begun: Int, rest: Int = restBeforeReceipt,
        by account: AccountSecret
    ) throws -> Bool {
        if isReadOnly || layers.count > 1 { return false }
        guard let (seen, newest) = look(at: receipt), newest < begun - rest else { return false }
        let folder = "\(path)/receipts"
        try makeFolder(folder)
        let names = try namesInFolder(folder)
        if names.count >= Store.mostReceipts && !names.contains(request.hex) {
            for name in names { _ = unsafe unlink("\(folder)/\(name)") }
        }
        var bytes = receipt.bytes(seen: seen)
        bytes += account.code(.receipt, Store.digest(bytes[...], of: request)).bytes
        // Nobody waits for the disk: a torn receipt has another code.
        let draft = "\(path)/tmp/draft-\(randomName())"
        try writeWholeFile(bytes, to: draft, .none, isNew: true, mode: 0o600)
        return try place(draft, at: receiptPath(request), replacing: true)
    }

    /// What is authenticated: the receipt with what was asked, so that none answers another request.
    private static func digest(_ bytes: ArraySlice<UInt8>, of request: Digest) -> Digest {
        var hasher = SHA256Hasher()
        hasher.update(request.bytes.span)
        unsafe bytes.withUnsafeBytes { unsafe hasher.update(Span(_unsafeBytes: $0)) }
        return hasher.finalize()
    }

    /// Looks at every file of a receipt; `nil` where the store lacks one.
    private func look(at receipt: RunReceipt) -> (seen: Digest, newest: Int)? {
        var look = FileLook()
        for file in receipt.files { look.add(fileAt: file) }
        guard
            (try? look.add(receipt.results, area: "\(path)/actions", suffix: ".json")) == true,
            (try? look.add(receipt.blobs, area: "\(path)/cas", suffix: Store.blobSuffix)) == true
        else { return nil }
        let newest = look.newest
        return (look.finish(), newest)
    }
}
