package import Canon

/// Who executes the actions of an engine that executes none itself.
package protocol ActionDelegate: AnyObject {
    /// Takes what has no result and can be executed, and tells what happened since the last call.
    ///
    /// Called at least ten times a second; `wanted` is called when it is of use.
    ///
    /// - Throws: ``OperationalError`` where nobody can execute anything any more.
    func exchange(_ wanted: () -> [DelegatedAction]) throws -> [DelegateNews]

    /// What the record of the run tells of it.
    var record: JSON { get }
}

/// An action that somebody else is to execute.
package struct DelegatedAction: Sendable {
    /// Its number in the graph.
    package let index: Int
    /// What it needs.
    package let need: NeedClass

    /// Its key; `nil` where that is not known yet.
    package let key: Digest?

    /// Names an action and its need.
    package init(index: Int, need: NeedClass, key: Digest? = nil) {
        self.index = index
        self.key = key
        self.need = need
    }
}

/// What somebody else did for an engine.
package enum DelegateNews: Sendable {
    /// A step of an action, for whoever shows the run.
    case event(RunEvent)
    /// An action was executed for this run, and its result is there.
    case executed(Int)
}
