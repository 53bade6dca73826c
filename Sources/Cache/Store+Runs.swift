import Glibc

extension Store {
    /// A new run's name: the time in UTC and eight random digits.
    package static func makeRunName() -> String {
        isoTime().replacing(":", with: "-") + "-" + randomName().prefix(8)
    }

    /// The time of day in UTC, ISO 8601, whole seconds: for people, never compared.
    package static func isoTime() -> String {
        var now = time(nil)
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
        try writeDurably(
            record, folder: "\(path)/runs", name: "\(name).json", temporary: "\(path)/tmp")
    }

    /// The names of the runs, newest first.
    package func runNames() throws -> [String] {
        try namesInFolder("\(path)/runs").filter { $0.hasSuffix(".json") }
            .map { String($0.dropLast(5)) }.reversed()
    }

    /// The record of a run; `nil` when it is missing or unreadable.
    package func run(_ name: String) throws -> JSON? {
        guard let bytes = try readFile("\(path)/runs/\(name).json") else { return nil }
        return try? JSON(parsing: bytes)
    }
}
