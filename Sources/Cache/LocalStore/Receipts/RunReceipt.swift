package import Canon
import System

/// What a run that had nothing to do, or a command that only looks, looked at, and what it said.
///
/// The same request is answered by it as long as every file that the run looked at is still the one that it
/// was. It is only a memory of this account: losing it costs time, and nothing is believed of it but what it
/// says about files that are all there, unchanged.
package struct RunReceipt: Equatable, Sendable {
    /// What a command wrote on its streams.
    package struct Said: Equatable, Sendable {
        /// On standard output.
        package let output: String
        /// On standard error.
        package let errors: String

        /// Takes what was written.
        package init(output: String, errors: String) {
            (self.output, self.errors) = (output, errors)
        }
    }

    /// What the run counted; `nil` where it was to say nothing of that.
    package var counts: String?
    /// The lines that it printed after its counts.
    package var lines: [String] = []
    /// All that a command which only looks wrote on its two streams; `nil` for a run.
    package var said: Said?
    /// The paths of the files outside the store that it read, or looked for.
    package var files: [String] = []
    /// The keys of the results that it took, in ascending order.
    package var results: [Digest] = []
    /// The blobs that these results name as outputs, in ascending order.
    package var blobs: [Digest] = []

    /// A receipt of nothing.
    package init() {}
}

/// A receipt as bytes: a line of canonical JSON, the 32 bytes of each key and each blob, and 32 bytes by
/// which the account authenticates all of it.
extension RunReceipt {
    /// What the first line says of the form.
    static let format = "bitlaw/receipt/1"

    /// Writes all but the code, with a digest of what the looks found.
    func bytes(seen: Digest) -> [UInt8] {
        var bytes = JSON.object([
            "blobs": .number(Double(blobs.count)), "counts": counts.map { .string($0) } ?? .null,
            "files": .array(files.map { .string($0) }), "format": .string(RunReceipt.format),
            "lines": .array(lines.map { .string($0) }),
            "results": .number(Double(results.count)),
            "said": said.map { ["errors": .string($0.errors), "output": .string($0.output)] }
                ?? .null,
            "seen": .string(seen.hex),
        ]).canonical()
        bytes.append(10)
        bytes.reserveCapacity(bytes.count + 32 * (results.count + blobs.count + 1))
        for digest in results + blobs { bytes += digest.bytes }
        return bytes
    }

    /// Reads what ``bytes(seen:)`` wrote; `nil` for anything else.
    static func read(_ bytes: ArraySlice<UInt8>) -> (receipt: RunReceipt, seen: Digest)? {
        guard let end = bytes.firstIndex(of: 10),
            let head = try? JSON(parsing: Array(bytes[..<end])), head["format"]?.text == format,
            let seen = head["seen"]?.text.flatMap({ try? Digest(hex: $0) }),
            let results = head["results"]?.integer, let blobs = head["blobs"]?.integer
        else { return nil }
        let digests = Digest.all(in: bytes[(end + 1)...])
        guard results >= 0, results <= digests.count, blobs == digests.count - results else {
            return nil
        }
        var receipt = RunReceipt()
        receipt.counts = head["counts"]?.text
        receipt.lines = (head["lines"]?.elements ?? []).compactMap { $0.text }
        if let output = head["said"]?["output"]?.text, let errors = head["said"]?["errors"]?.text {
            receipt.said = Said(output: output, errors: errors)
        }
        receipt.files = (head["files"]?.elements ?? []).compactMap { $0.text }
        receipt.results = Array(digests[..<results])
        receipt.blobs = Array(digests[results...])
        return (receipt, seen)
    }
}
