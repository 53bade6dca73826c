import Canon
import LocalStore
import Remotes
import Run

/// What a pull counts while it goes on.
final class PullTally {
    /// The largest output that is taken.
    let most: Int
    /// The actions that were fetched.
    var fetched: [Int] = []
    /// Results that did not come, those that were left out among them.
    var missing = 0
    /// Results that the remote's rule did not let through.
    var refusals: [(name: String, reason: String)] = []
    /// Results with an output beyond the bound.
    private var leftOut = 0

    init(most: Int) { self.most = most }

    /// Results that are not there.
    var absent: Int { missing - leftOut }

    /// Whether a result is small enough; one that is not counts as left out.
    func isWanted(_ result: ActionResult) -> Bool {
        let isSmall = result.outputs.allSatisfy { $0.size <= most }
        if !isSmall { leftOut += 1 }
        return isSmall
    }

    /// What was refused, for people.
    var refusalLines: [String] {
        refusals.prefix(20).map { "refused: \($0.name): \($0.reason)" }
            + (refusals.count > 20 ? ["refused: \(refusals.count - 20) more"] : [])
    }

    /// What came and what did not, for people.
    func lines(_ count: TransferCount, remote: String, seconds: Double) -> [String] {
        var lines = [
            "pulled \(counted(count.results, "result")) and \(counted(count.blobs, "blob")) "
                + "(\(ByteCount.text(count.bytes))) from \(remote) in \(Duration.text(seconds))"
        ]
        if count.present > 0 {
            lines.append(
                counted(count.present, "result was here already", "results were here already"))
        }
        if absent > 0 {
            lines.append(
                counted(
                    absent, "result is not there: bitlaw run makes it",
                    "results are not there: bitlaw run makes them"))
        }
        if count.conflicts > 0 {
            lines.append(
                counted(count.conflicts, "key has a result", "keys have results")
                    + " with other bits; both are kept, see bitlaw why")
        }
        if leftOut > 0 {
            lines.append(
                counted(
                    leftOut, "result has an output beyond --max-size and stays there",
                    "results have an output beyond --max-size and stay there"))
        }
        return lines
    }
}
