/// What a tape computed at a set of points; reused from call to call.
package struct FormulaRoom: Sendable {
    /// The values of each step, `[step][n]`.
    var values: [[Double]] = []
    /// The slopes of each step by the parameters that it depends on, `[step][dependence][n]`.
    var slopes: [[[Double]]] = []
    /// Whether the steps that depend on no parameter hold their values.
    var isPrepared = false

    /// Makes room for the steps of a tape at n points; keeps what is there when it is right.
    mutating func reserve(_ tape: FormulaTape, points n: Int, slopes hasSlopes: Bool) {
        if values.count != tape.steps.count || values.first?.count != n {
            values = tape.steps.map { _ in [Double](repeating: 0, count: n) }
            slopes = []
            isPrepared = false
        }
        if hasSlopes && slopes.isEmpty {
            slopes = tape.steps.map { step in
                step.depends.map { _ in [Double](repeating: 0, count: n) }
            }
        }
    }
}
