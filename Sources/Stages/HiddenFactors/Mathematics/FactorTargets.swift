package import Numerics
import System

/// Rows of p(·|x), made from the factors' tables when they are needed.
///
/// Bits: p_l's row, then from the last factor but one to the first p_j times all of it, each product
/// rounded, and 0 where it is below 2⁻⁶⁰ (a row changes by less than M·2⁻⁶⁰ in all).
package struct FactorTargets<Scalar: KernelScalar> {
    /// Rows that are kept whole: as many as 1 MB of floats holds, whatever N and M are.
    private static var largestStore: Int { 1 << 18 }
    /// How many outputs there are.
    package let classes: Int
    /// H(Y|X = x) of every input token, in nats.
    package let entropies: [Double]
    private let sizes: [Int]
    /// Tables one after the other, and for each token where its row of each factor starts.
    private let tables: Buffer<Scalar>
    private let places: [[Int]]
    private let scratch: [Buffer<Scalar>]
    /// Rows of all distinct targets, where they are few, and which is whose.
    private let store: Buffer<Scalar>?
    private let rows: [Int]
    private let arithmetic: Arithmetic

    /// Reads a task.
    ///
    /// - Complexity: memory χ + N·l numbers, two rows, and at most 2¹⁸ numbers of rows that are kept.
    package init(_ task: FactorTask, arithmetic: Arithmetic) {
        self.arithmetic = arithmetic
        classes = task.output.count
        sizes = task.output.sizes
        var elements: [Scalar] = []
        var starts: [Int] = []
        for table in task.tables {
            starts.append(elements.count)
            elements += table.probabilities.map { $0 < 0x1p-60 ? 0 : Scalar($0) }
        }
        tables = Buffer(elements)
        var entropies: [Double] = []
        var places: [[Int]] = []
        var known: [[Int]: Int] = [:]
        var rows: [Int] = []
        for token in 0..<task.input.count {
            let states = task.states(at: token)
            let place = states.indices.map { starts[$0] + states[$0] * task.tables[$0].size }
            places.append(place)
            entropies.append(
                states.indices.reduce(0) { $0 + task.tables[$1].entropies[states[$1]] })
            let row = known[place] ?? known.count
            known[place] = row
            rows.append(row)
        }
        self.places = places
        self.entropies = entropies
        self.rows = rows
        scratch = (0..<2).map { _ in Buffer(count: task.output.count) }
        let isSmall = sizes.count > 1 && known.count * classes <= Self.largestStore
        store = isSmall ? Buffer(count: known.count * classes) : nil
        guard let store else { return }
        for (place, row) in known {
            let (made, start) = make(place)
            store.store(made.elements(start..<start + classes), at: row * classes)
        }
    }

    /// Where p(·|x) `[M]` lies; valid until the next call.
    package func row(of token: Int) -> (buffer: Buffer<Scalar>, offset: Int) {
        if let store { return (store, rows[token] * classes) }
        return make(places[token])
    }

    private func make(_ place: [Int]) -> (buffer: Buffer<Scalar>, offset: Int) {
        var factor = sizes.count - 1
        var (right, offset, width) = (tables, place[factor], sizes[factor])
        while factor > 0 {
            factor -= 1
            let out = scratch[factor % 2]
            arithmetic.outer(
                m: sizes[factor], n: width, tables, at: place[factor], right, at: offset, into: out)
            (right, offset, width) = (out, 0, width * sizes[factor])
        }
        return (right, offset)
    }
}
