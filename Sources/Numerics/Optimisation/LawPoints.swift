/// The points that a law was fitted to: what refits and intervals need of the data.
package struct LawPoints: Sendable {
    /// A column for each input of the form.
    package let x: [[Double]]
    /// What was measured.
    package let y: [Double]
    /// Weights; a point of weight 0 is none.
    package let weights: [Double]
    /// Rows that vary together; `nil` where every point varies by itself.
    package let groups: [[Int]]?

    /// Names points; without weights each counts once.
    package init(
        x: [[Double]], y: [Double], weights: [Double]? = nil, groups: [[Int]]? = nil
    ) {
        self.x = x
        self.y = y
        self.weights = weights ?? y.map { _ in 1 }
        self.groups = groups
    }

    /// How many points count.
    package var count: Int { weights.count { $0 > 0 } }
}
