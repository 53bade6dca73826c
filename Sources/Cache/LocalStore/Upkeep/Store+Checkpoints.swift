package import Canon
import Glibc
import System
package import Trust

/// Kept states of actions that take long: they save time after a kill and are never a result.
///
/// `checkpoints/KEY` holds a line with the state's SHA-256, its number of bytes and the code of the account
/// that kept it, then the state. Any of them may vanish at any moment; `gc` removes them all.
extension Store {
    /// What stands where a state of an action would be kept.
    package enum KeptState: Equatable, Sendable {
        /// Nothing.
        case none
        /// A state that the account kept.
        case good([UInt8])
        /// Something that nobody may go on from, and why.
        case refused(String)
    }

    private func checkpointPath(_ key: Digest) -> String { "\(path)/checkpoints/\(key.hex)" }

    /// The most bytes of a kept state: a larger one would cost more than it saves.
    private static let largestState = 1 << 30

    private static func header(_ state: [UInt8], _ key: StateKey) -> [UInt8] {
        let digest = Digest(of: state.span)
        return Array(
            "\(digest.hex) \(state.count) \(key.code(of: digest, size: state.count).hex)\n".utf8)
    }

    /// Keeps a state, in place of an older one of the same action; one that is too large is not kept.
    package func keepCheckpoint(_ state: [UInt8], for action: Digest, by key: StateKey) throws {
        if state.count > Store.largestState { return }
        try requireWritable()
        try makeFolder("\(path)/checkpoints")
        try writeWholeFile(
            Store.header(state, key) + state, to: checkpointPath(action), .durable,
            drafts: "\(path)/tmp")
    }

    /// The kept state of an action, of which nothing is believed before the account's code is found right.
    package func checkpoint(for action: Digest, by key: StateKey) -> KeptState {
        do {
            let path = checkpointPath(action)
            guard let file = try PlainFile.open(path, followingLinks: false) else { return .none }
            let line = try file.read(256).prefix { $0 != 10 }
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count == 3, let digest = try? Digest(hex: String(words[0])),
                let size = Int(words[1]), let code = AuthenticationCode(hex: String(words[2]))
            else { return .refused("it has no code of an account") }
            guard code == key.code(of: digest, size: size) else {
                return .refused("its code is not of this account")
            }
            guard file.size == line.count + 1 + size else {
                return .refused("expected \(size) bytes, found \(file.size - line.count - 1)")
            }
            guard size <= Store.largestState else {
                return .refused("expected at most \(Store.largestState) bytes, found \(size)")
            }
            let state = try file.end(size)
            guard Digest(of: state.span) == digest else {
                return .refused("its bytes do not hash to \(digest.short)")
            }
            return .good(state)
        } catch let error as OperationalError {
            return .refused(error.message)
        } catch {
            return .refused("\(error)")
        }
    }

    /// Whether a state is kept that hashes to the digest in its first line, whoever kept it.
    func hasCheckpoint(for action: Digest) throws -> Bool {
        let path = checkpointPath(action)
        guard let file = try PlainFile.open(path, followingLinks: false) else { return false }
        let line = try file.read(256, at: 0).prefix { $0 != 10 }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        // Older versions wrote the digest alone.
        guard [1, 3].contains(words.count), file.size > line.count,
            words.count == 1 || Int(words[1]) == file.size - line.count - 1
        else { return false }
        _ = try file.read(line.count + 1)
        return try file.digest().digest.hex == words[0]
    }

    /// Sets a kept state aside that nobody may go on from.
    package func setCheckpointAside(for action: Digest, reason: String) throws {
        try setAside(checkpointPath(action), reason: reason, isOwn: true)
    }

    /// Forgets the kept state of an action that is done.
    package func removeCheckpoint(for key: Digest) {
        _ = unsafe unlink(checkpointPath(key))
    }
}
