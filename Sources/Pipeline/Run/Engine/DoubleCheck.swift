/// When a new result has to come out twice before it is published.
package enum DoubleCheck: Sendable {
    /// Never: whoever runs it compares by itself.
    case never
    /// Where a stage says `check: twice`.
    case whereAsked
    /// Also wherever a stage starts a program.
    case everyProgram
}
