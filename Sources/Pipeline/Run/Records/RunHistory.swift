package import Canon
package import LocalStore

/// What earlier runs of an experiment tell.
package enum RunHistory {
    /// The newest record of an experiment.
    package static func newest(in store: Store, experiment: String) throws -> (
        name: String, record: JSON
    )? {
        for name in try store.runNames().prefix(200) {
            if let record = try store.run(name), record["experiment"]?.text == experiment {
                return (name, record)
            }
        }
        return nil
    }
}
