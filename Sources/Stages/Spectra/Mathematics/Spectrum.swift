package import Numerics
import System

/// The eigenvalues of a covariance, the largest first, each with its share of the directions.
///
/// Normalised so that the mean eigenvalue is 1: the trace is N and a field J·ξ/√N of weights with
/// variance 1 has variance 1.
package struct Spectrum: Sendable, Equatable {
    /// The distinct eigenvalues λ, descending.
    package let values: [Double]
    /// Each one's share w of the N directions; they sum to 1.
    package let shares: [Double]
    /// The exponent β where the spectrum is λ₊ l^−(1+β).
    package let beta: Double?

    /// λ_l = λ₊ l^−(1+β) for l = 1 … L, each for N/L directions, λ₊ = L / Σ l^−(1+β).
    package init(levels: Int, beta: Double) {
        precondition(levels > 0 && beta > -1, "a spectrum of \(levels) levels, exponent \(beta)")
        let powers = (1...levels).map { l in
            l == 1 ? 1 : Elementary.exp(-(1 + beta) * Elementary.log(Double(l)))
        }
        // From the smallest on, so that the sum is as exact as it can be.
        let sum = powers.reversed().reduce(0, +)
        values = powers.map { $0 * (Double(levels) / sum) }
        shares = powers.map { _ in 1 / Double(levels) }
        self.beta = beta
    }

    /// Any eigenvalues, one a direction: sorted, equal ones joined, scaled to a mean of 1.
    ///
    /// - Throws: ``NumericsError`` naming the eigenvalue that is negative or not finite.
    package init(eigenvalues: [Double]) throws(NumericsError) {
        for (place, value) in eigenvalues.enumerated() where !(value >= 0 && value.isFinite) {
            throw NumericsError(
                description:
                    "eigenvalue \(place + 1): expected a finite number of at least 0, found \(value)\n"
                    + "  fix: a covariance has no others; drop what rounding left below 0")
        }
        let sorted = eigenvalues.sorted(by: >)
        let mean = sorted.reversed().reduce(0, +) / Double(max(1, sorted.count))
        guard mean > 0 else {
            throw NumericsError(
                description:
                    "spectrum: expected eigenvalues with a positive sum, found \(sorted.count) with sum 0"
            )
        }
        var (levels, counts): ([Double], [Double]) = ([], [])
        for value in sorted {
            if levels.last == value / mean {
                counts[counts.count - 1] += 1
            } else {
                levels.append(value / mean)
                counts.append(1)
            }
        }
        values = levels
        shares = counts.map { $0 / Double(sorted.count) }
        beta = nil
    }

    private init(values: [Double], shares: [Double], beta: Double?) {
        self.values = values
        self.shares = shares
        self.beta = beta
    }

    /// How many distinct eigenvalues there are: L.
    package var count: Int { values.count }

    /// The mean of λˡ over the directions: (1/N) Tr Σˡ.
    package func moment(_ order: Int) -> Double {
        var sum = 0.0
        for k in (0..<count).reversed() {
            var power = shares[k]
            for _ in 0..<order { power *= values[k] }
            sum += power
        }
        return sum
    }

    /// H = Σ l^−(1+β) of a power law: L/λ₊.
    package var harmonic: Double { Double(count) / values[0] }

    /// What a whitened input has: one eigenvalue, 1.
    package static let white = Spectrum(values: [1], shares: [1], beta: nil)

    /// How many of N directions each eigenvalue has.
    ///
    /// - Throws: ``NumericsError`` when they are not whole numbers.
    package func multiplicities(of n: Int) throws(NumericsError) -> [Int] {
        var counts: [Int] = []
        for share in shares {
            let wanted = share * Double(n)
            let whole = wanted.rounded()
            guard (wanted - whole).magnitude < 1e-6 * Double(n), whole >= 1 else {
                throw NumericsError(
                    description:
                        "inputs: expected a multiple of the \(count) distinct eigenvalues, found \(n)\n"
                        + "  fix: take N = \(count) times a whole number")
            }
            counts.append(Int(whole))
        }
        guard counts.reduce(0, +) == n else {
            throw NumericsError(
                description: "inputs: the spectrum does not divide \(n) directions among its levels"
            )
        }
        return counts
    }
}
