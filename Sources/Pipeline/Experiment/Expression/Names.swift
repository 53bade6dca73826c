import Canon

/// What the names in an expression stand for.
struct Names {
    /// The values, as expressions compute with them.
    private(set) var json: [String: JSON] = [:]
    /// The same values, as they were written.
    private(set) var values: [String: Value] = [:]

    /// The value of a name.
    subscript(name: String) -> Value? {
        get { values[name] }
        set {
            values[name] = newValue
            json[name] = newValue?.json
        }
    }
}
