import LocalStore

/// Entries that several people write at once.
///
/// A server keeps the later of two writes, and none that we ask anything of compares before it
/// replaces. So an entry that was read a while ago is read and joined again before it is written, and
/// read once more after: what somebody else wrote over it meanwhile is joined and written with it. What
/// can be lost after that is what two people write between their last look and their write, a round
/// trip apart; docs/sharing.md says what follows.
extension HTTPRemote {
    /// Writes entries, joined with what the server has under their keys.
    package func put(_ entries: [RemoteEntry]) throws {
        let isFresh = lastLook.map { ContinuousClock.now - $0 <= freshness } ?? false
        lastLook = nil
        for start in stride(from: 0, to: entries.count, by: 256) {
            var open = Array(entries[start..<min(start + 256, entries.count)])
            if isFresh {
                try put(open.map { ($0.key, $0.bytes) })
                continue
            }
            // Somebody who writes the same keys without end does not keep us for ever.
            for _ in 0..<8 where !open.isEmpty {
                open = try joined(open)
                try put(open.map { ($0.key, $0.bytes) })
            }
        }
        lastLook = nil
    }

    /// Those entries of which the server lacks something, joined with what it has.
    private func joined(_ entries: [RemoteEntry]) throws -> [RemoteEntry] {
        let ours = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
        var lacking: [RemoteEntry] = []
        try self.entries(entries.map { $0.key }) { key, answer in
            guard let own = ours[key] else { return }
            // What is absent, or unreadable there, is written anew.
            guard case .found(var entry) = answer else { return lacking.append(own) }
            if own.results.filter({ entry.add($0) }).isEmpty { return }
            lacking.append(entry)
        }
        return lacking
    }
}
