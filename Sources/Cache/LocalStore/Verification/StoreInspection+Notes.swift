import Canon
import System
import Trust

/// Signatures, and what only saves work: notes on exports and kept states.
extension StoreInspection {
    /// Reads signatures: the name of each has digits of what it signs and of the signature.
    mutating func readSignatures() {
        let files = shardFiles("signatures") {
            $0.hasPrefix(".") && $0.hasSuffix(".json")
        }
        found.strange += files.misplaced
        for (key, name) in files.named {
            let path = "\(store.path)/signatures/\(key.hex.prefix(2))/\(name)"
            found.others["signatures", default: 0] += 1
            attempt(path) {
                guard let reason = try mistake(inSignature: path, key, name) else { return }
                try store.setAside(path, reason: reason, isOwn: true)
            }
        }
    }

    /// Why a file is no signature of what its name says; `nil` for one that is.
    private func mistake(
        inSignature path: String, _ key: Digest, _ name: String
    ) throws -> String? {
        let envelope: DSSEEnvelope
        do {
            let bytes = try readWholeFile(path, limit: 1 << 20, followingLinks: false)
            guard let bytes else { return nil }
            envelope = try DSSEEnvelope(parsing: bytes, origin: "signature")
        } catch let error as OperationalError {
            return error.reason(at: path)
        }
        let digits = name.dropFirst(63).dropLast(5).split(separator: "-")
        guard digits.count == 2,
            Digest(of: envelope.payload.span).hex.hasPrefix(digits[0]),
            envelope.signatures.contains(where: { Store.digits(of: $0) == digits[1] })
        else { return "its bytes are not those that its name tells" }
        return nil
    }

    /// Reads the notes on exports, and kept states.
    mutating func readNotes() {
        for entry in entries("exports") {
            let path = "\(store.path)/exports/\(entry.text)"
            found.others["exports", default: 0] += 1
            attempt(path) {
                if store.isExportLedger(named: entry.text) { return }
                try store.setAside(
                    path, reason: "expected the notes on the folder whose digest it is named by",
                    isOwn: true)
            }
        }
        for entry in entries("checkpoints") {
            let path = "\(store.path)/checkpoints/\(entry.text)"
            if store.isCheckpointFolder(named: entry.text) { continue }
            found.others["checkpoints", default: 0] += 1
            let key = try? Digest(hex: entry.text)
            attempt(path) {
                if let key, try store.hasCheckpoint(for: key) { return }
                try store.setAside(
                    path, reason: "expected a state that hashes to its first line", isOwn: true)
            }
        }
    }
}
