package import Canon
import Glibc
import System

extension Store {
    /// A new run's name: the time in UTC with microseconds, so that names sort as the runs ended,
    /// and what tells this run from another of the same instant.
    package static func makeRunName(_ identifier: String) -> String {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let digits = String(now.tv_nsec / 1000)
        let fraction = String(repeating: "0", count: 6 - digits.count) + digits
        let time = isoTime(now.tv_sec).replacing(":", with: "-")
        return "\(time)-\(fraction)\(identifier)"
    }

    /// The time of day in UTC, ISO 8601, whole seconds: for people, never compared.
    package static func isoTime(_ seconds: Int = time(nil)) -> String {
        var now = seconds
        var parts = unsafe tm()
        unsafe gmtime_r(&now, &parts)
        let numbers = unsafe [
            parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
            parts.tm_sec,
        ]
        let fields = numbers.map { ($0 < 10 ? "0" : "") + String($0) }
        return fields[..<3].joined(separator: "-") + "T" + fields[3...].joined(separator: ":") + "Z"
    }

    /// Keeps the record of a run.
    package func addRun(_ record: [UInt8], name: String) throws {
        try requireWritable()
        try writeWholeFile(
            record, to: "\(path)/runs/\(name).json", .durable, drafts: "\(path)/tmp")
    }

    /// The names of the runs, newest first.
    package func runNames() throws -> [String] {
        try namesInFolder("\(path)/runs").filter { $0.hasSuffix(".json") }
            .map { String($0.dropLast(5)) }.reversed()
    }

    /// The keys of every action of the runs that this user made here, whoever else uses the store.
    ///
    /// - Complexity: reads every run record.
    package func keysOfOwnRuns() throws -> Set<Digest> {
        var keys: Set<Digest> = []
        for name in try runNames() {
            var status = stat()
            guard unsafe lstat("\(path)/runs/\(name).json", &status) == 0,
                status.st_uid == geteuid(), let record = try run(name)
            else { continue }
            for action in record["actions"]?.elements ?? [] {
                if let key = action["key"]?.text.flatMap({ try? Digest(hex: $0) }) {
                    keys.insert(key)
                }
            }
        }
        return keys
    }

    /// The most bytes of a run's record, which has a line for each action: two million of them.
    package static let largestRunRecord = 512 << 20

    /// The record of a run; `nil` when it is missing or unreadable.
    package func run(_ name: String) throws -> JSON? {
        let limit = Store.largestRunRecord
        guard let bytes = try readWholeFile("\(path)/runs/\(name).json", limit: limit) else {
            return nil
        }
        return try? JSON(parsing: bytes)
    }
}
