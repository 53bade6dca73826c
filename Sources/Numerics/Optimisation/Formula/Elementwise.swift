/// Loops over rows of numbers of the same length.
///
/// What is summed, is summed in the order of the points.
enum Elementwise {
    /// out ← f(out, a).
    @inline(__always)
    static func update(
        _ out: inout [Double], _ a: [Double], _ f: (Double, Double) -> Double
    ) {
        precondition(out.count == a.count, "\(a.count) numbers into \(out.count)")
        unsafe a.withUnsafeBufferPointer { a in
            unsafe out.withUnsafeMutableBufferPointer { out in
                for i in 0..<a.count { unsafe out[i] = f(out[i], a[i]) }
            }
        }
    }

    /// out ← f(out, a, b).
    @inline(__always)
    static func update(
        _ out: inout [Double], _ a: [Double], _ b: [Double],
        _ f: (Double, Double, Double) -> Double
    ) {
        precondition(out.count == a.count && a.count == b.count, "rows of different lengths")
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe out.withUnsafeMutableBufferPointer { out in
                    for i in 0..<a.count { unsafe out[i] = f(out[i], a[i], b[i]) }
                }
            }
        }
    }

    /// out ← f(out, a, b, c).
    @inline(__always)
    static func update(
        _ out: inout [Double], _ a: [Double], _ b: [Double], _ c: [Double],
        _ f: (Double, Double, Double, Double) -> Double
    ) {
        precondition(
            out.count == a.count && a.count == b.count && b.count == c.count,
            "rows of different lengths")
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe c.withUnsafeBufferPointer { c in
                    unsafe out.withUnsafeMutableBufferPointer { out in
                        for i in 0..<a.count { unsafe out[i] = f(out[i], a[i], b[i], c[i]) }
                    }
                }
            }
        }
    }

    /// out ← value, at some places, ascending.
    static func fill(_ out: inout [Double], _ value: Double, at places: [Int]) {
        precondition(places.last ?? -1 < out.count, "places beyond the row")
        unsafe out.withUnsafeMutableBufferPointer { out in
            for i in places { unsafe out[i] = value }
        }
    }

    /// Σ a over some places, ascending.
    @inline(__always)
    static func sum(_ a: [Double], at places: [Int]) -> Double {
        precondition(places.last ?? -1 < a.count, "places beyond the row")
        var sum = 0.0
        unsafe a.withUnsafeBufferPointer { a in for i in places { unsafe sum += a[i] } }
        return sum
    }

    /// Σ a b over some places, ascending, where a is not 0.
    @inline(__always)
    static func sum(_ a: [Double], _ b: [Double], at places: [Int]) -> Double {
        precondition(places.last ?? -1 < min(a.count, b.count), "places beyond the row")
        var sum = 0.0
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                for i in places {
                    let one = unsafe a[i]
                    if one != 0 { unsafe sum += one * b[i] }
                }
            }
        }
        return sum
    }

    /// Adds a times a factor to a column of rows of some width, at some places, ascending.
    static func add(
        _ a: [Double], times factor: Double, at places: [Int], to rows: inout [Double],
        column: Int, width: Int
    ) {
        let last = places.last ?? -1
        precondition(last < a.count && last * width + column < rows.count, "places beyond the row")
        unsafe a.withUnsafeBufferPointer { a in
            unsafe rows.withUnsafeMutableBufferPointer { rows in
                for i in places { unsafe rows[i * width + column] += a[i] * factor }
            }
        }
    }
}
