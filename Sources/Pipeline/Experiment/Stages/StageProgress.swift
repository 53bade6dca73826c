/// How far an action is.
package struct StageProgress: Sendable, Equatable {
    /// Steps done.
    package let done: Int
    /// Steps in all.
    package let total: Int
    /// What a person wants to see.
    package let note: String

    /// Names a point of progress.
    package init(done: Int, total: Int, note: String) {
        self.done = done
        self.total = total
        self.note = note
    }
}
