import Numerics

/// The definitions of docs/NUMERICS.md, written to be read: what every variant must equal bit by bit.
enum KernelReference {
    /// A product: one chain of fused multiply-adds an element.
    static func product<Scalar: KernelScalar>(
        m: Int, n: Int, k: Int, _ a: (Int, Int) -> Scalar, _ b: (Int, Int) -> Scalar,
        start: (Int, Int) -> Scalar
    ) -> [Scalar] {
        var result: [Scalar] = []
        for row in 0..<m {
            for column in 0..<n {
                var chain = start(row, column)
                for p in 0..<k { chain.addProduct(a(row, p), b(p, column)) }
                result.append(chain)
            }
        }
        return result
    }

    /// 32 lanes, element i in lane i mod 32.
    static func fold<Scalar: KernelScalar>(_ lanes: [Scalar]) -> Scalar {
        var lanes = lanes
        var width = 16
        while width > 0 {
            for lane in 0..<width { lanes[lane] += lanes[lane + width] }
            width /= 2
        }
        return lanes[0]
    }

    static func sum<Scalar: KernelScalar>(_ x: [Scalar]) -> Scalar {
        var lanes = [Scalar](repeating: 0, count: 32)
        for (place, value) in x.enumerated() { lanes[place % 32] += value }
        return fold(lanes)
    }

    static func dot<Scalar: KernelScalar>(_ x: [Scalar], _ y: [Scalar]) -> Scalar {
        var lanes = [Scalar](repeating: 0, count: 32)
        for place in x.indices { lanes[place % 32].addProduct(x[place], y[place]) }
        return fold(lanes)
    }

    /// Layer normalisation of a row: unit values, and the inverse deviation.
    static func normalized<Scalar: KernelScalar>(_ row: [Scalar]) -> ([Scalar], Scalar) {
        let mean = sum(row) / Scalar(row.count)
        let centred = row.map { $0 - mean }
        let variance = dot(centred, centred) / Scalar(row.count)
        let inverse = 1 / (variance + Scalar(1e-5 as Scalar)).squareRoot()
        return (centred.map { $0 * inverse }, inverse)
    }

    /// Root-mean-square normalisation of a row: unit values, and the factor.
    static func rms<Scalar: KernelScalar>(_ row: [Scalar]) -> ([Scalar], Scalar) {
        let square = dot(row, row) / Scalar(row.count)
        let inverse = 1 / (square + Scalar(1e-6 as Scalar)).squareRoot()
        return (row.map { $0 * inverse }, inverse)
    }

    /// Its gradient, from that of the unit values.
    static func rmsBack<Scalar: KernelScalar>(
        _ delta: [Scalar], _ unit: [Scalar], _ inverse: Scalar
    ) -> [Scalar] {
        let product = dot(delta, unit) / Scalar(unit.count)
        return zip(delta, unit).map { $0.addingProduct(-product, $1) * inverse }
    }
}

/// Numbers of many sizes and both signs, from a linear congruential generator.
struct TestNumbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func bits() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 32) ^ (state << 17)
    }

    mutating func next<Scalar: KernelScalar>(_ type: Scalar.Type = Scalar.self) -> Scalar {
        let word = bits()
        let unit = Scalar(Double(Int64(bitPattern: word &* 0x9e37_79b9_7f4a_7c15) >> 11) * 0x1p-52)
        switch word % 17 {
        case 0: return 0
        case 1: return -unit * Scalar(0x1p-30)
        case 2: return unit * Scalar(0x1p20)
        default: return unit
        }
    }

    mutating func array<Scalar: KernelScalar>(_ count: Int) -> [Scalar] {
        (0..<count).map { _ in next() }
    }
}

/// Whether two arrays are equal bit by bit (any NaN equals any NaN).
func isSame<Scalar: KernelScalar>(_ a: [Scalar], _ b: [Scalar]) -> Bool {
    a.count == b.count
        && zip(a, b).allSatisfy {
            $0 == $1 && $0.sign == $1.sign || $0.isNaN && $1.isNaN
        }
}
