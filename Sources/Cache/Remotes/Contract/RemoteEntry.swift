package import Canon
package import LocalStore
import Trust

/// What stands at a remote under an action key: every result that somebody gave, with signatures.
///
/// Canonical JSON; docs/FORMAT.md has the members.
package struct RemoteEntry: Equatable, Sendable {
    /// The action key.
    package let key: Digest
    /// The results, no two with the same outputs; the first is the one that was there first.
    package private(set) var results: [SignedResult]

    /// The largest entry that is read.
    package static let largest = 4 << 20
    /// The most results that an entry may have.
    package static let mostResults = 64

    /// An entry of one result.
    package init(_ result: SignedResult) {
        key = result.result.key
        results = [result]
    }

    /// The bytes at the remote.
    package var bytes: [UInt8] {
        let list = results.map { signed -> JSON in
            [
                // Who made it here tells others nothing.
                "result": signed.result.marked([]).json,
                "signatures": .array(
                    signed.signatures.map {
                        ["keyid": .string($0.keyID), "sig": .string(Base64.encode($0.bytes))]
                    }),
            ]
        }
        return JSON.object(["format": "bitlaw/entry/1", "results": .array(list)]).canonical()
    }

    /// Reads an entry; anything unexpected is refused, for nothing from outside is trusted.
    ///
    /// - Throws: ``ResultFormatError`` with what is wrong.
    package init(parsing bytes: [UInt8], key: Digest) throws(ResultFormatError) {
        func refused(_ reason: String) -> ResultFormatError { ResultFormatError(reason: reason) }
        guard bytes.count <= RemoteEntry.largest else {
            throw refused("it has \(bytes.count) bytes, more than \(RemoteEntry.largest)")
        }
        let json: JSON
        do { json = try JSON(parsing: bytes) } catch { throw refused("no JSON: \(error)") }
        guard json["format"]?.text == "bitlaw/entry/1", let list = json["results"]?.elements else {
            throw refused("expected format bitlaw/entry/1 with results")
        }
        guard !list.isEmpty, list.count <= RemoteEntry.mostResults else {
            throw refused("it has \(list.count) results, not 1 to \(RemoteEntry.mostResults)")
        }
        self.key = key
        results = []
        for item in list {
            guard let document = item["result"] else { throw refused("a result is missing") }
            let result = try ActionResult(json: document, key: key)
            var signatures: [DSSEEnvelope.Signature] = []
            for entry in (item["signatures"]?.elements ?? []).prefix(DSSEEnvelope.mostSignatures) {
                guard let name = entry["keyid"]?.text, name.utf8.count <= 64,
                    let bytes = entry["sig"]?.text.flatMap(Base64.decode), bytes.count == 64
                else { throw refused("a signature without keyid and 64 bytes of sig") }
                signatures.append(DSSEEnvelope.Signature(keyID: name, bytes: bytes))
            }
            add(SignedResult(result, signatures: signatures))
        }
    }

    /// Adds a result, or signatures to the one with the same outputs.
    ///
    /// - Returns: whether anything was new.
    @discardableResult
    package mutating func add(_ signed: SignedResult) -> Bool {
        if let place = results.firstIndex(where: { $0.result.outputs == signed.result.outputs }) {
            let before = results[place]
            results[place].add(signed.signatures)
            return results[place] != before
        }
        guard results.count < RemoteEntry.mostResults else { return false }
        results.append(signed)
        return true
    }

    /// About how many bytes of memory the entry takes.
    var weight: Int {
        results.reduce(0) { $0 + 512 + 256 * ($1.result.outputs.count + $1.signatures.count) }
    }

    /// The first result that a policy accepts, and that nothing `refuses` besides; or why there is none.
    func choose(
        _ policy: TrustPolicy, refuses: (SignedResult) throws -> String? = { _ in nil }
    ) rethrows -> Result<SignedResult, ResultFormatError> {
        var first: String?
        for signed in results {
            let reason =
                policy.accepts(signed) ? try refuses(signed) : policy.refusal(of: signed)
            guard let reason else { return .success(signed) }
            first = first ?? reason
        }
        return .failure(ResultFormatError(reason: first ?? "no result"))
    }
}

extension RemoteEntry {
    /// Where a server has what one signer said under a key: an address that only that signer's pushes
    /// write, and that whoever knows the signer can tell.
    ///
    /// The entry under the key itself gathers what all said. It is read, joined and written again, so
    /// that of two pushes at the same moment one may be lost there, and here none.
    static func address(_ key: Digest, by signer: VerifyingKey) -> Digest {
        Digest(of: Array("bitlaw/signed/1\n\(key.hex)\n\(signer.id.hex)".utf8).span)
    }
}
