import System

/// Exact nearest neighbours by a k-d tree (Bentley, CACM 18 (1975)), in two or more dimensions.
///
/// Ties are settled by index, so the answer is that of a full search, bit for bit.
package struct KDTree: Sendable {
    private let dimension: Int
    private let points: [Double]
    /// The points' indices, arranged so that every node is a range with its median in the middle.
    private var order: [Int32]
    private var axes: [UInt8]

    /// The nearest points of one query: indices and squared distances, nearest first.
    package typealias Neighbour = (index: Int, squaredDistance: Double)

    private static let leafSize = 12

    /// Builds the tree over `points`, `[n, dimension]` row-major.
    ///
    /// - Complexity: n log n; 5 bytes for each point besides the points.
    package init(points: [Double], dimension: Int) {
        precondition(dimension > 0 && points.count % dimension == 0, "ragged points")
        self.dimension = dimension
        self.points = points
        let count = points.count / dimension
        order = (0..<Int32(count)).map { $0 }
        axes = Array(repeating: 0, count: count)
        var ranges = [(0, count)]
        while let (low, high) = ranges.popLast() {
            guard high - low > KDTree.leafSize else { continue }
            let axis = widestAxis(low, high)
            let middle = (low + high) / 2
            select(middle, low, high, axis)
            axes[middle] = UInt8(axis)
            ranges.append((low, middle))
            ranges.append((middle + 1, high))
        }
    }

    private func widestAxis(_ low: Int, _ high: Int) -> Int {
        var best = (axis: 0, width: -1.0)
        for axis in 0..<dimension {
            var (least, most) = (Double.infinity, -Double.infinity)
            for place in low..<high {
                let value = points[Int(order[place]) * dimension + axis]
                least = min(least, value)
                most = max(most, value)
            }
            if most - least > best.width { best = (axis, most - least) }
        }
        return best.axis
    }

    /// Hoare's selection by (coordinate, index), a total order.
    private mutating func select(_ target: Int, _ first: Int, _ end: Int, _ axis: Int) {
        var (low, high) = (first, end - 1)
        while low < high {
            let pivot = order[(low + high) / 2]
            let value = points[Int(pivot) * dimension + axis]
            var (i, j) = (low, high)
            while i <= j {
                while isBefore(order[i], value, pivot, axis) { i += 1 }
                while isAfter(order[j], value, pivot, axis) { j -= 1 }
                if i <= j {
                    order.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if target <= j { high = j } else if target >= i { low = i } else { return }
        }
    }

    private func isBefore(_ index: Int32, _ value: Double, _ pivot: Int32, _ axis: Int) -> Bool {
        let own = points[Int(index) * dimension + axis]
        return own < value || own == value && index < pivot
    }

    private func isAfter(_ index: Int32, _ value: Double, _ pivot: Int32, _ axis: Int) -> Bool {
        let own = points[Int(index) * dimension + axis]
        return own > value || own == value && index > pivot
    }

    /// The k nearest points, by distance, then index; all of them where there are fewer.
    ///
    /// - Complexity: about log n for points in general position, n at worst.
    package func nearest(_ query: [Double], k: Int) -> [Neighbour] {
        precondition(query.count == dimension && k > 0, "a query of \(query.count) numbers, k \(k)")
        var found: [Neighbour] = []
        found.reserveCapacity(k + 1)
        var stack: [(low: Int, high: Int, bound: Double)] = [(0, order.count, 0)]
        while let (low, high, bound) = stack.popLast() {
            if found.count == k && bound > found[k - 1].squaredDistance { continue }
            if high - low <= KDTree.leafSize {
                for place in low..<high { consider(Int(order[place]), query, k, &found) }
                continue
            }
            let middle = (low + high) / 2
            let index = Int(order[middle])
            consider(index, query, k, &found)
            let axis = Int(axes[middle])
            let offset = query[axis] - points[index * dimension + axis]
            let near = offset <= 0 ? (low, middle) : (middle + 1, high)
            let far = offset <= 0 ? (middle + 1, high) : (low, middle)
            stack.append((far.0, far.1, max(bound, offset * offset)))
            stack.append((near.0, near.1, bound))
        }
        return found
    }

    private func consider(_ index: Int, _ query: [Double], _ k: Int, _ found: inout [Neighbour]) {
        var distance = 0.0
        for axis in 0..<dimension {
            let offset = query[axis] - points[index * dimension + axis]
            distance += offset * offset
        }
        var place = found.count
        while place > 0,
            found[place - 1].squaredDistance > distance
                || found[place - 1].squaredDistance == distance && found[place - 1].index > index
        {
            place -= 1
        }
        if place == k { return }
        found.insert((index, distance), at: place)
        if found.count > k { found.removeLast() }
    }
}
