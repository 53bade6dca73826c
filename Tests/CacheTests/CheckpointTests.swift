import Canon
import LocalStore
import TestSupport
import Testing

@Suite struct CheckpointTests {
    @Test func `a kept state reads back, is replaced, and goes with gc`() throws {
        let folder = TemporaryFolder()
        let key = Digest(of: Array("action".utf8).span)
        do {
            let store = try Store.open("\(folder.path)/store")
            #expect(store.checkpoint(for: key) == nil)
            try store.keepCheckpoint([1, 2, 3], for: key)
            #expect(store.checkpoint(for: key) == [1, 2, 3])
            try store.keepCheckpoint([], for: key)
            #expect(store.checkpoint(for: key) == [])
            store.removeCheckpoint(for: key)
            #expect(store.checkpoint(for: key) == nil)
            try store.keepCheckpoint([4], for: key)
        }
        let store = try Store.open("\(folder.path)/store", exclusive: true)
        #expect(store.checkpoint(for: key) == [4])
        _ = try store.collectGarbage(GarbagePolicy(), dryRun: true)
        #expect(store.checkpoint(for: key) == [4])
        _ = try store.collectGarbage(GarbagePolicy(), dryRun: false)
        #expect(store.checkpoint(for: key) == nil)
    }

    @Test func `a damaged or short state is as good as none`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let key = Digest(of: Array("action".utf8).span)
        for damage in [
            "printf x | dd of=$f bs=1 seek=70 conv=notrunc", "truncate -s 66 $f",
            "truncate -s 0 $f",
            "printf x | dd of=$f bs=1 seek=2 conv=notrunc",
        ] {
            try store.keepCheckpoint(Array(repeating: 9, count: 100), for: key)
            folder.run("f=store/checkpoints/\(key.hex); { \(damage); } 2>/dev/null")
            #expect(store.checkpoint(for: key) == nil, "\(damage)")
        }
    }
}
