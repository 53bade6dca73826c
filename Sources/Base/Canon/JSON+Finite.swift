extension JSON {
    /// A number, or `null` for what JSON has no number for.
    public static func finite(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        return .number(value)
    }
}
