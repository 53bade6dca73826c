/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix of up to some thousand rows.
///
/// Method: Householder's reduction to tridiagonal form, then implicit QL steps; the rotations reach the
/// vectors in strips of columns. Source: Golub & Van Loan, *Matrix Computations*, 4th ed., §8.3; EISPACK's
/// `tql2`. Bits: fixed; sums are the kernels' (docs/NUMERICS.md); the `blas` profile takes LAPACK's `dsyevd`.
/// Error: the matrix is within some n·u of one with exactly these values; vectors are orthogonal as well.
/// `SymmetricEigen` says why there are two.
///
/// ```swift
/// let arithmetic = try Arithmetic.portable()
/// let values = try EigenDecomposition([2, 1, 1, 2], order: 2, arithmetic: arithmetic).values  // 1, 3
/// ```
public struct EigenDecomposition {
    /// The eigenvalues, ascending.
    public let values: [Double]
    /// Row i is the unit eigenvector of value i; its sign is fixed, but says nothing.
    public let vectors: Buffer<Double>

    /// Decomposes a symmetric matrix `[n, n]` of finite numbers.
    ///
    /// - Complexity: about 9·n³ flop; memory for 2·n² numbers.
    /// - Throws: ``NumericsError`` when the matrix is not symmetric and finite.
    public init(_ matrix: [Double], order n: Int, arithmetic: Arithmetic) throws(NumericsError) {
        precondition(matrix.count == n * n && n >= 0, "\(matrix.count) elements, order \(n)")
        var most = 0.0
        for row in 0..<n {
            for column in 0...row {
                let value = matrix[row * n + column]
                guard value.isFinite && value == matrix[column * n + row] else {
                    throw NumericsError(
                        description: "symmetric eigenproblem: elements (\(row), \(column)) and "
                            + "(\(column), \(row)) are \(value) and \(matrix[column * n + row])\n"
                            + "  fix: give a symmetric matrix of finite numbers")
                }
                most = max(most, value.magnitude)
            }
        }
        // A power of two brings the greatest element to 1 or so: exact, and nothing overflows.
        let scale = most > 0 ? most.binade : 1
        if let blas = arithmetic.blas {
            var rows = matrix
            guard let found = blas.eigen(&rows, order: n) else {
                throw NumericsError(
                    description: "symmetric eigenproblem of order \(n): LAPACK's dsyevd did not "
                        + "converge\n  fix: unset BITLAW_NUMERICS, and tell us of the matrix")
            }
            values = found
            vectors = Buffer(rows)
            return
        }
        var reduction = Tridiagonal(matrix.map { $0 / scale }, n, arithmetic)
        let rotated = try reduction.diagonalize(arithmetic)
        let order = (0..<n).sorted { (rotated[$0], $0) < (rotated[$1], $1) }
        values = order.map { rotated[$0] * scale }
        vectors = Buffer(count: n * n)
        for (place, row) in order.enumerated() {
            vectors.store(
                reduction.vectors.elements(
                    (row * reduction.stride)..<(row * reduction.stride + n)), at: place * n)
        }
    }
}

/// QᵀAQ with diagonal and subdiagonal, and Qᵀ in rows.
private struct Tridiagonal {
    let order: Int
    /// Elements from one row to the next: a power of two would put all rows at one place of a cache.
    let stride: Int
    var diagonal: [Double]
    /// Element i stands between diagonal i and i + 1; the last is 0.
    var beside: [Double]
    let vectors: Buffer<Double>

    init(_ matrix: [Double], _ n: Int, _ arithmetic: Arithmetic) {
        order = n
        stride = n + 8
        let stride = stride
        diagonal = Array(repeating: 0, count: n)
        beside = Array(repeating: 0, count: n)
        vectors = Buffer(count: n * stride)
        let a = Buffer<Double>(count: n * stride)
        for row in 0..<n {
            vectors[row * stride + row] = 1
            a.store(Array(matrix[(row * n)..<((row + 1) * n)]), at: row * stride)
        }
        let (v, w) = (Buffer<Double>(count: n), Buffer<Double>(count: n))
        let (minusV, minusW) = (Buffer<Double>(count: n), Buffer<Double>(count: n))
        var factors = [Double](repeating: 0, count: n)
        for k in 0..<max(0, n - 1) {
            let size = n - k - 1
            diagonal[k] = a[k * stride + k]
            let first = a[k * stride + k + 1]
            for place in 0..<size { v[place] = a[k * stride + k + 1 + place] }
            v[0] = 0
            arithmetic.vectorProduct(m: 1, k: size, MatrixPlace(v, stride: size), v, into: w)
            let rest = w[0]
            guard rest > 0 else {
                beside[k] = first
                continue
            }
            let length = (first * first + rest).squareRoot()
            let beta = first > 0 ? -length : length
            let tau = (beta - first) / beta
            arithmetic.scale(v, 0..<size, by: 1 / (first - beta))
            v[0] = 1
            beside[k] = beta
            factors[k] = tau
            // The reflection's vector stays where its row was: the way back needs it.
            let inner = MatrixPlace(a, at: (k + 1) * stride + k + 1, stride: stride)
            for place in 0..<size { a[k * stride + k + 1 + place] = v[place] }
            arithmetic.vectorProduct(m: size, k: size, inner, v, into: w)
            arithmetic.scale(w, 0..<size, by: tau)
            arithmetic.vectorProduct(m: 1, k: size, MatrixPlace(w, stride: size), v, into: minusW)
            let half = -0.5 * tau * minusW[0]
            for place in 0..<size {
                w[place].addProduct(half, v[place])
                minusV[place] = -v[place]
                minusW[place] = -w[place]
            }
            arithmetic.rankTwo(m: size, n: size, minusV, w, minusW, v, into: inner)
        }
        if n > 0 { diagonal[n - 1] = a[(n - 1) * stride + n - 1] }
        for k in (0..<max(0, n - 1)).reversed() where factors[k] != 0 {
            let size = n - k - 1
            for place in 0..<size { v[place] = a[k * stride + k + 1 + place] }
            let inner = MatrixPlace(vectors, at: (k + 1) * stride + k + 1, stride: stride)
            arithmetic.vectorProduct(m: size, k: size, inner, v, into: w)
            arithmetic.scale(w, 0..<size, by: -factors[k])
            arithmetic.rankOne(m: size, n: size, w, v, into: inner)
        }
    }

    /// The larger times √(1 + (smaller/larger)²).
    private static func hypotenuse(_ a: Double, _ b: Double) -> Double {
        let (large, small) = (max(a.magnitude, b.magnitude), min(a.magnitude, b.magnitude))
        if large == 0 { return 0 }
        let ratio = small / large
        return large * (1 + ratio * ratio).squareRoot()
    }

    /// QL steps with implicit shifts until every subdiagonal element is negligible; the diagonal.
    mutating func diagonalize(_ arithmetic: Arithmetic) throws(NumericsError) -> [Double] {
        let n = order
        var queue = RotationQueue(vectors, n, stride, arithmetic)
        for low in 0..<n {
            var steps = 0
            while true {
                var high = low
                while high < n - 1 {
                    let size = diagonal[high].magnitude + diagonal[high + 1].magnitude
                    if beside[high].magnitude <= 0x1p-53 * size { break }
                    high += 1
                }
                if high == low { break }
                steps += 1
                guard steps <= 80 else {
                    throw NumericsError(
                        description: "symmetric eigenproblem: eigenvalue \(low) of \(n) did not "
                            + "converge in 80 steps\n  fix: please report the matrix")
                }
                step(low, high, &queue)
            }
        }
        queue.flush()
        return diagonal
    }

    private mutating func step(_ low: Int, _ high: Int, _ queue: inout RotationQueue) {
        var g = (diagonal[low + 1] - diagonal[low]) / (2 * beside[low])
        let r = Self.hypotenuse(g, 1)
        g = diagonal[high] - diagonal[low] + beside[low] / (g + (g < 0 ? -r : r))
        var (s, c, p) = (1.0, 1.0, 0.0)
        for i in (low..<high).reversed() {
            let (f, b) = (s * beside[i], c * beside[i])
            let r = Self.hypotenuse(f, g)
            beside[i + 1] = r
            if r == 0 {
                diagonal[i + 1] -= p
                beside[high] = 0
                return
            }
            (s, c) = (f / r, g / r)
            g = diagonal[i + 1] - p
            let t = (diagonal[i] - g) * s + 2 * c * b
            p = s * t
            diagonal[i + 1] = g + p
            g = c * t - b
            queue.add(i, c, s)
        }
        diagonal[low] -= p
        beside[low] = g
        beside[high] = 0
    }
}

/// Rotations that wait until there are many: then a strip of the vectors takes them all while it is in
/// a cache.
private struct RotationQueue {
    private let vectors: Buffer<Double>
    private let order, stride: Int
    private let arithmetic: Arithmetic
    private let cosines, sines: Buffer<Double>
    private let rows: Buffer<Int32>
    private var count = 0

    init(_ vectors: Buffer<Double>, _ order: Int, _ stride: Int, _ arithmetic: Arithmetic) {
        self.vectors = vectors
        self.order = order
        self.stride = stride
        self.arithmetic = arithmetic
        let capacity = 32 * max(1, order)
        cosines = Buffer(count: capacity)
        sines = Buffer(count: capacity)
        rows = Buffer(count: capacity)
    }

    mutating func add(_ row: Int, _ cosine: Double, _ sine: Double) {
        if count == rows.count { flush() }
        cosines[count] = cosine
        sines[count] = sine
        rows[count] = Int32(row)
        count += 1
    }

    mutating func flush() {
        arithmetic.rotate(
            count: count, cosines: cosines, sines: sines, rows: rows, height: order, width: order,
            MatrixPlace(vectors, stride: stride))
        count = 0
    }
}
