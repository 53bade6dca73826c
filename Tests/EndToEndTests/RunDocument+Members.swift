import Canon
import LocalStore

extension RunDocument {
    /// A member of the record, the list of its actions among them.
    subscript(name: String) -> JSON? {
        guard name == "actions" else { return head[name] }
        var actions: [JSON] = []
        forEachAction { actions.append($0) }
        return hasActions ? .array(actions) : nil
    }
}
