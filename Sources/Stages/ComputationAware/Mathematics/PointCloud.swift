package import Numerics

/// Points whose coordinates are counted in length scales, in rows and in columns.
package struct PointCloud {
    /// How many points, and coordinates of each.
    package let count, dimensions: Int
    let rows, columns: Buffer<Double>

    /// Wraps coordinates `[count, dimensions]`.
    package init(_ coordinates: [Double], dimensions: Int, lengthscale: Double) {
        count = coordinates.count / dimensions
        self.dimensions = dimensions
        rows = Buffer(coordinates.map { $0 / lengthscale })
        columns = Buffer(count: coordinates.count)
        for place in 0..<coordinates.count {
            columns[place % dimensions * count + place / dimensions] = rows[place]
        }
    }

    /// Some of the points, in the order asked for.
    package func chosen(_ places: [Int]) -> PointCloud {
        let coordinates = places.flatMap {
            rows.elements(($0 * dimensions)..<(($0 + 1) * dimensions))
        }
        return PointCloud(coordinates, dimensions: dimensions, lengthscale: 1)
    }

    /// Places in so many groups that lie together: parts along the widest coordinate, again and again.
    ///
    /// Equal coordinates stay in the order of their places.
    package func cells(_ number: Int) -> [[Int]] {
        precondition(number >= 1 && number <= count, "\(number) groups of \(count) points")
        var done: [[Int]] = []
        var open = [(places: Array(0..<count), groups: number)]
        while let (places, groups) = open.popLast() {
            guard groups > 1 else {
                done.append(places)
                continue
            }
            let widths = (0..<dimensions).map { axis in
                let values = places.map { columns[axis * count + $0] }
                return (values.max() ?? 0) - (values.min() ?? 0)
            }
            let axis = widths.firstIndex(of: widths.max() ?? 0) ?? 0
            let sorted = places.sorted {
                let (a, b) = (columns[axis * count + $0], columns[axis * count + $1])
                return a == b ? $0 < $1 : a < b
            }
            let part = places.count * (groups / 2) / groups
            open.append((Array(sorted[part...]), groups - groups / 2))
            open.append((Array(sorted[..<part]), groups / 2))
        }
        return done
    }
}

/// The covariance of a Gaussian process of mean 0 and variance 1, and the arithmetic that evaluates it.
package struct Covariance {
    /// Its form.
    package let family: RadialFamily
    /// What multiplies.
    package let arithmetic: Arithmetic

    /// Names both.
    package init(_ family: RadialFamily, arithmetic: Arithmetic) {
        self.family = family
        self.arithmetic = arithmetic
    }

    /// K(a, b), `[a.count, b.count]`, all of it.
    package func matrix(_ a: PointCloud, _ b: PointCloud) -> Buffer<Double> {
        let out = Buffer<Double>(count: a.count * b.count)
        fill(a, 0..<a.count, b, 0..<b.count, into: MatrixPlace(out, stride: b.count))
        return out
    }

    /// Some rows and columns of K(a, b).
    func fill(
        _ a: PointCloud, _ rows: Range<Int>, _ b: PointCloud, _ columns: Range<Int>,
        into out: MatrixPlace<Double>
    ) {
        family.covariances(
            m: rows.count, n: columns.count, dimensions: a.dimensions,
            MatrixPlace(a.rows, at: rows.lowerBound * a.dimensions, stride: a.dimensions),
            MatrixPlace(b.columns, at: columns.lowerBound, stride: b.count), into: out,
            kernels: arithmetic.kernels)
    }

    /// V·K(a, b) for V `[height, a.count]`: the covariances are evaluated by tiles, and never stored.
    ///
    /// - Complexity: a.count·b.count covariances, twice height times as many operations; memory of a tile.
    package func product(
        _ v: Buffer<Double>, from start: Int = 0, height: Int, _ a: PointCloud, _ b: PointCloud,
        into out: Buffer<Double>, at target: Int = 0
    ) {
        let (tall, wide) = (256, 512)
        let tile = Buffer<Double>(count: tall * wide)
        for left in stride(from: 0, to: b.count, by: wide) {
            let columns = left..<min(b.count, left + wide)
            for top in stride(from: 0, to: a.count, by: tall) {
                let rows = top..<min(a.count, top + tall)
                fill(a, rows, b, columns, into: MatrixPlace(tile, stride: wide))
                arithmetic.product(
                    m: height, n: columns.count, k: rows.count,
                    MatrixPlace(v, at: start + top, stride: a.count),
                    MatrixPlace(tile, stride: wide),
                    into: MatrixPlace(out, at: target + left, stride: b.count),
                    start: top == 0 ? .zero : .target)
            }
        }
    }
}
