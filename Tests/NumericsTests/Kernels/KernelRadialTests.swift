import Numerics
import Testing

/// Covariances by distance of every variant against the definition, bit by bit.
@Suite struct KernelRadialTests {
    @Test(arguments: RadialFamily.allCases, [1, 3, 4, 7, 8, 9, 17])
    func `a covariance is the family's function of a chain over coordinates`(
        family: RadialFamily, width: Int
    ) {
        var numbers = TestNumbers(21)
        for dimensions in [1, 2, 5] {
            let x: [Double] = numbers.array(3 * dimensions)
            let y: [Double] = numbers.array(dimensions * width)
            var expected: [Double] = []
            for i in 0..<3 {
                for j in 0..<width {
                    var s = 0.0
                    for c in 0..<dimensions {
                        let delta = x[i * dimensions + c] - y[c * width + j]
                        s.addProduct(delta, delta)
                    }
                    let r = s.squareRoot()
                    let (three, five) = (3.0.squareRoot() * r, 5.0.squareRoot() * r)
                    let value =
                        switch family {
                        case .squared: Elementary.exp(-0.5 * s)
                        case .matern12: Elementary.exp(-r)
                        case .matern32: (three + 1) * Elementary.exp(-three)
                        case .matern52:
                            (1.0).addingProduct(five, (1.0).addingProduct(five, 1.0 / 3))
                                * Elementary.exp(-five)
                        }
                    expected.append(value)
                }
            }
            for kernels in Kernels.available {
                let out = Buffer<Double>(count: 3 * width)
                family.covariances(
                    m: 3, n: width, dimensions: dimensions,
                    MatrixPlace(Buffer(x), stride: dimensions),
                    MatrixPlace(Buffer(y), stride: width),
                    into: MatrixPlace(out, stride: width), kernels: kernels)
                #expect(isSame(out.elements, expected), "\(kernels.variant) \(dimensions)")
            }
        }
    }
}
