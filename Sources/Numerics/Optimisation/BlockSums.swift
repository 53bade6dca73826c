/// What the points of one block add to an objective's derivatives, by the block's own coordinates.
struct BlockSums {
    private let coordinates: [Int]
    /// The gradient and what it is compared with, a pair for each coordinate.
    private var firsts: [Double]
    /// The lower triangles of the curvature and of its model, a pair for each entry, row by row.
    private var seconds: [Double]

    /// Sums over the points of a block, one after the other; `slopes` are those of all points, `[n, width]`.
    init(_ block: LawBlocks.Block, _ slopes: [Double], _ costs: PointCosts) {
        coordinates = block.coordinates
        let width = coordinates.count
        firsts = [Double](repeating: 0, count: 2 * width)
        seconds = [Double](repeating: 0, count: width * (width + 1))
        precondition(((block.rows.last ?? -1) + 1) * width <= slopes.count, "rows without slopes")
        unsafe slopes.withUnsafeBufferPointer { slopes in
            unsafe firsts.withUnsafeMutableBufferPointer { firsts in
                unsafe seconds.withUnsafeMutableBufferPointer { seconds in
                    for i in block.rows where costs.counts[i] {
                        let (bend, size) = (costs.bends[i], costs.sizes[i])
                        let (second, square) = (costs.seconds[i], costs.squares[i])
                        var place = 0
                        for j in 0..<width {
                            let slope = unsafe slopes[i * width + j]
                            unsafe firsts[2 * j] += bend * slope
                            unsafe firsts[2 * j + 1] += size * slope.magnitude
                            let (a, b) = (second * slope, square * slope)
                            for k in 0...j {
                                let other = unsafe slopes[i * width + k]
                                unsafe seconds[place] += a * other
                                unsafe seconds[place + 1] += b * other
                                place += 2
                            }
                        }
                    }
                }
            }
        }
    }

    /// Adds the sums to those of all points.
    func add(to sums: inout LawProblem.Derivatives) {
        sums.add(firsts + seconds, from: 0, by: coordinates[...])
    }
}

extension LawProblem.Derivatives {
    /// Adds the sums of a block: gradient and size in turn, then curvature and model, lower triangles row by
    /// row.
    mutating func add(_ numbers: [Double], from start: Int, by coordinates: ArraySlice<Int>) {
        let p = gradient.count
        var place = start
        for j in coordinates {
            gradient[j] += numbers[place]
            size[j] += numbers[place + 1]
            place += 2
        }
        for (a, j) in coordinates.enumerated() {
            for k in coordinates.prefix(a + 1) {
                curvature[j * p + k] += numbers[place]
                model[j * p + k] += numbers[place + 1]
                if j != k {
                    curvature[k * p + j] += numbers[place]
                    model[k * p + j] += numbers[place + 1]
                }
                place += 2
            }
        }
    }
}
