import CKernels

extension Elementary {
    /// y ← function(x), element by element, with the bits of the single-number functions.
    ///
    /// - Complexity: linear; one call for all elements.
    package static func map(_ function: ElementaryFunction, _ x: [Double], into y: inout [Double]) {
        unsafe row(x, into: &y) { count, from, to in
            unsafe Kernels.forNumbers.table(Double.self).pointee.map(
                function.number, count, from, to)
        }
    }

    /// y ← arc sine of x, element by element, with the bits of ``asin(_:)``.
    ///
    /// - Complexity: linear; one call for all elements.
    package static func mapArcSine(_ x: [Double], into y: inout [Double]) {
        unsafe row(x, into: &y) { count, from, to in
            unsafe Kernels.forNumbers.table.pointee.map_arc_sine(count, from, to)
        }
    }

    private static func row(
        _ x: [Double], into y: inout [Double],
        _ body: (Int, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) {
        precondition(x.count == y.count, "\(x.count) numbers into \(y.count)")
        let count = x.count
        unsafe x.withUnsafeBufferPointer { source in
            unsafe y.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe body(count, from, to)
            }
        }
    }
}
