/// How a new result is checked before it is published: what a stage says under `check`.
package enum ResultCheck: String, Sendable, CaseIterable {
    /// The action is executed two times, and both have to agree.
    case twice
    /// The program is killed once, goes on from its checkpoint, and has to end in the same bits.
    case resume

    /// What is done, for people.
    package var text: String {
        switch self {
        case .twice: "executed two times, and published only where the bits agree (check: twice)"
        case .resume:
            "killed once in its middle, and published only where it goes on to the same bits "
                + "(check: resume)"
        }
    }
}

extension Set<ResultCheck> {
    /// The checks in the order in which they are made.
    package var inOrder: [ResultCheck] { ResultCheck.allCases.filter(contains) }
}
