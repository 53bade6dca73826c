import Canon
import Glibc
import System

extension Store {
    /// Removes what no kept run and no pin reaches.
    ///
    /// Needs the store opened `exclusive`: no other process can then be using it. All records and pins are
    /// read first, and nothing is removed where one of them cannot be. Results go before the blobs that they
    /// name, so that a kill in between leaves a store that is whole.
    ///
    /// - Throws: ``OperationalError``; `corrupt` naming the records and pins that cannot be read.
    package func collectGarbage(_ policy: GarbagePolicy, dryRun: Bool) throws -> GarbageReport {
        try requireWritable()
        try requireNoLease()
        let (roots, droppedPins) = try garbageRoots(policy)
        var (kept, dropped) = policy.sort(roots.runs, now: time(nil))
        var reach = try reachable(from: kept, pins: roots.pins)
        if let size = policy.size {
            while bytesOnDisk(reach.blobs) > size, let oldest = kept.popLast() {
                dropped.append(oldest)
                reach = try reachable(from: kept, pins: roots.pins)
            }
        }
        var report = GarbageReport()
        report.runs = dropped.map { $0.name }
        try removeResults(keeping: reach.keys, dryRun: dryRun, &report)
        try removeBlobs(keeping: reach.blobs, dryRun: dryRun, &report)
        for file in dropped.map({ "runs/\($0.file)" }) + droppedPins.map({ "pins/\($0)" }) {
            report.bytes += try remove(file, dryRun: dryRun)
        }
        report.bytes += try removeLogs(keeping: reach.keys, dryRun: dryRun)
        try removeRemains(dryRun: dryRun, &report)
        return report
    }

    private func removeResults(
        keeping keys: Set<Digest>, dryRun: Bool, _ report: inout GarbageReport
    ) throws {
        for key in try keysOfResults() where !keys.contains(key) {
            report.results += 1
            report.bytes += try remove(
                "actions/\(key.hex.prefix(2))/\(key.hex.dropFirst(2)).json", dryRun: dryRun)
        }
        report.bytes += try removeConflicts(keeping: keys, dryRun: dryRun)
        report.bytes += try removeSignatures(keeping: keys, dryRun: dryRun)
    }

    private func removeBlobs(
        keeping blobs: Set<Digest>, dryRun: Bool, _ report: inout GarbageReport
    ) throws {
        for digest in try allBlobs() {
            if blobs.contains(digest) {
                report.keptBytes += sizeOfFile(Store.blobPath(path, digest)) ?? 0
            } else {
                report.blobs += 1
                report.bytes += try remove(
                    "cas/\(digest.hex.prefix(2))/\(digest.hex.dropFirst(2))\(Store.blobSuffix)",
                    dryRun: dryRun)
            }
        }
    }

    /// Removes what programs that were killed left, kept states, and what was found damaged.
    private func removeRemains(dryRun: Bool, _ report: inout GarbageReport) throws {
        for area in ["tmp", "quarantine", "checkpoints"] {
            guard let folder = try folder(area) else { continue }
            for entry in try folder.entries() {
                let file = "\(folder.path)/\(entry.text)"
                // By the lock its owner knows the folder, and removes it with the next command.
                if report.left.contains(where: { "\($0).lock" == file }) { continue }
                let status = try folder.status(of: entry)
                if !dryRun {
                    do {
                        try folder.remove(entry)
                    } catch let error as OperationalError
                        where error.code == .permission && area != "quarantine"
                    {
                        report.left.append(file)
                        continue
                    }
                }
                report.count(entry, in: area, bytes: Int(status?.st_size ?? 0))
            }
        }
    }

    private func reachable(
        from runs: [RecordedRun], pins: [KeptPin]
    ) throws -> (keys: Set<Digest>, blobs: Set<Digest>) {
        let pinned = pins.flatMap { $0.digests }
        var keys = Set(pinned)
        // What a run gave stays though its result is damaged: it is good, and saves its next reader.
        var blobs = Set(pinned)
        var trees: Set<Digest> = []
        var seen: Set<ObjectIdentifier> = []
        for part in runs.flatMap({ $0.parts }) where seen.insert(ObjectIdentifier(part)).inserted {
            keys.formUnion(part.keys)
            blobs.formUnion(part.blobs)
            for outputs in part.outputs.values { blobs.formUnion(outputs) }
            trees.formUnion(part.trees)
        }
        for key in keys {
            blobs.insert(key)
            // Whoever made them: what a policy refuses today it may take tomorrow, and results with other
            // bits under one key are evidence.
            let all = try candidates(for: key, layer: 0)
            for found in try all.isEmpty ? [result(for: key)?.result].compactMap(\.self) : all {
                for output in found.outputs { blobs.insert(output.digest) }
                if let log = found.log { blobs.insert(log) }
                trees.formUnion(found.outputs.filter { $0.isTree }.map { $0.digest })
            }
        }
        for digest in trees { blobs.formUnion(try files(ofTree: digest) ?? []) }
        return (keys, blobs)
    }

    /// Removes the results that stand beside others under keys that nothing reaches.
    ///
    /// - Returns: the bytes that they took.
    private func removeConflicts(keeping keys: Set<Digest>, dryRun: Bool) throws -> Int {
        try removeFiles(in: "actions", dryRun: dryRun) { name, key in
            name.contains(".conflict-") && !(key.map(keys.contains) ?? false)
        }
    }

    private func bytesOnDisk(_ digests: Set<Digest>) -> Int {
        digests.reduce(0) { $0 + (sizeOfFile(Store.blobPath(path, $1)) ?? 0) }
    }

    /// Removes the files of a folder of shards that are chosen by their names and the keys in them.
    ///
    /// - Returns: the bytes that they took.
    func removeFiles(in area: String, dryRun: Bool, where chosen: (String, Digest?) -> Bool) throws
        -> Int
    {
        var bytes = 0
        for shard in try folder(area)?.entries() ?? [] where shard.kind == .folder {
            guard let folder = try folder("\(area)/\(shard.text)") else { continue }
            for entry in try folder.entries() {
                let key = try? Digest(hex: shard.text + entry.text.prefix(62))
                guard chosen(entry.text, key) else { continue }
                bytes += Int(try folder.status(of: entry)?.st_size ?? 0)
                if !dryRun { try folder.remove(entry) }
            }
        }
        return bytes
    }

    /// Removes a file of the store, by its path in it and through no link.
    ///
    /// - Returns: the bytes that it took.
    private func remove(_ file: String, dryRun: Bool) throws -> Int {
        let entry = FolderEntry(ProjectFolder.name(of: file))
        guard let folder = try folder(ProjectFolder.folder(of: file)) else { return 0 }
        let size = Int(try folder.status(of: entry)?.st_size ?? 0)
        if !dryRun { try folder.remove(entry) }
        return size
    }
}
