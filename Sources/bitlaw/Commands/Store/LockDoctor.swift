import Canon
import Glibc
import LocalStore
import Run
import System

/// Tries whether a lock in a store that another process holds is seen here, and ends with that process.
struct LockDoctor {
    /// How long the other process holds its lock, in seconds.
    static let seconds = 3
    /// How long it may take to begin: a scheduler may let it wait.
    private static let patience = 120.0

    let store: Store

    /// The part of the other process: holds the lock for a moment.
    static func hold(_ name: String, in store: Store) throws {
        try LockTrial(name, in: store).hold { sleep(UInt32(seconds)) }
    }

    /// A line for this machine, one for each host of an executor, and one for what is used.
    func checks(_ executor: ExecutorConfiguration?) throws -> [DoctorCheck] {
        var checks = [
            try check("another process of this machine") { words in
                try TimedProgram(
                    words, environment: EnvironmentVariables.person.words,
                    seconds: LockDoctor.patience)
            }
        ]
        if let executor {
            let launcher = executor.opened(for: .person, folder: ProjectFolder.absolute("."))
            for place in launcher.places {
                checks.append(
                    try check(place) { words in
                        try launcher.begin(words, at: place, seconds: LockDoctor.patience)
                    })
            }
        }
        let text =
            store.usesLeases
            ? "used beside locks in \(store.path); --leases off ends that"
            : "not used in \(store.path): its locks have to reach all hosts"
        return checks + [DoctorCheck(name: "leases", state: "ok", text: text)]
    }

    private func check(
        _ place: String, _ begin: ([String]) throws -> TimedProgram
    ) throws -> DoctorCheck {
        let name = randomName()
        let trial = LockTrial(name, in: store)
        defer { trial.remove() }
        let program = linkTarget("/proc/self/exe") ?? "bitlaw"
        let other = try begin([program, "doctor", "--store", store.path, "--hold-lock", name])
        while !trial.isHeld {
            if let answer = other.poll() { return silent(place, answer.words) }
            usleep(20_000)
        }
        let isSeen = try !trial.isFree()
        let answer = other.wait()
        if isSeen && !answer.isGood { return silent(place, answer.words) }
        var tries = 0
        while isSeen, try !trial.isFree(), tries < 100 {
            tries += 1
            usleep(100_000)
        }
        if isSeen && tries < 100 {
            return DoctorCheck(
                name: "locks", state: "ok",
                text: "a lock that \(place) holds in \(store.path) is seen here, and ends with it")
        }
        let found =
            isSeen
            ? "does not end with its process" : "is not seen here: both may execute one action"
        return DoctorCheck(
            name: "locks", state: store.usesLeases ? "warn" : "fail",
            text: "a lock that \(place) holds in \(store.path) \(found)"
                + (store.usesLeases
                    ? "; leases are used"
                    : "\n  fix: bitlaw doctor --store \(store.path) --leases on"))
    }

    private func silent(_ place: String, _ words: String) -> DoctorCheck {
        DoctorCheck(
            name: "locks", state: "warn",
            text: "not tried with \(place), which never held a lock: \(words)")
    }
}
