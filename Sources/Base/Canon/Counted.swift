/// A count with what it counts: `1 action`, `2 actions`, `1 action differs`, `2 actions differ`.
///
/// The plural takes an `s` unless `many` gives it.
package func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
}
