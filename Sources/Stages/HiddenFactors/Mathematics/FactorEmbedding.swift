import Numerics
import System

/// How an input token becomes a vector.
package enum FactorEmbedding: String, Sendable, CaseIterable {
    /// A row of its own for each token, trained.
    case learned
    /// The sum of one row for each factor's value, drawn once and left alone: it knows the factors.
    case fixed
    /// The same sum, its rows trained; ours.
    case trainedFactors = "trained-factors"

    /// How many rows its table has.
    func rows(_ space: FactorSpace) -> Int {
        self == .learned ? space.count : space.sizes.reduce(0, +)
    }
}

/// Vectors of tokens and their gradients, over a table of rows.
///
/// Bits: a sum over factors starts at +0 and takes the first factor first; an entry's gradient takes the
/// tokens in their order.
struct TokenRows<Scalar: KernelScalar> {
    private let kind: FactorEmbedding
    private let width, entries: Int
    private let sizes: [Int]
    private let arithmetic: Arithmetic
    /// The vectors of all tokens, where they never change.
    private let frozen: Buffer<Scalar>?
    /// For each factor the values of all tokens.
    private let digits: [[Int32]]
    private let index: Buffer<Int32>

    init(
        _ kind: FactorEmbedding, _ space: FactorSpace, width: Int, capacity: Int,
        frozen table: Buffer<Scalar>?, arithmetic: Arithmetic
    ) {
        self.kind = kind
        self.width = width
        self.arithmetic = arithmetic
        entries = space.count
        sizes = space.sizes
        digits =
            kind == .learned
            ? []
            : space.sizes.indices.map { factor in
                (0..<space.count).map { Int32(space.value(of: factor, in: $0)) }
            }
        guard let table else {
            frozen = nil
            index = Buffer(count: capacity)
            return
        }
        let all = Buffer<Scalar>(count: space.count * width)
        var start = 0
        for factor in digits.indices {
            arithmetic.gatherAdd(
                width: width, table, at: start, entries: space.sizes[factor],
                Buffer(digits[factor]), count: space.count, into: all)
            start += space.sizes[factor] * width
        }
        frozen = all
        index = Buffer(count: capacity)
    }

    /// z[i] ← the vector of token i of some, from the table that starts at `offset`.
    func gather(
        _ tokens: Buffer<Int32>, _ range: Range<Int>, _ table: Buffer<Scalar>, at offset: Int,
        into z: Buffer<Scalar>
    ) {
        let count = range.count
        if kind != .trainedFactors {
            for place in 0..<count { index[place] = tokens[range.lowerBound + place] }
            arithmetic.gather(
                width: width, frozen ?? table, at: frozen == nil ? offset : 0, entries: entries,
                index, count: count, into: z)
            return
        }
        z.clear(0..<count * width)
        eachFactor(tokens, range, at: offset) { factor, place in
            arithmetic.gatherAdd(
                width: width, table, at: place, entries: sizes[factor], index, count: count,
                into: z)
        }
    }

    /// Adds gradients of vectors to those of the table's rows; nothing where these are frozen.
    func scatter(
        _ tokens: Buffer<Int32>, _ range: Range<Int>, _ delta: Buffer<Scalar>,
        into gradient: Buffer<Scalar>, at offset: Int
    ) {
        let count = range.count
        switch kind {
        case .fixed: return
        case .learned:
            for place in 0..<count { index[place] = tokens[range.lowerBound + place] }
            arithmetic.scatterAdd(
                width: width, delta, index, count: count, into: gradient, at: offset,
                entries: entries)
        case .trainedFactors:
            eachFactor(tokens, range, at: offset) { factor, place in
                arithmetic.scatterAdd(
                    width: width, delta, index, count: count, into: gradient, at: place,
                    entries: sizes[factor])
            }
        }
    }

    private func eachFactor(
        _ tokens: Buffer<Int32>, _ range: Range<Int>, at offset: Int, _ body: (Int, Int) -> Void
    ) {
        var place = offset
        for factor in sizes.indices {
            for (row, token) in range.enumerated() {
                index[row] = digits[factor][Int(tokens[token])]
            }
            body(factor, place)
            place += sizes[factor] * width
        }
    }
}
