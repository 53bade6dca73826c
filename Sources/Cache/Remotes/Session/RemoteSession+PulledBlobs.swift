import Canon
import LocalStore
import System
import Trust

/// The blobs that results name: how much of them is taken, and in which order they come.
extension RemoteSession {
    /// Why a result's declared sizes are beyond what is taken.
    func tooLarge(_ result: ActionResult, _ slot: RemoteSlot) -> String? {
        for output in result.outputs where output.size > slot.largestBlob {
            return slot.tooLarge("output \(output.name)", bytes: output.size)
        }
        return tooLarge("its outputs", result.outputs.map { $0.size })
    }

    /// Why the declared sizes of the files of a result's folders, all of which came by name, are beyond what
    /// is taken.
    private func tooLarge(_ files: [WantedBlob], _ slot: RemoteSlot) -> String? {
        let sizes = files.map { $0.size ?? 0 }
        if let size = sizes.first(where: { $0 > slot.largestBlob }) {
            return slot.tooLarge("a file of its folders", bytes: size)
        }
        return tooLarge("the files of its folders", sizes)
    }

    /// Why things have too many bytes for the disk.
    private func tooLarge(_ what: String, _ sizes: [Int]) -> String? {
        let sum = sizes.reduce(0) { sum, size in
            let (next, overflow) = sum.addingReportingOverflow(size)
            return overflow ? .max : next
        }
        if sum < 1 << 20 { return nil }
        let free = store.freeBytes
        return sum > free
            ? "\(what) declare \(sum) bytes, but the disk of the store has \(free) left" : nil
    }

    /// Fetches what results name, with their `outputs` or without; all of it is in the store then.
    ///
    /// - Returns: what is missing, by the places of the results that lack an output.
    func takeBlobs(
        of chosen: [Chosen], from slot: RemoteSlot, outputs: Bool
    ) throws -> [Int: String] {
        let wanted = chosen.map { named(by: $0.signed.result, from: slot, outputs: outputs) }
        let lacking = try take(wanted, from: slot)
        var reasons: [Int: String] = [:]
        for (place, lacks) in lacking {
            // A log, or the description of the key, may be missing; no output may.
            let outputs = chosen[place].signed.result.outputs
            for lack in lacks where outputs.contains(where: { $0.digest == lack.digest }) {
                reasons[place] = "its output \(lack.digest.short)\(lack.reason)"
            }
        }
        if outputs { try takeFolders(of: chosen, from: slot, &reasons) }
        return reasons
    }

    /// Fetches the files of folders, whose manifests are in the store by now.
    private func takeFolders(
        of chosen: [Chosen], from slot: RemoteSlot, _ reasons: inout [Int: String]
    ) throws {
        var named = [[WantedBlob]](repeating: [], count: chosen.count)
        for (place, item) in chosen.enumerated() where reasons[place] == nil {
            guard let files = try store.filesOfTrees(in: item.signed.result) else {
                reasons[place] = "it names a folder, and what came is no manifest of one"
                continue
            }
            if let reason = tooLarge(files, slot) {
                reasons[place] = reason
            } else {
                named[place] = files
            }
        }
        for (place, lacks) in try take(named, from: slot) {
            if let lack = lacks.first {
                reasons[place] = "the file \(lack.digest.short) of a folder\(lack.reason)"
            }
        }
    }

    /// Fetches blobs that results name, each once; those that came are in the store then, durably.
    ///
    /// - Returns: what did not come, by the places of the results that name it.
    private func take(
        _ named: [[WantedBlob]], from slot: RemoteSlot
    ) throws -> [Int: [(digest: Digest, reason: String)]] {
        var wanted: [WantedBlob] = []
        var seen: Set<Digest> = []
        var readers: [Digest: [Int]] = [:]
        let batch = try BlobBatch(store: store, expecting: named.reduce(0) { $0 + $1.count })
        for (place, blobs) in named.enumerated() {
            for blob in blobs {
                readers[blob.digest, default: []].append(place)
                if seen.insert(blob.digest).inserted && !batch.isStored(blob.digest) {
                    wanted.append(blob)
                }
            }
        }
        if wanted.isEmpty { return [:] }
        var lacking: [Int: [(digest: Digest, reason: String)]] = [:]
        count.expected += wanted.reduce(0) { $0 + ($1.size ?? 0) }
        try slot.remote.fetch(wanted, into: batch) { blob, answer in
            func lacks(_ reason: String) {
                for place in readers[blob.digest] ?? [] {
                    lacking[place, default: []].append((blob.digest, reason))
                }
            }
            switch answer {
            case .found(let bytes):
                count.blobs += 1
                count.bytes += bytes
                onProgress(count)
            case .absent: lacks(" is not there")
            case .bad(let reason): lacks(": \(reason)")
            }
        }
        try batch.commit()
        return lacking
    }

    /// The blobs that a result names: the description of its key, and its outputs and log.
    private func named(
        by result: ActionResult, from slot: RemoteSlot, outputs: Bool
    ) -> [WantedBlob] {
        var named = [WantedBlob(result.key, size: nil)]
        if outputs {
            named += result.outputs.map { WantedBlob($0.digest, size: $0.size) }
            if let log = result.log {
                named.append(WantedBlob(log, size: nil, limit: slot.largestBlob))
            }
        }
        return named
    }
}
