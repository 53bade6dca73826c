import CKernels

extension Elementary {
    /// A function of many numbers.
    enum Row {
        case exp, log, log1p

        fileprivate var number: Int32 {
            switch self {
            case .exp: Int32(BITLAW_EXP)
            case .log: Int32(BITLAW_LOG)
            case .log1p: Int32(BITLAW_LOG1P)
            }
        }
    }

    /// y ← function(x), element by element, with the bits of the single-number functions.
    ///
    /// - Complexity: linear; one call for all elements.
    static func map(_ function: Row, _ x: [Double], into y: inout [Double]) {
        precondition(x.count == y.count, "\(x.count) numbers into \(y.count)")
        let count = x.count
        unsafe x.withUnsafeBufferPointer { source in
            unsafe y.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe Double.map(Kernels.forNumbers, function.number, count, from, to)
            }
        }
    }
}
