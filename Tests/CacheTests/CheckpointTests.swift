import Canon
import LocalStore
import TestSupport
import Testing
import Trust

@Suite struct CheckpointTests {
    private let action = Digest(of: Array("action".utf8).span)

    private func key(_ byte: UInt8 = 1, of action: Digest? = nil) throws -> StateKey {
        try #require(AccountSecret(bytes: Array(repeating: byte, count: 32)))
            .stateKey(for: action ?? self.action)
    }

    @Test func `a kept state reads back, is replaced, and goes with gc`() throws {
        let folder = TemporaryFolder()
        let key = try key()
        do {
            let store = try Store.open("\(folder.path)/store")
            #expect(store.checkpoint(for: action, by: key) == .none)
            try store.keepCheckpoint([1, 2, 3], for: action, by: key)
            #expect(store.checkpoint(for: action, by: key) == .good([1, 2, 3]))
            try store.keepCheckpoint([], for: action, by: key)
            #expect(store.checkpoint(for: action, by: key) == .good([]))
            store.removeCheckpoint(for: action)
            #expect(store.checkpoint(for: action, by: key) == .none)
            try store.keepCheckpoint([4], for: action, by: key)
        }
        let store = try Store.open("\(folder.path)/store", exclusive: true)
        #expect(store.checkpoint(for: action, by: key) == .good([4]))
        _ = try store.collectGarbage(GarbagePolicy(), dryRun: true)
        #expect(store.checkpoint(for: action, by: key) == .good([4]))
        _ = try store.collectGarbage(GarbagePolicy(), dryRun: false)
        #expect(store.checkpoint(for: action, by: key) == .none)
    }

    @Test(arguments: [
        ("printf x | dd of=$f bs=1 seek=200 conv=notrunc", "its bytes do not hash to"),
        ("truncate -s 150 $f", "expected 100 bytes, found"),
        ("truncate -s 20G $f", "expected 100 bytes, found 2147"),
        ("truncate -s 0 $f", "it has no code of an account"),
        ("printf 0 | dd of=$f bs=1 seek=2 conv=notrunc", "its code is not of this account"),
        ("ln -sf /etc/passwd $f", "found a link"), ("rm $f; mkfifo $f", "found a pipe"),
        ("rm $f; mkdir $f", "found a folder"),
        // As older versions kept one: what its digest is made of proves nothing.
        (
            "head -c 100 /dev/zero > s; { sha256sum s | head -c64; echo; cat s; } > $f",
            "it has no code of an account"
        ),
    ])
    func `a state that was changed is refused, with the reason, and set aside`(
        damage: String, reason: String
    ) throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        try store.keepCheckpoint(Array(repeating: 9, count: 100), for: action, by: key())
        folder.run("f=store/checkpoints/\(action.hex); { \(damage); } 2>/dev/null")
        guard case .refused(let found) = store.checkpoint(for: action, by: try key()) else {
            Issue.record("\(damage): it was not refused")
            return
        }
        #expect(found.contains(reason), "\(found)")
        try store.setCheckpointAside(for: action, reason: found)
        #expect(store.checkpoint(for: action, by: try key()) == .none)
        #expect(folder.run("test $(ls store/quarantine | wc -l) = 1") == 0)
    }

    @Test func `a state of another account, or of another action, is refused`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let other = Digest(of: Array("other".utf8).span)
        try store.keepCheckpoint([1, 2, 3], for: action, by: key())
        let refused = Store.KeptState.refused("its code is not of this account")
        #expect(store.checkpoint(for: action, by: try key(2)) == refused)
        folder.run("cp store/checkpoints/\(action.hex) store/checkpoints/\(other.hex)")
        #expect(store.checkpoint(for: other, by: try key(of: other)) == refused)
        #expect(store.checkpoint(for: action, by: try key()) == .good([1, 2, 3]))
    }
}
