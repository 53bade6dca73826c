import Experiment
import LocalStore

/// The actions of a run that are executed more than once before their results are published.
struct ResultChecks {
    /// An execution of such an action, by what it is for.
    enum Turn: Equatable {
        /// The first, whole: what it gives is published in the end.
        case first
        /// Another whole one.
        case second
        /// One that is killed in its middle.
        case killed
        /// One that goes on from the checkpoints of the killed one.
        case resumed
    }

    private struct Check {
        /// What the first execution gave.
        let first: ActionResult
        /// The executions that are left; the first of them has its turn.
        var left: [Turn]
    }

    private var open: [Int: Check] = [:]
    /// For each action how its result was checked, and agreed as far as its stage promises it.
    private(set) var passed: [Int: Set<ResultCheck>] = [:]

    /// Which execution of an action has its turn.
    func turn(of index: Int) -> Turn { open[index]?.left.first ?? .first }

    /// What the first execution gave; `nil` before it has ended.
    func first(of index: Int) -> ActionResult? { open[index]?.first }

    /// Keeps what the first execution gave; those that these checks ask for follow.
    mutating func begin(_ index: Int, _ first: ActionResult, _ checks: Set<ResultCheck>) {
        open[index] = Check(
            first: first,
            left: (checks.contains(.twice) ? [.second] : [])
                + (checks.contains(.resume) ? [.killed, .resumed] : []))
    }

    /// Ends the turn of an execution that came out as it should.
    ///
    /// - Returns: whether another follows.
    mutating func endTurn(of index: Int) -> Bool {
        switch turn(of: index) {
        case .second: passed[index, default: []].insert(.twice)
        case .resumed: passed[index, default: []].insert(.resume)
        case .first, .killed: break
        }
        open[index]?.left.removeFirst()
        guard open[index]?.left.isEmpty == true else { return true }
        open[index] = nil
        return false
    }

    /// Notes that checkpoints are gone: what was to go on from them is killed once more before.
    mutating func forgetKill(of index: Int) {
        if turn(of: index) == .resumed { open[index]?.left.insert(.killed, at: 0) }
    }

    /// Ends the check of an action that failed.
    mutating func giveUp(_ index: Int) {
        open[index] = nil
        passed[index] = nil
    }
}
