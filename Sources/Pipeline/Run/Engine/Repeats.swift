import Canon
import Experiment
import System

/// How often actions were executed again, so that none is for ever.
struct Repeats {
    /// How often an output that is damaged or gone is made again in one run.
    private static let mostRemakes = 2

    private var attempts: [Int: Int] = [:]
    private var remakes: [Digest: Int] = [:]

    /// Whether a failed attempt is repeated by its stage's rule; counts it if so.
    mutating func mayRetry(_ index: Int, _ rule: Retry, after end: AttemptEnd?) -> Bool {
        guard let end, rule.covers(end), attempts[index, default: 0] < rule.times else {
            return false
        }
        attempts[index, default: 0] += 1
        return true
    }

    /// How often an action was repeated by its stage's rule.
    func retries(of index: Int) -> Int { attempts[index, default: 0] }

    /// Whether an output is made again whose stored copies are damaged or gone; counts it if so.
    mutating func mayRemake(_ digest: Digest) -> Bool {
        guard remakes[digest, default: 0] < Repeats.mostRemakes else { return false }
        remakes[digest, default: 0] += 1
        return true
    }
}
