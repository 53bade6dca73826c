package import Canon
import Glibc
package import LocalStore
import System

/// The folder of one run on a cluster, `cluster/NAME` in its store: what its pilots and its front end tell
/// each other.
///
/// Results are none of it: they stand in the store as always.
package struct ClusterFolder: Sendable {
    /// A failure that a pilot met.
    package struct Failure: Sendable {
        /// Why the action failed.
        package let reason: String
        /// The end of its log.
        package let log: String

        /// Names a failure.
        package init(reason: String, log: String) {
            self.reason = reason
            self.log = log
        }

        /// Reads one as ``json`` has it; `nil` without a reason.
        package init?(_ json: JSON) {
            guard let reason = json["reason"]?.text else { return nil }
            self.init(reason: reason, log: json["log"]?.text ?? "")
        }

        /// As it stands in notes, and at a remote.
        package var json: JSON { ["reason": .string(reason), "log": .string(log)] }
    }

    /// What pilots noted of actions so far.
    struct Notes {
        var failed: Set<Digest> = []
        /// How often an action was given back for more memory.
        var attempts: [Digest: Int] = [:]
    }

    /// Where all runs of a store have their folders.
    package static func root(of store: Store) -> String { "\(store.path)/cluster" }

    /// Its place.
    package let path: String
    /// The store's folder for what is being written.
    private let drafts: String

    /// Names the folder of a run in a store; nothing is made.
    package init(_ name: String, in store: Store) {
        path = "\(ClusterFolder.root(of: store))/\(name)"
        drafts = "\(store.path)/tmp"
    }

    /// The run's name.
    package var name: String { ProjectFolder.name(of: path) }

    /// The folder with a file of events for each pilot.
    package var events: String { "\(path)/events" }
    /// The folder with what pilots print.
    package var logs: String { "\(path)/logs" }
    /// What a pilot printed.
    package func log(of pilot: String) -> String { "\(logs)/\(pilot).log" }
    /// What a pilot told of itself and its actions, a line of JSON each.
    package func events(of pilot: String) -> String { "\(events)/\(pilot).ndjson" }
    private var failed: String { "\(path)/failed" }
    private var again: String { "\(path)/again" }

    /// Makes the folder and those in it.
    ///
    /// - Throws: ``OperationalError``.
    package func make() throws {
        try makeFolder(ProjectFolder.folder(of: path))
        try makeFolder(path)
        for folder in [events, logs, failed, again] { try makeFolder(folder) }
    }

    /// Writes a file of the folder, whole or not at all.
    ///
    /// - Throws: ``OperationalError``.
    package func write(_ json: JSON, to name: String) throws {
        try writeWholeFile(
            json.canonical() + [10], to: "\(path)/\(name)", .durable, drafts: drafts)
    }

    /// Reads a file of the folder; `nil` where there is none that can be read.
    package func read(_ name: String) -> JSON? {
        let bytes = try? readWholeFile("\(path)/\(name)", followingLinks: false)
        return bytes.flatMap { $0 }.flatMap { try? JSON(parsing: $0) }
    }

    /// Adds to the files of a pilot what its letter tells.
    ///
    /// - Throws: ``OperationalError``.
    func keep(_ letter: PilotLetter, from pilot: String) throws {
        let lines: [UInt8] = letter.events.flatMap { (event: JSON) -> [UInt8] in
            event.canonical() + [10]
        }
        try ClusterFolder.add(lines, to: events(of: pilot))
        try ClusterFolder.add(Array(letter.printed.utf8), to: log(of: pilot))
    }

    /// Adds bytes to the end of a file, made where it is missing.
    ///
    /// - Throws: ``OperationalError``.
    package static func add(_ bytes: [UInt8], to path: String) throws {
        if bytes.isEmpty { return }
        let file = try FileHandle.required(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW)
        try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, path: path) }
    }

    /// Notes that an action failed, so that no other pilot tries it in this run.
    func noteFailure(of key: Digest, _ failure: Failure) {
        // Without the note another pilot tries it too: no reason to end this one.
        try? write(failure.json, to: "failed/\(key.hex)")
    }

    /// The failure of an action that a pilot of this run noted.
    func failure(of key: Digest) -> Failure? {
        read("failed/\(key.hex)").map { Failure($0) ?? Failure(reason: "", log: "") }
    }

    /// Notes that an action is to be executed again with more memory, by whoever has as much.
    func noteAttempt(_ number: Int, of key: Digest) {
        try? write(.object([:]), to: "again/\(key.hex)-\(number)")
    }

    /// What pilots noted so far: two folders are listed, whatever the number of actions.
    func notes() -> Notes {
        var notes = Notes()
        for name in (try? namesInFolder(failed)) ?? [] {
            if let key = try? Digest(hex: name) { notes.failed.insert(key) }
        }
        for name in (try? namesInFolder(again)) ?? [] {
            let parts = name.split(separator: "-")
            guard parts.count == 2, let key = try? Digest(hex: String(parts[0])),
                let number = Int(parts[1])
            else { continue }
            notes.attempts[key] = max(notes.attempts[key] ?? 0, number)
        }
        return notes
    }
}
