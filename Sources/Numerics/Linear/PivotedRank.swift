/// The numerical rank of a matrix, by Gram and Schmidt with pivoting and two passes.
///
/// At each step the row with the longest remainder becomes a direction and is taken out of all rows. Unlike
/// the eigenvalues of a Gram matrix, which lose half of the digits, remainders fall to the rounding of the
/// elements. Source: Golub & Van Loan, *Matrix Computations*, 4th ed., §5.4.2 (QR with column pivoting).
/// Bits: fixed; sums run in order.
package struct PivotedRank: Sendable {
    /// The lengths of the remainders that became directions, relative to the first; then the first that did
    /// not, where there is one.
    ///
    /// Each is within a factor √rows of the singular value at its place.
    package let pivots: [Double]
    /// How many directions there are.
    package let rank: Int

    /// Reduces `matrix` `[rows, columns]`; a remainder of at most `tolerance` times the first is none.
    ///
    /// - Complexity: 4 · rows · columns · (rank + 1) flop; memory for a copy of the matrix.
    package init(_ matrix: [Double], rows: Int, columns: Int, tolerance: Double = 1e-9) {
        precondition(matrix.count == rows * columns, "\(matrix.count) of \(rows)×\(columns)")
        var rest = matrix
        var pivots: [Double] = []
        var rank = 0
        var first = 0.0
        while rank < min(rows, columns) {
            var (longest, place) = (-1.0, 0)
            for row in 0..<rows {
                var sum = 0.0
                for index in row * columns..<(row + 1) * columns {
                    sum += rest[index] * rest[index]
                }
                if sum > longest { (longest, place) = (sum, row) }
            }
            let length = max(0, longest).squareRoot()
            if rank == 0 { first = length }
            guard length > tolerance * first else {
                if first > 0 { pivots.append(length / first) }
                break
            }
            pivots.append(length / first)
            rank += 1
            let direction = rest[place * columns..<(place + 1) * columns].map { $0 / length }
            // Twice: what rounding left of the direction in the first pass goes in the second.
            for row in 0..<rows {
                for _ in 0..<2 {
                    let start = row * columns
                    var sum = 0.0
                    for column in 0..<columns { sum += direction[column] * rest[start + column] }
                    for column in 0..<columns { rest[start + column] -= sum * direction[column] }
                }
            }
        }
        self.pivots = pivots
        self.rank = rank
    }
}
