import Cache

/// `bitlaw.yaml` at the top of a project: where its stores are.
package struct ProjectConfiguration: Sendable {
    /// The store, relative to the project; `nil` for the default.
    package var store: String?
    /// Further stores to read from.
    package var stores: [String] = []

    /// Reads the file; without one, everything is as by default.
    ///
    /// - Throws: ``ExperimentError`` with the place of a mistake.
    package static func load(project: String) throws -> ProjectConfiguration {
        let path = "\(project)/bitlaw.yaml"
        var configuration = ProjectConfiguration()
        guard let bytes = try readWholeFile(path) else { return configuration }
        let reader = try YAMLReader(path: path, bytes: bytes)
        let diagnostics = Diagnostics(source: reader.source)
        let root = try reader.read()
        if let members = checkedMapping(root, "bitlaw.yaml", ["store", "stores"], diagnostics) {
            func path(_ value: YAMLValue) -> String? {
                guard let text = value.text, !text.isEmpty else {
                    diagnostics.add(
                        "a store is \(value.found)", value.place, ["expected: the path of a folder"]
                    )
                    return nil
                }
                return text.hasPrefix("/") ? text : "\(project)/\(text)"
            }
            configuration.store = members["store"].flatMap(path)
            if let stores = members["stores"] {
                if let elements = stores.elements {
                    configuration.stores = elements.compactMap(path)
                } else {
                    diagnostics.add(
                        "`stores` is \(stores.found)", stores.place, ["expected: a list"])
                }
            }
        }
        try diagnostics.throwIfAny()
        return configuration
    }
}
