/// How a new result is checked before it is published: what a stage says under `check`.
package enum ResultCheck: String, Sendable, CaseIterable {
    /// The action is executed two times, and both have to agree.
    case twice
    /// The program is killed once, goes on from its checkpoint, and has to end in the same bits.
    case resume
}
