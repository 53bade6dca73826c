import Canon
package import LocalStore

/// What earlier runs of an experiment tell.
package enum RunHistory {
    /// The newest record of an experiment; that of a pilot, which tells a part, where there is no other.
    ///
    /// Where a run is named, the newest of those before it.
    package static func newest(
        in store: Store, experiment: String, before other: String? = nil
    ) throws -> (name: String, record: RunDocument)? {
        var pilots: (name: String, record: RunDocument)?
        var names = try store.runNames()[...]
        if let other, let place = names.firstIndex(of: other) { names = names[(place + 1)...] }
        for name in names.prefix(200) {
            guard let record = try store.run(name),
                record.head["experiment"]?.text == experiment
            else { continue }
            if record.head["pilot"] == nil { return (name, record) }
            pilots = pilots ?? (name, record)
        }
        return pilots
    }
}
