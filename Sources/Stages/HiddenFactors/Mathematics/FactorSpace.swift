import System

/// A finite set of tokens that is secretly a product of factors.
///
/// Source: Arnal et al. (2024), arXiv 2411.01375: inputs count their first factor fastest, outputs
/// their last. Integer arithmetic alone.
package struct FactorSpace: Sendable, Equatable {
    /// Which factor a step to the next token changes.
    package enum Order: Sendable {
        /// The first: x = x₁ + p₁ (x₂ + p₂ (…)); the coding of inputs and of parents' states.
        case firstFastest
        /// The last: y = ((y₁) q₂ + y₂) q₃ + …; the coding of outputs.
        case lastFastest
    }

    /// How many values each factor has, each at least 1.
    package let sizes: [Int]
    /// How many tokens there are: the product of the sizes, 1 without factors.
    package let count: Int
    /// What a step to the next token changes.
    package let order: Order
    /// By how much a token grows with one factor's value.
    private let strides: [Int]

    /// Names a space; sizes below 1 or with too large a product trap (see ``count(of:)``).
    package init(_ sizes: [Int], _ order: Order) {
        guard let count = FactorSpace.count(of: sizes) else {
            preconditionFailure("factors of sizes \(sizes)")
        }
        self.sizes = sizes
        self.order = order
        self.count = count
        var strides = sizes
        var stride = 1
        let places = Array(sizes.indices)
        for place in order == .firstFastest ? places : places.reversed() {
            strides[place] = stride
            stride *= sizes[place]
        }
        self.strides = strides
    }

    /// The product of the sizes; `nil` where one is below 1 or the product is beyond 2³¹ − 1.
    package static func count(of sizes: [Int]) -> Int? {
        var count = 1
        for size in sizes {
            let (product, isLarge) = count.multipliedReportingOverflow(by: size)
            guard size > 0, !isLarge, product <= Int(Int32.max) else { return nil }
            count = product
        }
        return count
    }

    /// The value of one factor of a token.
    package func value(of factor: Int, in token: Int) -> Int {
        token / strides[factor] % sizes[factor]
    }

    /// The values of all factors of a token.
    package func values(of token: Int) -> [Int] { sizes.indices.map { value(of: $0, in: token) } }

    /// The token whose factors have these values.
    package func token(_ values: [Int]) -> Int {
        precondition(values.count == sizes.count, "\(values.count) values, \(sizes.count) factors")
        return zip(values, strides).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
