import Synchronization

/// A value that one thread leaves for another.
package final class Box<Value: Sendable>: Sendable {
    private let content = Mutex<Value?>(nil)

    /// An empty box.
    package init() {}

    /// What was left; `nil` where nothing was.
    package var value: Value? { content.withLock { $0 } }

    /// Leaves a value.
    package func set(_ value: Value) { content.withLock { $0 = value } }
}
