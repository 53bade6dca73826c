import Numerics
import Testing

/// Norms, gates and soft targets of every variant against the definition, bit by bit.
@Suite struct KernelGatedTests {
    private static let counts = [1, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 257]

    private func eachVariant(_ check: (Arithmetic, KernelVariant) -> Void) {
        for kernels in Kernels.available { check(Arithmetic(portable: kernels), kernels.variant) }
    }

    private func map<Scalar: KernelScalar>(
        _ function: ElementaryFunction, _ x: [Scalar]
    ) -> [Scalar] {
        let result = Buffer<Scalar>(count: x.count)
        Arithmetic(portable: Kernels.available[0]).map(function, Buffer(x), into: result)
        return result.elements
    }

    private func norms<Scalar: KernelScalar>(_ type: Scalar.Type, _ width: Int) {
        var numbers = TestNumbers(21)
        let rows = 3
        let x: [Scalar] = numbers.array(rows * width)
        let delta: [Scalar] = numbers.array(rows * width)
        let before: [Scalar] = numbers.array(rows * width)
        var (units, inverses, back): ([Scalar], [Scalar], [Scalar]) = ([], [], [])
        for row in 0..<rows {
            let range = (row * width)..<((row + 1) * width)
            let (unit, inverse) = KernelReference.rms(Array(x[range]))
            units += unit
            inverses.append(inverse)
            back += KernelReference.rmsBack(Array(delta[range]), unit, inverse)
        }
        eachVariant { arithmetic, variant in
            let y = Buffer<Scalar>(count: rows * width)
            let factors = Buffer<Scalar>(count: rows)
            arithmetic.rms(rows: rows, width: width, Buffer(x), into: y, inverses: factors)
            #expect(isSame(y.elements, units), "\(variant) \(width)")
            #expect(isSame(factors.elements, inverses), "\(variant) \(width)")
            for adds in [false, true] {
                let z = Buffer(before)
                arithmetic.rmsBack(
                    rows: rows, width: width, y: y, inverses: factors, delta: Buffer(delta),
                    adds: adds, into: z)
                let expected = adds ? zip(before, back).map { $0 + $1 } : back
                #expect(isSame(z.elements, expected), "\(variant) \(width) \(adds)")
            }
        }
    }

    @Test(arguments: counts)
    func `root-mean-square normalisation and its gradient are their formulas`(width: Int) {
        norms(Float.self, width)
        norms(Double.self, width)
    }

    private func gates<Scalar: KernelScalar>(_ type: Scalar.Type, _ hidden: Int) {
        var numbers = TestNumbers(22)
        let rows = 3
        let pairs: [Scalar] = (0..<(2 * rows * hidden)).map { _ in 4 * numbers.next() }
        let delta: [Scalar] = numbers.array(rows * hidden)
        var (product, slopes, kept, back): ([Scalar], [Scalar], [Scalar], [Scalar]) = (
            [], [], [], []
        )
        for row in 0..<rows {
            let start = 2 * row * hidden
            let a = Array(pairs[start..<start + hidden])
            let b = Array(pairs[start + hidden..<start + 2 * hidden])
            let d = Array(delta[row * hidden..<(row + 1) * hidden])
            let s = map(.logistic, a)
            let slope = zip(a, s).map { $1 * (1 as Scalar).addingProduct($0, 1 - $1) }
            let silu = zip(a, s).map { $0 * $1 }
            product += zip(silu, b).map { $0 * $1 }
            slopes += slope
            kept += silu + b
            back += (0..<hidden).map { d[$0] * b[$0] * slope[$0] } + zip(d, silu).map { $0 * $1 }
        }
        eachVariant { arithmetic, variant in
            let x = Buffer(pairs)
            let (slope, out) = (
                Buffer<Scalar>(count: rows * hidden), Buffer<Scalar>(count: rows * hidden)
            )
            arithmetic.gate(rows: rows, hidden: hidden, x, slope: slope, into: out)
            #expect(isSame(out.elements, product), "\(variant) \(hidden)")
            #expect(isSame(slope.elements, slopes), "\(variant) \(hidden)")
            #expect(isSame(x.elements, kept), "\(variant) \(hidden)")
            arithmetic.gateBack(rows: rows, hidden: hidden, delta: Buffer(delta), slope: slope, x)
            #expect(isSame(x.elements, back), "\(variant) \(hidden)")
        }
    }

    @Test(arguments: counts)
    func `gates and their gradient are their formulas`(hidden: Int) {
        gates(Float.self, hidden)
        gates(Double.self, hidden)
    }

    private func targets<Scalar: KernelScalar>(_ type: Scalar.Type, _ classes: Int) {
        var numbers = TestNumbers(23)
        let z: [Scalar] = (0..<classes).map { _ in 8 * numbers.next() }
        let shares: [Scalar] = (0..<classes).map { _ in numbers.next(Scalar.self).magnitude }
        let total = shares.reduce(1, +)
        let p = shares.map { $0 / total }
        let weight: Scalar = 0.375
        let most = z.max() ?? 0
        let gaps = z.map { most - $0 }
        let powers = map(.exp, z.map { $0 - most })
        let sum = KernelReference.sum(powers)
        let loss = map(.log, [sum])[0] + KernelReference.dot(p, gaps)
        let gradient = zip(powers, p).map { (-(weight * $1)).addingProduct($0, weight / sum) }
        eachVariant { arithmetic, variant in
            for wants in [true, false] {
                let logits = Buffer(z)
                let found = arithmetic.softCrossEntropy(
                    classes: classes, weight: weight, p: Buffer(p), at: 0, wantsGradient: wants,
                    logits, at: 0)
                #expect(isSame([found], [loss]), "\(variant) \(classes)")
                if wants { #expect(isSame(logits.elements, gradient), "\(variant) \(classes)") }
            }
        }
    }

    @Test(arguments: counts)
    func `cross-entropy to a distribution and its gradient are their formulas`(classes: Int) {
        targets(Float.self, classes)
        targets(Double.self, classes)
    }

    private func products<Scalar: KernelScalar>(_ type: Scalar.Type, _ width: Int) {
        var numbers = TestNumbers(24)
        let x: [Scalar] = (0..<5).map { _ in numbers.next(Scalar.self).magnitude }
        let y: [Scalar] = (0..<width).map {
            numbers.next(Scalar.self).magnitude * ($0 % 5 == 0 ? 0x1p-55 : 1)
        }
        let outer = x.flatMap { left in y.map { left * $0 < 0x1p-60 ? 0 : left * $0 } }
        let table: [Scalar] = numbers.array(3 * width)
        let rows: [Scalar] = numbers.array(4 * width)
        let index = [2, 0, 2, 1]
        let sums = rows.indices.map { rows[$0] + table[index[$0 / width] * width + $0 % width] }
        eachVariant { arithmetic, variant in
            let out = Buffer<Scalar>(count: 5 * width)
            arithmetic.outer(m: 5, n: width, Buffer(x), at: 0, Buffer(y), at: 0, into: out)
            #expect(isSame(out.elements, outer), "\(variant) \(width)")
            let z = Buffer(rows)
            arithmetic.gatherAdd(
                width: width, Buffer(table), entries: 3, Buffer(index.map { Int32($0) }), count: 4,
                into: z)
            #expect(isSame(z.elements, sums), "\(variant) \(width)")
        }
    }

    @Test(arguments: counts)
    func `outer products drop what is tiny, and gathered rows are added`(width: Int) {
        products(Float.self, width)
        products(Double.self, width)
    }
}
