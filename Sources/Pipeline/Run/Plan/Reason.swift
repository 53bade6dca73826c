package import Canon
import Experiment

/// Why an action has, or lacks, a result: the members of its key that differ from the last run's.
package enum Reason: Sendable, Equatable {
    /// No earlier run of the experiment had an action of this name.
    case neverRan
    /// The key is the one of the last run; its result is there.
    case unchanged
    /// The last run executed it, for this differs from the run before that; `nil` where that had no such
    /// action.
    case lastExecution(since: String, Told?)
    /// The key is the one of the last run, but its result or an output is gone, or it failed.
    case resultMissing
    /// A parameter has another value; `nil` where it did not exist.
    case parameter(String, old: JSON?, new: JSON?)
    /// The kind, or its version, is another.
    case kind(old: String, new: String)
    /// The derived seed is another.
    case seed(old: String, new: String)
    /// The arithmetic is another.
    case profile(old: String, new: String)
    /// A tool has other contents; `nil` where there was none of its name.
    case tool(String, old: String?, new: String?)
    /// An input gives other bytes: the port, the producer, and the digests.
    case input(port: String, producer: String, old: String?, new: String?)
    /// Its stage is frozen: it gives what the lock file says.
    case frozen(lock: String)
    /// A partial input of it lacks these actions, which gave no result.
    case partial(without: [String])
    /// A file of the project has other bytes; how it differs, where both versions could be looked at.
    case file(port: String, path: String, old: Digest, new: Digest, change: FileChange?)
    /// The elements of an input stand in another order; `alone` where nothing else of it differs.
    case order(port: String, alone: Bool)
    /// Elements of an input have the same bytes at other coordinates: the first of them, and how many more.
    case moved(port: String, from: String, to: String, more: Int)
    /// The last run had the same key under another name, and the result is there.
    case renamed(from: String)
    /// An action of the last run, whose stage is gone, differs in nothing but the seed, which follows from
    /// the stage's name.
    case renamedStage(from: String, to: String)
    /// Something upstream has to run before the key is known.
    case upstream(String)

    /// The reason for people.
    package var text: String {
        switch self {
        case .neverRan: return "no earlier run of this experiment had an action of this name"
        case .unchanged:
            return "nothing changed: the last run had the same key, and its result is in the store"
        case .lastExecution(let run, let told):
            return "the last run executed it: since run \(run), "
                + (told.map { "this changed: \($0.text)" } ?? "which had no action of this name")
        case .resultMissing:
            return "the key is the one of the last run, but its result is not there"
        case .parameter(let name, let old, let new):
            return "parameter \(name): \(old?.shownParameter ?? "(none)") → "
                + "\(new?.shownParameter ?? "(none)")"
        case .kind(let old, let new): return "kind: \(old) → \(new)"
        case .seed(let old, let new): return "seed: \(old) → \(new)"
        case .profile(let old, let new): return "numerics profile: \(old) → \(new)"
        case .tool(let name, let old, let new):
            return "tool \(name): \(old?.prefix(12) ?? "(none)") → \(new?.prefix(12) ?? "(none)")"
        case .input(let port, let producer, let old, let new):
            return "input \(port) from \(producer): \(old?.prefix(12) ?? "(none)") → "
                + "\(new?.prefix(12) ?? "(none)")"
        case .frozen(let lock):
            return "frozen: it is not executed, and gives the outputs that \(lock) names"
        case .partial(let names):
            return "made without \(firstFew(names)), which gave no result"
        case .file(let port, let path, let old, let new, let change):
            return "input \(port) from \(path): \(old.short) → \(new.short)"
                + (change.map { "; \($0.summary)" } ?? "")
        case .order(let port, true): return "the order of `\(port)` changed (same contents)"
        case .order(let port, false): return "the order of `\(port)` changed as well"
        case .moved(let port, let from, let to, let more):
            return "the coordinates of `\(port)` changed (same contents): \(from) → \(to)"
                + (more == 0 ? "" : " (and \(more) more)")
        case .renamed(let name):
            return "nothing changed but the name: the last run had the same key as `\(name)`"
        case .renamedStage(let old, let new):
            return
                "`\(old)` of the last run differs in nothing but the seed, which follows from the "
                + "stage's name: write `stream: \(old)` in `\(new)` to use its results"
        case .upstream(let name): return "reads \(name), which has to run first"
        }
    }

    /// The lines of a file that changed, as `diff -u` shows them; nothing for other reasons.
    package var details: [String] {
        if case .file(_, _, _, _, let change) = self { return change?.details ?? [] }
        if case .lastExecution(_, let told) = self { return told?.details ?? [] }
        return []
    }

    /// A reason as it is told within another one.
    package struct Told: Sendable, Equatable {
        let text, topic: String
        let details: [String]
    }

    /// The words of the reason.
    var told: Told { Told(text: text, topic: topic, details: details) }

    /// The reason, said of another action.
    func of(_ action: String) -> Reason {
        if case .upstream = self { return self }
        return .upstream("\(action) (\(text))")
    }
}
