package import Canon
import Glibc
import System

/// What `gc` keeps.
package struct GarbagePolicy: Sendable, Equatable {
    /// Keep this many of the newest runs of each experiment.
    package var runs: Int?
    /// Keep runs that are younger, in seconds.
    package var age: Int?
    /// Drop the oldest kept runs until what they reach fits into so many bytes on disk.
    package var size: Int?
    /// Keep the files that ``Store/pinAdded(_:)`` pinned, though no run read them.
    package var keepsAdded: Bool

    /// Names a policy; with nothing given, every run and every added file is kept.
    package init(runs: Int? = nil, age: Int? = nil, size: Int? = nil, keepsAdded: Bool = true) {
        self.keepsAdded = keepsAdded
        self.runs = runs
        self.age = age
        self.size = size
    }
}

/// What `gc` removed, or would remove.
package struct GarbageReport: Sendable, Equatable {
    /// Run records, by name.
    package var runs: [String] = []
    /// Action results.
    package var results = 0
    /// Blobs.
    package var blobs = 0
    /// Bytes on disk.
    package var bytes = 0
    /// Bytes on disk of what is kept.
    package var keptBytes = 0
    /// What only another account of the group may remove: left by programs of theirs that were killed.
    package var left: [String] = []
}

/// What the names of the pins of added files begin with.
private let addedPrefix = "added-"

extension Store {
    /// Pins a blob that a person put into the store by hand, until `gc` is told otherwise.
    ///
    /// - Throws: ``OperationalError``.
    package func pinAdded(_ digest: Digest) throws {
        try requireWritable()
        try makeFolder("\(path)/pins")
        try writeDurably(
            JSON.array([.string(digest.hex)]).canonical(), folder: "\(path)/pins",
            name: addedPrefix + digest.hex, temporary: "\(path)/tmp")
    }

    /// The blobs that people added to the store by hand, whether they are there or not.
    package func addedBlobs() throws -> [Digest] {
        try namesInFolder("\(path)/pins").compactMap { name in
            guard name.hasPrefix(addedPrefix) else { return nil }
            return try? Digest(hex: String(name.dropFirst(addedPrefix.count)))
        }
    }

    /// Removes what no kept run and no pin reaches.
    ///
    /// Needs the store opened `exclusive`: no other process can then be using it. Results go before
    /// the blobs that they name, so that a kill in between leaves a store that is whole.
    package func collectGarbage(_ policy: GarbagePolicy, dryRun: Bool) throws -> GarbageReport {
        try requireWritable()
        var report = GarbageReport()
        var kept: [(name: String, json: JSON)] = []
        var counts: [String: Int] = [:]
        let now = time(nil)
        let pins = try namesInFolder("\(path)/pins")
        let keptPins = pins.filter { policy.keepsAdded || !$0.hasPrefix(addedPrefix) }
        for name in try runNames() {
            guard let record = try run(name) else {
                report.runs.append(name)
                continue
            }
            let experiment = record["experiment"]?.text ?? ""
            counts[experiment, default: 0] += 1
            let isRecent = policy.age.map { now - (Store.seconds(ofRun: name) ?? now) <= $0 }
            let isCounted = policy.runs.map { (counts[experiment] ?? 0) <= $0 }
            // Either rule alone keeps a run; with no rule every run is kept.
            let keeps = [isRecent, isCounted].compactMap { $0 }
            if keeps.isEmpty || keeps.contains(true) {
                kept.append((name, record))
            } else {
                report.runs.append(name)
            }
        }
        var reach = try reachable(from: kept.map { $0.json }, pins: keptPins)
        if let size = policy.size {
            while try bytesOnDisk(reach.blobs) > size, let oldest = kept.popLast() {
                report.runs.append(oldest.name)
                reach = try reachable(from: kept.map { $0.json }, pins: keptPins)
            }
        }
        for key in try digests(in: "actions", suffix: ".json") where !reach.keys.contains(key) {
            report.results += 1
            report.bytes += try remove(Store.resultPath(path, key), dryRun: dryRun)
        }
        report.bytes += try removeConflicts(keeping: reach.keys, dryRun: dryRun)
        report.bytes += try removeSignatures(keeping: reach.keys, dryRun: dryRun)
        for digest in try digests(in: "cas", suffix: ".zst") {
            let blob = Store.blobPath(path, digest)
            if reach.blobs.contains(digest) {
                report.keptBytes += fileSize(blob)
            } else {
                report.blobs += 1
                report.bytes += try remove(blob, dryRun: dryRun)
            }
        }
        for name in report.runs {
            report.bytes += try remove("\(path)/runs/\(name).json", dryRun: dryRun)
        }
        for name in pins where !keptPins.contains(name) {
            report.bytes += try remove("\(path)/pins/\(name)", dryRun: dryRun)
        }
        for name in try namesInFolder("\(path)/checkpoints") {
            report.bytes += try remove("\(path)/checkpoints/\(name)", dryRun: dryRun)
        }
        if !dryRun {
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
        return report
    }

    private func reachable(
        from runs: [JSON], pins: [String]
    ) throws -> (keys: Set<Digest>, blobs: Set<Digest>) {
        var keys: Set<Digest> = []
        var blobs: Set<Digest> = []
        for name in pins {
            guard let bytes = try readFile("\(path)/pins/\(name)"),
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
            for action in run["actions"]?.elements ?? [] {
                if let key = action["key"]?.text.flatMap({ try? Digest(hex: $0) }) {
                    keys.insert(key)
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

    private func bytesOnDisk(_ digests: Set<Digest>) throws -> Int {
        digests.reduce(0) { $0 + fileSize(Store.blobPath(path, $1)) }
    }

    private func fileSize(_ path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    private func remove(_ path: String, dryRun: Bool) throws -> Int {
        let size = fileSize(path)
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
