import CKernels
import Numerics

/// Sums of arc sines, several at a time.
enum ArcSines {
    /// Σ factor · asin(argument), one chain of additions in order.
    static func weightedSum(_ arguments: [Double], _ factors: [Double]) -> Double {
        let count = arguments.count
        var angles = [Double](repeating: 0, count: count)
        unsafe arguments.withUnsafeBufferPointer { x in
            unsafe angles.withUnsafeMutableBufferPointer { y in
                guard let from = x.baseAddress, let to = y.baseAddress else { return }
                unsafe Kernels.forNumbers.table.pointee.map_asin(count, from, to)
            }
        }
        var sum = 0.0
        for place in 0..<count { sum += factors[place] * angles[place] }
        return sum
    }
}
