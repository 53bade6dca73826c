/// The factors P·A = L·U of a square matrix, with row exchanges; the diagonal of L is 1.
///
/// Blocks of 64 columns are eliminated column by column, what lies right of and below them by products.
/// Operations are counted where they are done. Error: P·A = L·U + E, |E| ≤ γ(n)|L||U| (Higham, *Accuracy
/// and Stability*, 2nd ed., theorem 9.3).
package struct LUFactor {
    /// Rows and columns.
    package let order: Int
    /// Additions, multiplications and divisions of the elimination; 2n³/3 where n is large.
    package private(set) var operations = 0
    /// U on and above the diagonal, −L below it.
    private let factors: Buffer<Double>
    /// Row i of P·A is row `places[i]` of A.
    private var places: [Int]
    private let arithmetic: Arithmetic
    private static let block = 64

    /// Factors a matrix `[n, n]`.
    ///
    /// - Complexity: 2n³/3 flop; allocates 8n² bytes.
    /// - Throws: ``NumericsError`` at the first pivot that is 0 or not finite.
    package init(
        _ matrix: Buffer<Double>, order n: Int, arithmetic: Arithmetic
    ) throws(NumericsError) {
        precondition(matrix.count == n * n, "\(matrix.count) elements, order \(n)")
        (order, self.arithmetic, places) = (n, arithmetic, Array(0..<n))
        factors = Buffer(count: n * n)
        factors.copy(matrix)
        let (left, row) = (Buffer<Double>(count: n), Buffer<Double>(count: n))
        for start in stride(from: 0, to: n, by: Self.block) {
            let end = min(n, start + Self.block)
            for column in start..<end { try eliminate(column, until: end, left, row) }
            guard end < n else { return }
            for column in start..<(end - 1) {
                takeColumn(column, rows: (column + 1)..<end, into: left)
                arithmetic.rankOne(
                    m: end - column - 1, n: n - end, left, factors, at: column * n + end,
                    into: MatrixPlace(factors, at: (column + 1) * n + end, stride: n))
                operations += 2 * (end - column - 1) * (n - end)
            }
            arithmetic.product(
                m: n - end, n: n - end, k: end - start,
                MatrixPlace(factors, at: end * n + start, stride: n),
                MatrixPlace(factors, at: start * n + end, stride: n),
                into: MatrixPlace(factors, at: end * n + end, stride: n), start: .target)
            operations += 2 * (n - end) * (n - end) * (end - start)
        }
    }

    /// log |det A|.
    package var logDeterminant: Double {
        (0..<order).reduce(0) { $0 + Elementary.log(factors[$1 * order + $1].magnitude) }
    }

    /// Writes A⁻¹, row-major.
    ///
    /// Of L·Y = 1 only those columns of a block are computed that can differ from 0.
    ///
    /// - Complexity: 5n³/3 flop where n is large.
    /// - Returns: how many operations it did.
    package func inverse(into inverse: Buffer<Double>) -> Int {
        precondition(inverse.count == order * order, "\(inverse.count) elements, order \(order)")
        let solution = Buffer<Double>(count: order * order)
        for place in 0..<order { solution[place * order + place] = 1 }
        let count = solveLower(solution) + solveUpper(solution)
        for row in 0..<order {
            for (column, place) in places.enumerated() {
                inverse[row * order + place] = solution[row * order + column]
            }
        }
        return count
    }

    private mutating func eliminate(
        _ column: Int, until end: Int, _ left: Buffer<Double>, _ row: Buffer<Double>
    ) throws(NumericsError) {
        let n = order
        func size(_ row: Int) -> Double { factors[row * n + column].magnitude }
        var pivot = column
        for row in column..<n where size(row) > size(pivot) { pivot = row }
        let value = factors[pivot * n + column]
        guard value != 0 && value.isFinite else {
            throw NumericsError(
                description: "LU: pivot \(column) of \(n) is \(value), expected a finite number "
                    + "that is not 0\n  fix: the matrix has no inverse; a smaller step may avoid it"
            )
        }
        if pivot != column {
            places.swapAt(pivot, column)
            for place in 0..<n {
                let kept = factors[column * n + place]
                factors[column * n + place] = factors[pivot * n + place]
                factors[pivot * n + place] = kept
            }
        }
        for row in (column + 1)..<max(n, column + 1) { factors[row * n + column] /= -value }
        let (below, right) = (n - column - 1, end - column - 1)
        operations += below + 2 * below * right
        guard below > 0 && right > 0 else { return }
        takeColumn(column, rows: (column + 1)..<n, into: left)
        row.store(factors.elements((column * n + column + 1)..<(column * n + end)), at: 0)
        arithmetic.rankOne(
            m: below, n: right, left, row,
            into: MatrixPlace(factors, at: (column + 1) * n + column + 1, stride: n))
    }

    private func takeColumn(
        _ column: Int, rows: Range<Int>, into left: Buffer<Double>, sign: Double = 1
    ) {
        for (place, row) in rows.enumerated() {
            left[place] = sign * factors[row * order + column]
        }
    }

    /// Replaces the unit matrix by L⁻¹.
    private func solveLower(_ solution: Buffer<Double>) -> Int {
        let n = order
        let left = Buffer<Double>(count: n)
        var count = 0
        for start in stride(from: 0, to: n, by: Self.block) {
            let end = min(n, start + Self.block)
            arithmetic.product(
                m: end - start, n: start, k: start,
                MatrixPlace(factors, at: start * n, stride: n), MatrixPlace(solution, stride: n),
                into: MatrixPlace(solution, at: start * n, stride: n), start: .target)
            count += 2 * (end - start) * start * start
            for column in start..<(end - 1) {
                takeColumn(column, rows: (column + 1)..<end, into: left)
                arithmetic.rankOne(
                    m: end - column - 1, n: end, left, solution, at: column * n,
                    into: MatrixPlace(solution, at: (column + 1) * n, stride: n))
                count += 2 * (end - column - 1) * end
            }
        }
        return count
    }

    /// Replaces Y by U⁻¹·Y.
    private func solveUpper(_ solution: Buffer<Double>) -> Int {
        let n = order
        let left = Buffer<Double>(count: n)
        let minus = Buffer<Double>(count: Self.block * n)
        var count = 0
        for start in stride(from: 0, to: n, by: Self.block).reversed() {
            let end = min(n, start + Self.block)
            let rest = n - end
            for row in start..<end {
                for place in 0..<rest {
                    minus[(row - start) * n + place] = -factors[row * n + end + place]
                }
            }
            if rest > 0 {
                arithmetic.product(
                    m: end - start, n: n, k: rest, MatrixPlace(minus, stride: n),
                    MatrixPlace(solution, at: end * n, stride: n),
                    into: MatrixPlace(solution, at: start * n, stride: n), start: .target)
                count += 2 * (end - start) * n * rest
            }
            for column in (start..<end).reversed() {
                let row = (column * n)..<((column + 1) * n)
                arithmetic.scale(solution, row, by: 1 / factors[column * n + column])
                takeColumn(column, rows: start..<column, into: left, sign: -1)
                arithmetic.rankOne(
                    m: column - start, n: n, left, solution, at: column * n,
                    into: MatrixPlace(solution, at: start * n, stride: n))
                count += n + 1 + 2 * (column - start) * n
            }
        }
        return count
    }
}
