import Canon
import Glibc
import System

extension Store {
    /// Removes what no kept run and no pin reaches.
    ///
    /// Needs the store opened `exclusive`: no other process can then be using it. Results go before
    /// the blobs that they name, so that a kill in between leaves a store that is whole.
    package func collectGarbage(_ policy: GarbagePolicy, dryRun: Bool) throws -> GarbageReport {
        try requireWritable()
        let pins = try namesInFolder("\(path)/pins")
        let keptPins = pins.filter { policy.keepsAdded || !$0.hasPrefix(Store.addedPrefix) }
        var (kept, dropped) = try sortRuns(policy)
        var reach = try reachable(from: kept.map { $0.json }, pins: keptPins)
        if let size = policy.size {
            while bytesOnDisk(reach.blobs) > size, let oldest = kept.popLast() {
                dropped.append(oldest.name)
                reach = try reachable(from: kept.map { $0.json }, pins: keptPins)
            }
        }
        var report = GarbageReport()
        report.runs = dropped
        try removeResults(keeping: reach.keys, dryRun: dryRun, &report)
        try removeBlobs(keeping: reach.blobs, dryRun: dryRun, &report)
        var files = dropped.map { "runs/\($0).json" }
        files += pins.filter { !keptPins.contains($0) }.map { "pins/\($0)" }
        files += try namesInFolder("\(path)/checkpoints").map { "checkpoints/\($0)" }
        for file in files { report.bytes += try remove("\(path)/\(file)", dryRun: dryRun) }
        if !dryRun { try removeRemains(&report) }
        return report
    }

    /// The runs that a policy keeps, newest first, and the names of the others.
    private func sortRuns(
        _ policy: GarbagePolicy
    ) throws -> (kept: [(name: String, json: JSON)], dropped: [String]) {
        var kept: [(name: String, json: JSON)] = []
        var dropped: [String] = []
        var counts: [String: (all: Int, complete: Int)] = [:]
        let now = time(nil)
        for name in try runNames() {
            guard let record = try run(name) else {
                dropped.append(name)
                continue
            }
            let experiment = record["experiment"]?.text ?? ""
            let isComplete = Store.isComplete(record)
            counts[experiment, default: (0, 0)].all += 1
            if isComplete { counts[experiment, default: (0, 0)].complete += 1 }
            let (all, complete) = counts[experiment] ?? (0, 0)
            let isRecent = policy.age.map { now - (Store.seconds(ofRun: name) ?? now) <= $0 }
            // A run of a part, or one that broke off, does not stand for the whole one before it.
            let isCounted = policy.runs.map { all <= $0 || isComplete && complete <= $0 }
            // Either rule alone keeps a run; with no rule every run is kept.
            let keeps = [isRecent, isCounted].compactMap { $0 }
            if keeps.isEmpty || keeps.contains(true) {
                kept.append((name, record))
            } else {
                dropped.append(name)
            }
        }
        return (kept, dropped)
    }

    /// Whether a record is of a run that had every action of its experiment and reached all of them.
    private static func isComplete(_ record: JSON) -> Bool {
        record["outcome"] == "done" && record["isWhole"] != .bool(false)
            && (record["actions"]?.elements ?? []).allSatisfy { $0["state"] != "pending" }
    }

    private func removeResults(
        keeping keys: Set<Digest>, dryRun: Bool, _ report: inout GarbageReport
    ) throws {
        for key in try keysOfResults() where !keys.contains(key) {
            report.results += 1
            report.bytes += try remove(Store.resultPath(path, key), dryRun: dryRun)
        }
        report.bytes += try removeConflicts(keeping: keys, dryRun: dryRun)
        report.bytes += try removeSignatures(keeping: keys, dryRun: dryRun)
    }

    private func removeBlobs(
        keeping blobs: Set<Digest>, dryRun: Bool, _ report: inout GarbageReport
    ) throws {
        for digest in try allBlobs() {
            let blob = Store.blobPath(path, digest)
            if blobs.contains(digest) {
                report.keptBytes += sizeOfFile(blob) ?? 0
            } else {
                report.blobs += 1
                report.bytes += try remove(blob, dryRun: dryRun)
            }
        }
    }

    /// Removes what programs that were killed left, and what was found damaged.
    private func removeRemains(_ report: inout GarbageReport) throws {
        for name in try namesInFolder("\(path)/tmp") {
            let file = "\(path)/tmp/\(name)"
            // By the lock its owner knows the folder, and removes it with the next command.
            if report.left.contains(where: { "\($0).lock" == file }) { continue }
            do {
                try removeTree(file)
            } catch let error as OperationalError where error.code == .permission {
                report.left.append(file)
            }
        }
        for name in try namesInFolder("\(path)/quarantine") {
            try removeTree("\(path)/quarantine/\(name)")
        }
    }

    private func reachable(
        from runs: [JSON], pins: [String]
    ) throws -> (keys: Set<Digest>, blobs: Set<Digest>) {
        var keys: Set<Digest> = []
        var blobs: Set<Digest> = []
        for name in pins {
            guard let bytes = try readWholeFile("\(path)/pins/\(name)"),
                let pins = try? JSON(parsing: bytes).elements
            else { continue }
            for pin in pins {
                if let digest = pin.text.flatMap({ try? Digest(hex: $0) }) {
                    keys.insert(digest)
                    blobs.insert(digest)
                }
            }
        }
        for run in runs {
            for file in run["files"]?.elements ?? [] {
                if let digest = file.text.flatMap({ try? Digest(hex: $0) }) { blobs.insert(digest) }
            }
            for action in run["actions"]?.elements ?? [] {
                if let key = action["key"]?.text.flatMap({ try? Digest(hex: $0) }) {
                    keys.insert(key)
                }
                // A frozen action has its outputs by their digests: there may be no result of it.
                if action["frozen"] == true {
                    let outputs = (action["outputs"]?.members ?? [:]).values
                    blobs.formUnion(outputs.compactMap { $0.text.flatMap { try? Digest(hex: $0) } })
                }
            }
        }
        for key in keys {
            blobs.insert(key)
            // Whoever made them: what a policy refuses today it may take tomorrow, and results with other
            // bits under one key are evidence.
            let all = try candidates(for: key, layer: 0)
            for found in try all.isEmpty ? [result(for: key)?.result].compactMap(\.self) : all {
                for output in found.outputs { blobs.insert(output.digest) }
                if let log = found.log { blobs.insert(log) }
            }
        }
        return (keys, blobs)
    }

    /// Removes the results that stand beside others under keys that nothing reaches.
    ///
    /// - Returns: the bytes that they took.
    private func removeConflicts(keeping keys: Set<Digest>, dryRun: Bool) throws -> Int {
        var bytes = 0
        for shard in try namesInFolder("\(path)/actions") {
            for name in try namesInFolder("\(path)/actions/\(shard)")
            where name.contains(".conflict-") {
                if let key = try? Digest(hex: shard + name.prefix(62)), keys.contains(key) {
                    continue
                }
                bytes += try remove("\(path)/actions/\(shard)/\(name)", dryRun: dryRun)
            }
        }
        return bytes
    }

    private func bytesOnDisk(_ digests: Set<Digest>) -> Int {
        digests.reduce(0) { $0 + (sizeOfFile(Store.blobPath(path, $1)) ?? 0) }
    }

    private func remove(_ path: String, dryRun: Bool) throws -> Int {
        let size = sizeOfFile(path) ?? 0
        if !dryRun { try removeTree(path) }
        return size
    }

    /// The seconds since 1970 that a run's name tells; `nil` for another kind of name.
    static func seconds(ofRun name: String) -> Int? {
        let numbers = name.prefix(19).split { "-T".contains($0) }.compactMap { Int32($0) }
        guard numbers.count == 6 else { return nil }
        var parts = unsafe tm()
        unsafe parts.tm_year = numbers[0] - 1900
        unsafe parts.tm_mon = numbers[1] - 1
        unsafe parts.tm_mday = numbers[2]
        unsafe parts.tm_hour = numbers[3]
        unsafe parts.tm_min = numbers[4]
        unsafe parts.tm_sec = numbers[5]
        return unsafe timegm(&parts)
    }
}
