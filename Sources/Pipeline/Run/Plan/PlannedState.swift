/// What a run would do with an action.
package enum PlannedState: Sendable, Equatable {
    /// Its result is in this layer of the store.
    case cached(layer: Int)
    /// It has no result under its key.
    case willRun
    /// Something that it reads has to run first; whether it runs depends on the bits.
    case mayRun(after: Int)
}
