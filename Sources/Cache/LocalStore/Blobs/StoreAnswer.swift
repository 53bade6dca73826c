/// What another store says about one object.
package enum StoreAnswer<Value: Sendable>: Sendable {
    /// It is there.
    case found(Value)
    /// It is not there.
    case absent
    /// What is there is not what it should be.
    case bad(String)
}
