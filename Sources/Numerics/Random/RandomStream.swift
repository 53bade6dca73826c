import CKernels

/// Random numbers for one purpose: independent of every other (seed, purpose, index).
///
/// The key of Philox is made of the seed and the purpose, the index is the upper half of its
/// counter, the lower half counts blocks of four words. So no value depends on the order in which
/// other streams are drawn from, and streams of one seed and purpose never overlap.
///
/// ```swift
/// var stream = RandomStream(seed: context.seed, purpose: "steps")
/// let angle = stream.uniform(in: 0..<6.283185307179586)
/// let noise = stream.normals(1000)
/// let side = stream.integer(below: 4)
/// let order = stream.permutation(10)
/// ```
public struct RandomStream: Sendable {
    /// The key of Philox.
    package let key: SIMD2<UInt32>
    /// The upper half of its counter.
    package let index: UInt64
    private var position: UInt64 = 0
    private var words = SIMD4<UInt32>()

    /// Names a stream.
    public init(seed: UInt64, purpose: String, index: UInt64 = 0) {
        // FNV-1a over the purpose, then the finaliser of SplitMix64 over hash and seed.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let mixed = RandomStream.mix(RandomStream.mix(seed) ^ hash)
        key = SIMD2(UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
        self.index = index
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// The next 32 bits.
    public mutating func next() -> UInt32 {
        let lane = Int(position & 3)
        if lane == 0 {
            let block = position >> 2
            words = Philox4x32.block(
                counter: SIMD4(
                    UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
                    UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32)),
                key: key)
        }
        position += 1
        return words[lane]
    }

    /// The next 64 bits, the first word low.
    public mutating func next64() -> UInt64 {
        let low = UInt64(next())
        return low | UInt64(next()) << 32
    }

    /// A multiple of 2⁻⁵³ in [0, 1).
    public mutating func uniform() -> Double { Double(next64() >> 11) * 0x1p-53 }

    /// A number in [low, high).
    public mutating func uniform(in range: Range<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// A number whose logarithm is uniform in [log low, log high); both bounds positive.
    public mutating func logUniform(in range: Range<Double>) -> Double {
        let (low, high) = (Elementary.log(range.lowerBound), Elementary.log(range.upperBound))
        return Elementary.exp(low + (high - low) * uniform())
    }

    /// A standard normal number: the cosine half of Box and Muller's transform.
    ///
    /// Source: Box & Muller, Ann. Math. Statist. 29 (1958). Two uniforms each, so that the n-th
    /// normal of a stream can be found without the others.
    public mutating func normal() -> Double {
        let u = 1 - uniform()
        let v = uniform()
        return (-2 * Elementary.log(u)).squareRoot() * Elementary.cos(6.283185307179586 * v)
    }

    /// The next normals, as ``normal()`` would give them one by one; for `Float` each is rounded once.
    ///
    /// Several times as fast, a vector of blocks at a time; where the stream stands inside a block of
    /// four words, as fast as one by one.
    package mutating func normals<Scalar: KernelScalar>(
        into buffer: Buffer<Scalar>, at start: Int = 0, count: Int,
        kernels: Kernels = Kernels.forNumbers
    ) {
        guard position & 3 == 0 else {
            for place in start..<(start + count) { buffer[place] = Scalar(normal()) }
            return
        }
        unsafe kernels.table(Scalar.self).pointee.normals(
            key[0], key[1], index, position >> 2, count, buffer.pointer(at: start, size: count))
        position += 4 * UInt64(count)
    }

    /// The next normals, as ``normal()`` would give them one by one, and several times as fast.
    public mutating func normals(_ count: Int) -> [Double] {
        let buffer = Buffer<Double>(count: count)
        normals(into: buffer, count: count)
        return buffer.elements
    }

    /// Numbers of this stream for one-pass training: 64 of them for each group, from group `first` on.
    ///
    /// A normal for every 32 random bits, in single precision (docs/NUMERICS.md): eight times as fast as
    /// ``normals(into:at:count:kernels:)`` and other numbers than those. Where the stream stands has no
    /// part in it.
    package func groupedNormals(
        first: UInt64, groups: Int, into buffer: Buffer<Float>, kernels: Kernels = .forNumbers
    ) {
        unsafe kernels.table.pointee.stream_normals(
            key[0], key[1], index, first, groups, buffer.pointer(at: 0, size: 64 * groups))
    }

    /// A whole number in 0..<bound, exactly uniform.
    ///
    /// Source: Lemire, *Fast random integer generation in an interval*, ACM TOMACS 29 (2019).
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "a bound of \(bound)")
        let range = UInt64(bound)
        let threshold = (0 &- range) % range
        while true {
            let product = next64().multipliedFullWidth(by: range)
            if product.low >= threshold { return Int(product.high) }
        }
    }

    /// A Gamma(shape, 1) number.
    ///
    /// Source: Marsaglia & Tsang, *A simple method for generating gamma variables*, ACM TOMS 26
    /// (2000); for a shape below 1 their boost by U^(1/shape).
    public mutating func gamma(shape: Double) -> Double {
        precondition(shape > 0, "a shape of \(shape)")
        if shape < 1 {
            let boost = Elementary.exp(Elementary.log(1 - uniform()) / shape)
            return gamma(shape: shape + 1) * boost
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let t = 1 + c * x
            guard t > 0 else { continue }
            let v = t * t * t
            let u = 1 - uniform()
            if Elementary.log(u) < 0.5 * x * x + d - d * v + d * Elementary.log(v) { return d * v }
        }
    }

    /// Positive numbers that sum to 1, from the symmetric Dirichlet distribution.
    public mutating func dirichlet(concentration: Double, count: Int) -> [Double] {
        let parts = (0..<count).map { _ in gamma(shape: concentration) }
        let sum = parts.reduce(0, +)
        return parts.map { $0 / sum }
    }

    /// A place drawn with the given weights, which are at least 0 and not all 0.
    public mutating func categorical(_ weights: [Double]) -> Int {
        var left = uniform() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return index }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    /// The numbers 0..<count in random order (Fisher and Yates, from the end).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        var last = count - 1
        while last > 0 {
            order.swapAt(last, integer(below: last + 1))
            last -= 1
        }
        return order
    }
}
