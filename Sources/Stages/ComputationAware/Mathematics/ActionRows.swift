package import Numerics

/// The actions of an approximation: orthonormal rows S, `[count, points]`, dense or on few points each.
package enum ActionRows {
    /// Every number is stored.
    case dense(Buffer<Double>, count: Int)
    /// Each action stands on points of its own, which no other has, all with the same weight.
    case sparse([[Int]])

    /// How many there are.
    package var count: Int {
        switch self {
        case .dense(_, let count): count
        case .sparse(let cells): cells.count
        }
    }

    /// S·v for v `[points]`.
    package func times(_ v: [Double], arithmetic: Arithmetic) -> [Double] {
        switch self {
        case .dense(let rows, let count):
            let out = Buffer<Double>(count: count)
            arithmetic.vectorProduct(
                m: count, k: v.count, MatrixPlace(rows, stride: v.count), Buffer(v), into: out)
            return out.elements
        case .sparse(let cells):
            return cells.map { cell in
                cell.reduce(0.0) { $0 + v[$1] } / Double(cell.count).squareRoot()
            }
        }
    }

    /// S·Kᵀ-rows: for W `[count, points]`, the products W·Sᵀ, `[count, count]`.
    package func across(_ w: Buffer<Double>, points: Int, arithmetic: Arithmetic) -> [Double] {
        let height = w.count / max(points, 1)
        var out = [Double](repeating: 0, count: height * count)
        switch self {
        case .dense(let rows, let count):
            let buffer = Buffer<Double>(count: height * count)
            arithmetic.product(
                m: height, n: count, k: points, MatrixPlace(w, stride: points),
                MatrixPlace(rows, stride: points, isTransposed: true),
                into: MatrixPlace(buffer, stride: count))
            out = buffer.elements
        case .sparse(let cells):
            for row in 0..<height {
                for (column, cell) in cells.enumerated() {
                    let sum = cell.reduce(0.0) { $0 + w[row * points + $1] }
                    out[row * cells.count + column] = sum / Double(cell.count).squareRoot()
                }
            }
        }
        return out
    }

    /// S·K(points, others), `[count, others]`.
    package func covariances(
        _ points: PointCloud, _ others: PointCloud, _ covariance: Covariance
    ) -> Buffer<Double> {
        let out = Buffer<Double>(count: count * others.count)
        switch self {
        case .dense(let rows, let count):
            covariance.product(rows, height: count, points, others, into: out)
        case .sparse(let cells):
            for (place, cell) in cells.enumerated() {
                let weight = 1 / Double(cell.count).squareRoot()
                covariance.product(
                    Buffer([Double](repeating: weight, count: cell.count)), height: 1,
                    points.chosen(cell), others, into: out, at: place * others.count)
            }
        }
        return out
    }
}
