package import Numerics

/// How actions are chosen.
package enum ActionPolicy: String, CaseIterable, Sendable {
    /// The Krylov space of K + σ²I and y: what conjugate gradients search.
    case cg
    /// Averages over cells of points that lie together.
    case blocks
    /// Single points: the rows that a partial Cholesky factorisation takes.
    case points
    /// Covariances with single points: what inducing points span.
    case inducing

    /// Whether the first actions of many are those of few.
    package var isNested: Bool { self != .blocks }

    /// Covariances that are evaluated and operations of products, for so many actions of n points.
    ///
    /// Products with tests are not counted. An operation is an addition or a multiplication.
    package func cost(
        actions i: Int, points n: Int, support: Int
    ) -> (evaluations: Double, operations: Double) {
        let (i, n, k) = (Double(i), Double(n), Double(support))
        // S·Kˆ·Sᵀ, Cholesky, L⁻¹·(S K).
        let solve = i * i * i / 3 + i * i * n
        switch self {
        case .cg: return (i * n * n, 2 * i * n * n + 4 * i * i * n + 2 * i * i * n + solve)
        case .inducing:
            return (i * n + n * n, 2 * i * n * n + 4 * i * i * n + 2 * i * i * n + solve)
        case .blocks: return (i * k * n, 2 * i * k * n + i * i * k + solve)
        case .points: return (i * n, i * i + solve)
        }
    }
}

/// What chooses actions: points, observations and the noise of the model.
package struct ActionChoice {
    /// The inputs.
    package let points: PointCloud
    /// What was observed there.
    package let observations: [Double]
    /// σ², the variance of the model's noise.
    package let noise: Double
    /// The process.
    package let covariance: Covariance

    /// Names them.
    package init(
        points: PointCloud, observations: [Double], noise: Double, covariance: Covariance
    ) {
        self.points = points
        self.observations = observations
        self.noise = noise
        self.covariance = covariance
    }

    /// So many actions, and W = S·K with them, `[count, points]`.
    ///
    /// `support` is how many points an action of `blocks` stands on; `nil` for all of its cell.
    package func rows(
        _ policy: ActionPolicy, count: Int, support: Int?, stream: inout RandomStream
    ) -> (rows: ActionRows, images: Buffer<Double>) {
        switch policy {
        case .cg: return krylov(count, &stream)
        case .points:
            let chosen = stream.permutation(points.count).prefix(count)
            let rows = ActionRows.sparse(chosen.map { [$0] })
            return (rows, rows.covariances(points, points, covariance))
        case .blocks:
            let cells = (count == 0 ? [] : points.cells(count)).map { cell in
                guard let support, support < cell.count else { return cell }
                return stream.permutation(cell.count).prefix(support).map { cell[$0] }.sorted()
            }
            let rows = ActionRows.sparse(cells)
            return (rows, rows.covariances(points, points, covariance))
        case .inducing:
            let chosen = points.chosen(Array(stream.permutation(points.count).prefix(count)))
            let raw = covariance.matrix(chosen, points)
            for row in 0..<count { orthonormalise(raw, row, &stream) }
            let rows = ActionRows.dense(raw, count: count)
            return (rows, rows.covariances(points, points, covariance))
        }
    }

    /// Lanczos' process, each row made orthogonal to all before.
    private func krylov(
        _ count: Int, _ stream: inout RandomStream
    ) -> (rows: ActionRows, images: Buffer<Double>) {
        let n = points.count
        let (rows, images) = (Buffer<Double>(count: count * n), Buffer<Double>(count: count * n))
        if count > 0 {
            rows.store(observations, at: 0)
            orthonormalise(rows, 0, &stream)
        }
        for row in 0..<count {
            covariance.product(
                rows, from: row * n, height: 1, points, points, into: images, at: row * n)
            guard row + 1 < count else { break }
            for place in 0..<n {
                rows[(row + 1) * n + place] =
                    images[row * n + place] + noise * rows[row * n + place]
            }
            orthonormalise(rows, row + 1, &stream)
        }
        return (.dense(rows, count: count), images)
    }

    /// Makes a row orthogonal to those before, twice, and of length 1; where nothing is left of it, a drawn
    /// one takes its place.
    private func orthonormalise(
        _ rows: Buffer<Double>, _ row: Int, _ stream: inout RandomStream
    ) {
        let (n, arithmetic) = (points.count, covariance.arithmetic)
        func length() -> Double {
            arithmetic.dot(rows, at: row * n, rows, at: row * n, count: n).squareRoot()
        }
        func normalise(_ length: Double) {
            for place in (row * n)..<((row + 1) * n) { rows[place] /= length }
        }
        let shares = Buffer<Double>(count: max(row, 1))
        var before = length()
        while true {
            if before > 0 { normalise(before) }
            for _ in 0..<2 {
                for other in 0..<row {
                    shares[other] = -arithmetic.dot(
                        rows, at: other * n, rows, at: row * n, count: n)
                }
                arithmetic.product(
                    m: 1, n: n, k: row, MatrixPlace(shares, stride: max(row, 1)),
                    MatrixPlace(rows, stride: n), into: MatrixPlace(rows, at: row * n, stride: n),
                    start: .target)
            }
            let left = length()
            if before > 0, left > 1e-10 { return normalise(left) }
            for place in (row * n)..<((row + 1) * n) { rows[place] = stream.normal() }
            before = length()
        }
    }
}
