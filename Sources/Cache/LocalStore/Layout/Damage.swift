package import Canon
import System

/// Something in the store that was found damaged, and what was done about it.
package struct Damage: Equatable, Sendable {
    /// What became of it.
    package enum Outcome: Equatable, Sendable {
        /// It is in `quarantine/` now.
        case setAside
        /// It was missing, or what stood there is in `quarantine/`, and it has been made anew.
        case madeAnew
        /// It had another name than its bytes say, and has the right one now.
        case putBack(String)
        /// It stays where it is: nothing here may or can move it.
        case stays
    }

    /// Where it stood.
    package let path: String
    /// What was expected and found.
    package let reason: String
    /// What became of it.
    package let outcome: Outcome

    /// Names damage.
    package init(path: String, reason: String, outcome: Outcome = .setAside) {
        self.path = path
        self.reason = reason
        self.outcome = outcome
    }

    /// The blob that stood there, where it was one.
    package var blob: Digest? {
        let parts = path.split(separator: "/").suffix(3)
        guard parts.count == 3, parts.first == "cas", path.hasSuffix(".zst") else { return nil }
        return try? Digest(hex: String(parts.dropFirst().joined().dropLast(4)))
    }

    /// The folders of a store that lead to it, and its name; none where it is not in the store.
    package func place(in store: Store) -> [String] {
        guard path.hasPrefix(store.path + "/") else { return [] }
        return path.dropFirst(store.path.count + 1).split(separator: "/").map(String.init)
    }

    /// What became of it, in words.
    package var ending: String {
        switch outcome {
        case .setAside: "set aside"
        case .madeAnew: "made anew"
        case .putBack(let place): "put back as \(place)"
        case .stays: "left as it is"
        }
    }

    /// What a run or another command says of it.
    package var warning: String {
        switch outcome {
        case .setAside: "\(path) was damaged (\(reason)) and is set aside"
        case .madeAnew: "\(path) was damaged (\(reason)) and is made anew"
        case .putBack(let place): "\(path) was damaged (\(reason)) and is put back as \(place)"
        case .stays: "\(path) is damaged (\(reason)); it stays as it is"
        }
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
