import Experiment
import LocalStore

/// When a new result has to come out twice before it is published.
package enum DoubleCheck: Sendable {
    /// Never: whoever runs it compares by itself.
    case never
    /// Where a stage says `check: twice`.
    case whereAsked
    /// Also wherever a stage starts a program.
    case everyProgram
}

/// The actions of a run that are executed two times before their results are published.
struct DoubleExecutions {
    /// What the first execution gave, until the second has ended.
    private var first: [Int: ActionResult] = [:]
    /// The actions whose two executions agreed, as far as their stage promises it.
    private(set) var agreed: Set<Int> = []

    /// Whether the first execution of an action gave a result.
    func hasBegun(_ index: Int) -> Bool { first[index] != nil }

    /// Keeps what the first execution gave.
    mutating func begin(_ index: Int, _ result: ActionResult) { first[index] = result }

    /// Takes what the first execution gave; `nil` where there was none.
    mutating func take(_ index: Int) -> ActionResult? { first.removeValue(forKey: index) }

    /// Notes that both executions agreed.
    mutating func agree(_ index: Int) { agreed.insert(index) }
}
