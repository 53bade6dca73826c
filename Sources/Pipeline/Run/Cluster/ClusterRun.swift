import Canon
import Glibc
package import LocalStore
import System

/// A run on a cluster as its folder describes it, so that another front end can go on with it.
package struct ClusterRun: Sendable {
    private static let format = "bitlaw/cluster/1"
    private static let file = "run.json"
    private static let done = "done.json"
    private static let cancelled = "cancelled.json"

    /// Its folder.
    package let folder: ClusterFolder
    /// The name of its executor.
    package let executor: String
    /// The experiment.
    package let experiment: String
    /// Where the front end was started.
    package let place: String
    /// What a pilot is asked to run: the words after `bitlaw run`.
    package let words: [String]
    /// The pilots that were started.
    package internal(set) var pilots: [String] = []
    /// How long a pilot stays that has nothing to do, in seconds.
    package let idle: Double
    /// The seconds that a pilot usually has.
    package let usualSeconds: Int
    /// How many seconds before its end a pilot is told.
    package let lead: Int
    /// When it began.
    package let begunAt: String
    /// When a front end found it done, or a person cancelled it; `nil` before.
    package internal(set) var endedAt: String?

    /// Begins a run; its folder is made.
    ///
    /// - Throws: ``OperationalError``.
    package init(
        _ experiment: String, words: [String], place: String, executor: ExecutorConfiguration,
        isDetached: Bool, in store: Store
    ) throws {
        let safe = experiment.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(24)
        folder = ClusterFolder("\(safe)-\(randomName().prefix(8))", in: store)
        self.executor = executor.name
        self.experiment = experiment
        self.place = place
        self.words = words
        // Nobody starts further pilots for one that is left alone.
        idle = isDetached ? max(executor.idle, 3600) : executor.idle
        usualSeconds = executor.seconds
        lead = executor.lead
        begunAt = Store.isoTime()
        try folder.make()
        try save()
    }

    /// Reads the run of a name; `nil` where there is none of this account.
    package init?(named name: String, in store: Store) {
        let folder = ClusterFolder(name, in: store)
        var status = stat()
        // Whoever may write the store may write there: what another account wrote tells of no job of ours.
        guard !name.hasPrefix("."), !name.contains("/"),
            unsafe lstat("\(folder.path)/\(ClusterRun.file)", &status) == 0,
            status.st_uid == geteuid(), let json = folder.read(ClusterRun.file),
            json["format"]?.text == ClusterRun.format, let executor = json["executor"]?.text,
            let experiment = json["experiment"]?.text, let place = json["place"]?.text
        else { return nil }
        self.folder = folder
        self.executor = executor
        self.experiment = experiment
        self.place = place
        words = (json["words"]?.elements ?? []).compactMap { $0.text }
        pilots = (json["pilots"]?.elements ?? []).compactMap { $0.text }
        idle = json["idle"]?.double ?? 60
        usualSeconds = json["usualSeconds"]?.integer ?? 0
        lead = json["lead"]?.integer ?? 0
        begunAt = json["begunAt"]?.text ?? ""
        let notes = [ClusterRun.done, ClusterRun.cancelled].lazy
        endedAt =
            json["endedAt"]?.text
            ?? notes.compactMap { folder.read($0)?["endedAt"]?.text }.first
    }

    /// The runs of this account in a store, newest first.
    package static func all(in store: Store) -> [ClusterRun] {
        let names = (try? namesInFolder(ClusterFolder.root(of: store))) ?? []
        return names.compactMap { ClusterRun(named: $0, in: store) }
            .sorted { $0.begunAt > $1.begunAt }
    }

    /// The run that goes on with the same words in the same place; `nil` where there is none.
    package static func open(
        _ experiment: String, words: [String], place: String, executor: String, in store: Store
    ) -> ClusterRun? {
        all(in: store).first {
            $0.endedAt == nil && $0.experiment == experiment && $0.words == words
                && $0.place == place && $0.executor == executor
        }
    }

    /// Removes the folders of runs of an experiment that ended, but for the newest.
    package static func clear(_ experiment: String, in store: Store) {
        let ended = all(in: store).filter { $0.experiment == experiment && $0.endedAt != nil }
        for run in ended.dropFirst() { try? removeTree(run.folder.path) }
    }

    /// Removes the folders of all runs of this account that ended, for `gc`.
    ///
    /// - Returns: their names, and how many others go on or were left.
    /// - Throws: ``OperationalError``.
    package static func clearAll(
        in store: Store, dryRun: Bool
    ) throws -> (removed: [String], open: Int) {
        let runs = all(in: store)
        let ended = runs.filter { $0.endedAt != nil }
        if !dryRun { for run in ended { try removeTree(run.folder.path) } }
        return (ended.map { $0.folder.name }, runs.count - ended.count)
    }

    /// Notes, by a file of its own, that all its actions have results; a pilot does, where nobody leads it.
    package static func noteDone(_ folder: ClusterFolder) {
        // Without the note the next front end finds it out.
        try? folder.write(["endedAt": .string(Store.isoTime())], to: done)
    }

    /// Notes, by a file of its own, that a person cancelled it: whoever leads it reads that and ends.
    ///
    /// - Throws: ``OperationalError``.
    package func noteCancelled() throws {
        try folder.write(["endedAt": .string(Store.isoTime())], to: ClusterRun.cancelled)
    }

    /// Whether a person cancelled it.
    var isCancelled: Bool { folder.read(ClusterRun.cancelled) != nil }

    /// Writes it down.
    ///
    /// - Throws: ``OperationalError``.
    package func save() throws {
        try folder.write(
            [
                "format": .string(ClusterRun.format), "executor": .string(executor),
                "experiment": .string(experiment), "place": .string(place),
                "words": .array(words.map { .string($0) }),
                "pilots": .array(pilots.map { .string($0) }), "idle": .number(idle),
                "usualSeconds": .number(Double(usualSeconds)), "lead": .number(Double(lead)),
                "begunAt": .string(begunAt), "endedAt": endedAt.map { .string($0) } ?? .null,
            ], to: ClusterRun.file)
    }

    /// Notes that it is over.
    ///
    /// - Throws: ``OperationalError``.
    package mutating func end() throws {
        endedAt = Store.isoTime()
        try save()
    }

    /// How many seconds a pilot of a class has.
    package func seconds(of need: NeedClass) -> Int {
        need.seconds > 0 ? need.seconds + lead + 120 : usualSeconds
    }
}
