import Numerics

/// The eigenvectors of a prompt's S.
package struct PromptBasis: Sendable {
    /// The eigenvalues of S, ascending; 0 where S has no rank.
    package let values: [Double]
    private let vectors: [[Double]]

    /// Decomposes the S `[d, d]` of a prompt of n examples.
    package init(second: [Double], dimension d: Int, examples: Int) {
        let found = SymmetricEigen.decompose(second, d)
        // With fewer examples than dimensions the rank is n: what is beyond is rounding.
        values = found.values.enumerated().map { place, value in
            place < d - examples ? 0 : max(value, 0)
        }
        vectors = found.vectors
    }

    /// A vector along the eigenvectors.
    package func along(_ x: [Double]) -> [Double] {
        vectors.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
    }
}
