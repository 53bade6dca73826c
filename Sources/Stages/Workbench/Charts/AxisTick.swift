/// A value that is marked on an axis.
struct AxisTick: Equatable {
    let value: Double
    /// What stands beside it; `nil` for a mark alone.
    let label: String?

    /// The mark alone.
    var unlabelled: AxisTick { AxisTick(value: value, label: nil) }
}
