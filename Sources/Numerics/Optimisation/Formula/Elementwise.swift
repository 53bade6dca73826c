/// Loops over rows of numbers of the same length.
///
/// The order of every sum is fixed, so its bits are the same everywhere.
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
    static func sum(_ a: [Double], at places: [Int]) -> Double {
        precondition(places.last ?? -1 < a.count, "places beyond the row")
        return unsafe a.withUnsafeBufferPointer { a in
            sum(places) { unsafe a[$0] }
        }
    }

    /// Σ a b over some places, ascending; where a is 0, nothing, also where b is not finite.
    static func sum(_ a: [Double], _ b: [Double], at places: [Int]) -> Double {
        precondition(places.last ?? -1 < min(a.count, b.count), "places beyond the row")
        return unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                sum(places) { unsafe a[$0] == 0 ? 0 : a[$0] * b[$0] }
            }
        }
    }

    /// Σ f over places: of each fourth one, four times, and then of the four.
    @inline(__always)
    private static func sum(_ places: [Int], _ f: (Int) -> Double) -> Double {
        var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
        var next = 0
        unsafe places.withUnsafeBufferPointer { places in
            while next + 3 < places.count {
                unsafe first += f(places[next])
                unsafe second += f(places[next + 1])
                unsafe third += f(places[next + 2])
                unsafe fourth += f(places[next + 3])
                next += 4
            }
        }
        for place in places[next...] { first += f(place) }
        return (first + second) + (third + fourth)
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
