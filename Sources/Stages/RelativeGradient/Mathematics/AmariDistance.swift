/// How far a square matrix is from a permutation with scales: 0 where it is one, 1 where all elements are
/// of one size.
///
/// Σ over rows of (Σ|c|/max|c| − 1), and over columns, over 2d(d − 1): Amari, Cichocki & Yang, *A new
/// learning algorithm for blind signal separation* (1996), scaled to end at 1.
package func amariDistance(_ matrix: [Double], order d: Int) -> Double {
    precondition(matrix.count == d * d && d > 1, "\(matrix.count) elements, order \(d)")
    func excess(_ values: [Double]) -> Double {
        values.reduce(0, +) / (values.max() ?? 1) - 1
    }
    let sizes = matrix.map { $0.magnitude }
    let sum = (0..<d).reduce(0.0) { sum, line in
        sum + excess(Array(sizes[(line * d)..<((line + 1) * d)]))
            + excess((0..<d).map { sizes[$0 * d + line] })
    }
    return sum / Double(2 * d * (d - 1))
}
