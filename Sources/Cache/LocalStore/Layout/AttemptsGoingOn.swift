package import Canon
import System

extension Store {
    /// The attempts that go on at this moment, by whatever process: the key of each, and its folder.
    ///
    /// In a store with leases, where locks may not tell, those whose lease is there count too: also one that
    /// a killed process left, until another takes it over.
    package func attemptsGoingOn() -> [(key: Digest, folder: String)] {
        let names = (try? namesInFolder("\(path)/tmp")) ?? []
        return names.filter { $0.hasPrefix("attempt-") && !$0.hasSuffix(".lock") }.sorted()
            .compactMap { name in
                let folder = "\(path)/tmp/\(name)"
                let note = try? readWholeFile(
                    "\(folder)/\(AttemptFolder.noteName)", limit: 1024, followingLinks: false)
                guard let note = note ?? nil,
                    let key = try? Digest(hex: String(decoding: note, as: UTF8.self)),
                    StoreLock.isHeld(folder + ".lock") || leases?.isThere(key.hex) == true
                else { return nil }
                return (key, folder)
            }
    }
}
