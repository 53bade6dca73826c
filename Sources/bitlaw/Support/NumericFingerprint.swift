import Canon
package import Experiment
import Numerics
import System

/// Digests of a fixed battery of computations: what machines are compared by.
package struct NumericFingerprint: Sendable, Equatable {
    /// The profile that was asked for, as keys have it.
    package let profile: String
    /// The instruction set that computed.
    package let variant: String
    /// SHA-256 of each part's results.
    package let parts: [String: String]

    /// SHA-256 over the parts' digests, in the order of their names.
    package var digest: String {
        let text = parts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        return Digest(of: Array(text.utf8).span).hex
    }

    private init(_ arithmetic: Arithmetic) {
        profile = arithmetic.profile
        variant = arithmetic.kernels.variant.rawValue
        parts = Dictionary(
            NumericBattery.parts(arithmetic).map { ($0.name, Digest(of: $0.bytes.span).hex) }
        ) { first, _ in first }
    }

    /// The instruction sets that this CPU runs; the one in use first.
    package static var variants: [String] {
        let all = Kernels.available.map { $0.variant.rawValue }
        guard let chosen = try? Kernels.shared().variant.rawValue else { return all }
        return [chosen] + all.filter { $0 != chosen }
    }

    private static func arithmetic(of kinds: KindRegistry) throws -> Arithmetic {
        try (kinds.services.find(ArithmeticChoice.self) ?? ArithmeticChoice()).arithmetic()
    }

    /// What stages of these kinds compute with here.
    ///
    /// - Throws: ``NumericsError`` when the arithmetic that was asked for cannot be had.
    package static func here(_ kinds: KindRegistry) throws -> NumericFingerprint {
        NumericFingerprint(try arithmetic(of: kinds))
    }

    /// What stages of these kinds compute with here first, then every other instruction set of the CPU.
    ///
    /// - Throws: ``NumericsError`` when the arithmetic that was asked for cannot be had.
    package static func all(_ kinds: KindRegistry) throws -> [NumericFingerprint] {
        let chosen = try arithmetic(of: kinds)
        let others =
            chosen.blas == nil
            ? Kernels.available.filter { $0.variant != chosen.kernels.variant } : []
        return [NumericFingerprint(chosen)]
            + others.map { NumericFingerprint(Arithmetic(portable: $0)) }
    }
}
