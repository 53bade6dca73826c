/// The normal equations of the coefficients of a formula.
struct LinearSums {
    private let count: Int
    private var matrix: [Double]
    private var right: [Double]

    /// Nothing so far.
    init(_ count: Int) {
        self.count = count
        matrix = [Double](repeating: 0, count: count * count)
        right = [Double](repeating: 0, count: count)
    }

    /// Adds the points of a block.
    ///
    /// - Parameters:
    ///   - rows: the points.
    ///   - slopes: of all points, by each inner coefficient.
    ///   - weighted: the same times the weights.
    ///   - factors: what turns them into slopes by coordinates.
    ///   - places: the coordinates.
    ///   - targets: what the terms should sum to, of all points.
    mutating func add(
        _ rows: [Int], _ slopes: [[Double]], weighted: [[Double]], factors: [Double],
        _ places: [Int], _ targets: [Double]
    ) {
        for (a, j) in places.enumerated() {
            let own = weighted[a]
            right[j] += Elementwise.sum(own, targets, at: rows) * factors[a]
            for (b, k) in places[...a].enumerated() {
                let sum = Elementwise.sum(own, slopes[b], at: rows) * factors[a] * factors[b]
                matrix[j * count + k] += sum
                if j != k { matrix[k * count + j] += sum }
            }
        }
    }

    /// The best coefficients within their bounds; `nil` where nothing finite is found.
    func solution(within bounds: ArraySlice<FormulaCoordinate>, order: [Int]) -> [Double]? {
        guard matrix.allSatisfy({ $0.isFinite }), right.allSatisfy({ $0.isFinite }) else {
            return nil
        }
        return BoundedLeastSquares.solve(
            matrix, right, lower: bounds.map { $0.coefficients.lower },
            upper: bounds.map { $0.coefficients.upper }, order: order)
    }
}
