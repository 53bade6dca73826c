/// What the program says of itself.
enum Program {
    /// The version, as `--version` and run records tell it.
    static let version = "0.1.0"
}
