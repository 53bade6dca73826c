package import Canon
import System

/// Bytes of the store that were found damaged and set aside.
package struct Damage: Equatable, Sendable {
    /// Where they stood.
    package let path: String
    /// What was expected and found.
    package let reason: String

    /// The blob that stood there, where it was one.
    package var blob: Digest? {
        let parts = path.split(separator: "/").suffix(3)
        guard parts.count == 3, parts.first == "cas", path.hasSuffix(".zst") else { return nil }
        return try? Digest(hex: String(parts.dropFirst().joined().dropLast(4)))
    }
}

extension OperationalError {
    /// A blob of a store that is not what it is named.
    static func damaged(_ path: String, _ reason: String) -> OperationalError {
        OperationalError(
            code: .corrupt, message: "\(path): \(reason)",
            remedy: "bitlaw verify --repair   (sets it aside and makes it again)")
    }
}
