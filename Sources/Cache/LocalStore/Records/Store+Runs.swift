package import Canon
import Glibc
import System
package import Trust

extension Store {
    /// A new run's name: the time in UTC with microseconds, the run's number in the store, and what tells
    /// this run from another of the same instant.
    ///
    /// The number is one more than the largest that is there: so names tell the order of the runs, though a
    /// clock was set back.
    package func makeRunName(_ identifier: String) throws -> String {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        let digits = String(now.tv_nsec / 1000)
        let fraction = String(repeating: "0", count: 6 - digits.count) + digits
        let time = Store.isoTime(now.tv_sec).replacing(":", with: "-")
        let number = try namesInFolder("\(path)/runs").map(Store.number(ofRun:)).max() ?? 0
        return "\(time)-\(fraction)-\(number + 1)-\(identifier)"
    }

    /// The number in a run's name; 0 for names that older versions made.
    private static func number(ofRun name: String) -> Int {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 8, let number = Int(parts[6]), (0..<1 << 52).contains(number) else {
            return 0
        }
        return number
    }

    /// Whether a run was named after another.
    package static func isNewer(_ name: String, _ other: String) -> Bool {
        let (number, before) = (number(ofRun: name), number(ofRun: other))
        return number == before ? name > other : number > before
    }

    /// The seconds since 1970 that a run's name, or a time in UTC, tells; `nil` for another kind of text.
    package static func seconds(of text: String) -> Int? {
        let numbers = text.prefix(19).split { "-T:".contains($0) }.compactMap { Int32($0) }
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

    /// Keeps the record of a run, with a last line that tells damage and which account made it.
    package func addRun(_ record: [UInt8], name: String, by account: AccountSecret? = nil) throws {
        try requireWritable()
        try makeFolder("\(path)/runs")
        try writeWholeFile(
            RecordSeal.sealed(record, by: account), to: "\(path)/runs/\(name).json", .durable,
            drafts: "\(path)/tmp")
    }

    /// The names of the runs, newest first.
    package func runNames() throws -> [String] {
        try namesInFolder("\(path)/runs").filter { $0.hasSuffix(".json") }
            .map { String($0.dropLast(5)) }.sorted(by: Store.isNewer)
    }

    /// The keys of every action that runs of the account executed, whoever else uses the store.
    ///
    /// - Complexity: reads every run record.
    package func keysExecuted(by account: AccountSecret?) throws -> Set<Digest> {
        guard let account else { return [] }
        var keys: Set<Digest> = []
        for name in try runNames() {
            guard let bytes = try record(name), RecordSeal.isMade(bytes, by: account),
                let record = try? RunDocument(bytes, name: name, in: self)
            else { continue }
            record.forEachAction { action in
                guard action["state"]?.text == "ran" else { return }
                if let key = action["key"]?.text.flatMap({ try? Digest(hex: $0) }) {
                    keys.insert(key)
                }
            }
        }
        return keys
    }

    /// Whether the account made the record of a run.
    package func isRun(_ name: String, madeBy account: AccountSecret?) throws -> Bool {
        guard let account, let bytes = try record(name) else { return false }
        return RecordSeal.isMade(bytes, by: account)
    }

    /// The most bytes of a run's record; those of older versions have a line for each action: two million of
    /// them.
    package static let largestRunRecord = 512 << 20

    /// The record of a run; `nil` when it is missing or unreadable.
    ///
    /// A changed record that can be read is given too: people read it, and only `gc` acts upon it. Damage is
    /// noted in ``damage``, and the file stays.
    package func run(_ name: String) throws -> RunDocument? {
        guard let bytes = try record(name) else { return nil }
        if RecordSeal.isBroken(bytes) {
            leaveRun(name, "its bytes have another SHA-256 than its last line says")
        }
        do {
            return try RunDocument(bytes, name: name, in: self)
        } catch let error as UnreadableFile {
            leaveRun(name, error.reason)
        } catch {
            leaveRun(name, "it is no whole JSON document (\(error))")
        }
        return nil
    }

    /// The bytes of a record; `nil` where it is missing, or cannot be read, which is noted.
    func record(_ name: String) throws -> [UInt8]? {
        let place = "\(path)/runs/\(name).json"
        do {
            return try readWholeFile(
                place, limit: Store.largestRunRecord, followingLinks: false)
        } catch let error as OperationalError {
            leaveRun(name, error.reason(at: place))
            return nil
        }
    }

    /// Notes damage of a record, which stays: `gc` removes nothing while it cannot be read.
    func leaveRun(_ name: String, _ reason: String) {
        note(Damage(path: "\(path)/runs/\(name).json", reason: reason, outcome: .stays))
    }
}
