import Numerics
import Testing

/// Sums, rows and steps of every variant against the definition, bit by bit.
@Suite struct KernelRowTests {
    private static let counts = [0, 1, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 257]

    private func eachVariant(_ check: (Arithmetic, KernelVariant) -> Void) {
        for kernels in Kernels.available { check(Arithmetic(portable: kernels), kernels.variant) }
    }

    private func sums<Scalar: KernelScalar>(_ type: Scalar.Type, _ count: Int) {
        var numbers = TestNumbers(7)
        let x: [Scalar] = numbers.array(count)
        let y: [Scalar] = numbers.array(count)
        let wide = KernelReference.sum(x.map { Double($0) })
        let column = KernelReference.product(
            m: 1, n: 1, k: count, { _, p in x[p] }, { _, _ in 1 }, start: { _, _ in 0 })
        eachVariant { arithmetic, variant in
            let (a, b) = (Buffer(x), Buffer(y))
            let result = Buffer<Scalar>(count: 1)
            #expect(isSame([arithmetic.sum(a, 0..<count)], [KernelReference.sum(x)]), "\(variant)")
            #expect(isSame([arithmetic.sumWide(a, 0..<count)], [wide]), "\(variant)")
            arithmetic.vectorProduct(m: 1, k: count, MatrixPlace(a, stride: count), b, into: result)
            #expect(isSame(result.elements, [KernelReference.dot(x, y)]), "\(variant)")
            arithmetic.columnSums(
                rows: count, columns: 1, MatrixPlace(a, stride: 1), into: result)
            #expect(isSame(result.elements, column), "\(variant)")
        }
    }

    @Test(arguments: counts)
    func `a sum has 32 lanes and one fold`(count: Int) {
        sums(Float.self, count)
        sums(Double.self, count)
    }

    private func rows<Scalar: KernelScalar>(_ type: Scalar.Type, _ width: Int) {
        var numbers = TestNumbers(8)
        let count = 5
        let index = [2, 0, 2, 1, 2]
        let x: [Scalar] = numbers.array(count * width)
        let table: [Scalar] = numbers.array(3 * width)
        let factors: [Scalar] = numbers.array(count)
        var scattered = table
        var columns = [Scalar](repeating: 0, count: width)
        var outer = x
        for row in 0..<count {
            for place in 0..<width {
                scattered[index[row] * width + place] += x[row * width + place]
                columns[place] += x[row * width + place]
                outer[row * width + place].addProduct(factors[row], table[place])
            }
        }
        eachVariant { arithmetic, variant in
            let (rows, entries) = (Buffer(x), Buffer(table))
            let places = Buffer(index.map { Int32($0) })
            let gathered = Buffer<Scalar>(count: count * width)
            let sums = Buffer<Scalar>(count: width)
            arithmetic.gather(
                width: width, entries, entries: 3, places, count: count, into: gathered)
            #expect(
                isSame(
                    gathered.elements,
                    index.flatMap { Array(table[($0 * width)..<(($0 + 1) * width)]) }))
            arithmetic.columnSums(
                rows: count, columns: width, MatrixPlace(rows, stride: width), into: sums)
            #expect(isSame(sums.elements, columns), "\(variant) \(width)")
            let products = Buffer<Scalar>(count: count)
            arithmetic.vectorProduct(
                m: count, k: width, MatrixPlace(rows, stride: width), entries, into: products)
            let inner = (0..<count).map { row in
                KernelReference.dot(
                    Array(x[(row * width)..<((row + 1) * width)]), Array(table[..<width]))
            }
            #expect(isSame(products.elements, inner), "\(variant) \(width)")
            let update = Buffer(x)
            arithmetic.rankOne(
                m: count, n: width, Buffer(factors), entries,
                into: MatrixPlace(update, stride: width))
            #expect(isSame(update.elements, outer), "\(variant) \(width)")
            arithmetic.scatterAdd(
                width: width, rows, places, count: count, into: entries, entries: 3)
            #expect(isSame(entries.elements, scattered), "\(variant) \(width)")
        }
    }

    @Test(arguments: counts)
    func `rows are gathered, added and updated in the order of rows`(width: Int) {
        rows(Float.self, width)
        rows(Double.self, width)
    }

    private func steps<Scalar: KernelScalar>(_ type: Scalar.Type, _ count: Int) {
        var numbers = TestNumbers(9)
        let (w, g, v): ([Scalar], [Scalar], [Scalar]) = (
            numbers.array(count), numbers.array(count), numbers.array(count)
        )
        let s = v.map { $0 * $0 }
        let (step, correction, keep): (Scalar, Scalar, Scalar) = (0.01, 1.7, 0.999)
        var (down, velocity, adam, first, second) = (w, v, w, v, s)
        for i in 0..<count {
            velocity[i] = g[i].addingProduct(0.9, v[i])
            down[i] = w[i].addingProduct(-step, velocity[i])
            first[i] = (0.1 * g[i]).addingProduct(0.9, v[i])
            second[i] = (0.001 * g[i] * g[i]).addingProduct(0.999, s[i])
            let root = (second[i] * correction).squareRoot() + 1e-8
            adam[i] = w[i] * keep - (step * first[i]) / root
        }
        eachVariant { arithmetic, variant in
            let (a, b, c, d, e) = (Buffer(w), Buffer(v), Buffer(w), Buffer(v), Buffer(s))
            arithmetic.momentum(
                0..<count, mu: 0.9, rate: step, gradient: Buffer(g), velocity: b, a)
            #expect(isSame(a.elements, down) && isSame(b.elements, velocity), "\(variant)")
            arithmetic.adam(
                0..<count, step: step, correction: correction, keep: keep, gradient: Buffer(g),
                first: d, second: e, c)
            #expect(isSame(c.elements, adam) && isSame(d.elements, first), "\(variant)")
            #expect(isSame(e.elements, second), "\(variant)")
        }
    }

    @Test(arguments: counts)
    func `a step of an optimizer is its formula, element by element`(count: Int) {
        steps(Float.self, count)
        steps(Double.self, count)
    }

    private func losses<Scalar: KernelScalar>(_ type: Scalar.Type, _ classes: Int) {
        var numbers = TestNumbers(10)
        let rows = 3
        let z: [Scalar] = (0..<(rows * classes)).map { _ in 8 * numbers.next() }
        let targets = (0..<rows).map { ($0 * 7) % classes }
        let scale: Scalar = 0.125
        func map(_ function: ElementaryFunction, _ x: [Scalar]) -> [Scalar] {
            let result = Buffer<Scalar>(count: x.count)
            Arithmetic(portable: Kernels.available[0]).map(function, Buffer(x), into: result)
            return result.elements
        }
        var (gradient, cross): ([Scalar], [Scalar]) = ([], [])
        for row in 0..<rows {
            let logits = Array(z[(row * classes)..<((row + 1) * classes)])
            let most = logits.max() ?? 0
            let powers = map(.exp, logits.map { $0 - most })
            let sum = KernelReference.sum(powers)
            cross.append(map(.log, [sum])[0] + (most - logits[targets[row]]))
            gradient += powers.map { $0 * (scale / sum) }
            gradient[row * classes + targets[row]] -= scale
        }
        let signs: [Scalar] = z.indices.map { $0 % 3 == 0 ? 1 : -1 }
        let turned = zip(z, signs).map { $0 * -$1 }
        let logistic = zip(map(.logistic, turned), signs).map { -$1 * $0 * scale }
        eachVariant { arithmetic, variant in
            let (logits, losses) = (Buffer(z), Buffer<Scalar>(count: z.count))
            arithmetic.crossEntropy(
                rows: rows, classes: classes, scale: scale,
                targets: Buffer(targets.map { Int32($0) }), MatrixPlace(logits, stride: classes),
                losses: losses)
            #expect(isSame(logits.elements, gradient), "\(variant) \(classes)")
            #expect(isSame(losses.elements(0..<rows), cross), "\(variant) \(classes)")
            let single = Buffer(z)
            arithmetic.logisticLoss(
                count: z.count, scale: scale, targets: Buffer(signs.map { $0 > 0 ? 1 : 0 }), single,
                losses: losses)
            #expect(isSame(single.elements, logistic), "\(variant) \(classes)")
            #expect(isSame(losses.elements, map(.softplus, turned)), "\(variant) \(classes)")
            let squared = zip(z, signs).map { value, target in
                Loss.squared.evaluate(Double(value), target: Double(target))
            }
            let plain = Buffer(z)
            arithmetic.squaredLoss(
                count: z.count, scale: scale, targets: Buffer(signs), plain, losses: losses)
            #expect(isSame(plain.elements, squared.map { Scalar($0.slope) * scale }), "\(variant)")
            #expect(isSame(losses.elements, squared.map { Scalar($0.loss) }), "\(variant)")
        }
    }

    @Test(arguments: counts.dropFirst())
    func `losses and their gradients are their formulas`(classes: Int) {
        losses(Float.self, classes)
        losses(Double.self, classes)
    }

    private func layers<Scalar: KernelScalar>(_ type: Scalar.Type, _ width: Int) {
        var numbers = TestNumbers(12)
        let rows = 3
        let x: [Scalar] = numbers.array(rows * width)
        let affine: [Scalar] = numbers.array(2 * width)
        let delta: [Scalar] = numbers.array(rows * width)
        var (out, unit, inverses, back): ([Scalar], [Scalar], [Scalar], [Scalar]) = ([], [], [], [])
        var gradient = [Scalar](repeating: 0, count: 2 * width)
        for row in 0..<rows {
            let range = (row * width)..<((row + 1) * width)
            let (values, inverse) = KernelReference.normalized(Array(x[range]))
            unit += values
            inverses.append(inverse)
            var scaled: [Scalar] = []
            for (place, d) in delta[range].enumerated() {
                out.append(affine[width + place].addingProduct(values[place], affine[place]))
                gradient[place].addProduct(d, values[place])
                gradient[width + place] += d
                scaled.append(d * affine[place])
            }
            let mean = KernelReference.sum(scaled) / Scalar(width)
            let product = KernelReference.dot(scaled, values) / Scalar(width)
            for place in 0..<width {
                back.append((scaled[place] - mean).addingProduct(-product, values[place]) * inverse)
            }
        }
        eachVariant { arithmetic, variant in
            let (a, b, c) = (
                Buffer(x), Buffer<Scalar>(count: rows * width), Buffer<Scalar>(count: rows)
            )
            let (gain, d, g) = (Buffer(affine), Buffer(delta), Buffer<Scalar>(count: 2 * width))
            arithmetic.normalize(
                rows: rows, width: width, gain: gain, at: 0, a, normalized: b, deviations: c)
            #expect(isSame(a.elements, out) && isSame(b.elements, unit), "\(variant) \(width)")
            #expect(isSame(c.elements, inverses), "\(variant) \(width)")
            arithmetic.unnormalize(
                rows: rows, width: width, gain: gain, at: 0, normalized: b, deviations: c, delta: d,
                gradient: g)
            #expect(isSame(d.elements, back) && isSame(g.elements, gradient), "\(variant) \(width)")
        }
    }

    @Test(arguments: counts.dropFirst())
    func `layer normalisation and its gradient are their formulas`(width: Int) {
        layers(Float.self, width)
        layers(Double.self, width)
    }
}
