import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing

@Suite struct StoreTests {
    private func code(_ body: () throws -> Void) -> OperationalError.Code? {
        do { try body() } catch let error as OperationalError { return error.code } catch {}
        return nil
    }

    @Test func `a store is made on first use and is marked as a cache`() throws {
        let folder = TemporaryFolder()
        _ = try Store.open("\(folder.path)/a/b/store")
        #expect(folder.run("test \"$(cat a/b/store/format)\" = 'bitlaw store 1'") == 0)
        #expect(
            folder.run(
                "grep -q '^Signature: 8a477f597d28d172789f06886806bc55' a/b/store/CACHEDIR.TAG")
                == 0)
        _ = try Store.open("\(folder.path)/a/b/store")
    }

    @Test func `a folder with other things, a newer store and a file are refused with a way out`()
        throws
    {
        let folder = TemporaryFolder()
        folder.run(
            "mkdir other newer; touch other/thesis.tex; touch file; echo 'bitlaw store 2' > newer/format"
        )
        do {
            _ = try Store.open("\(folder.path)/other")
        } catch {
            #expect(
                "\(error)"
                    == "\(folder.path)/other: expected a store or an empty folder, found thesis.tex\n"
                    + "  fix: choose another folder with --store")
        }
        do {
            _ = try Store.open("\(folder.path)/newer")
        } catch {
            #expect(
                "\(error)"
                    == "\(folder.path)/newer: the store has format 2, this bitlaw knows up to 1\n"
                    + "  fix: use the bitlaw that made it, or another store with --store")
        }
        #expect(code { _ = try Store.open("\(folder.path)/other") } == .notAStore)
        #expect(code { _ = try Store.open("\(folder.path)/newer") } == .newerFormat)
        #expect(code { _ = try Store.open("\(folder.path)/file") } != nil)
        #expect(code { _ = try Store.open("\(folder.path)/none", creating: false) } == .missing)
        #expect(folder.run("test \"$(ls other)\" = thesis.tex") == 0)
    }

    @Test func `a full disk gives one clear error and leaves what finished whole`() throws {
        let folder = TemporaryFolder()
        guard folder.run("mkdir disk; mount -t tmpfs -o size=2m tmpfs disk 2>/dev/null") == 0 else {
            skip("no permission to mount a small tmpfs, so the full disk was not tried")
            return
        }
        defer { folder.run("umount disk") }
        let store = try Store.open("\(folder.path)/disk/store")
        let small = try store.put([1, 2, 3])
        var state: UInt64 = 1
        let noise = (0..<4_000_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        do {
            try store.put(noise)
            Issue.record("it fitted")
        } catch let error as OperationalError {
            #expect(error.code == .diskFull)
            #expect(error.message.contains("\(folder.path)/disk/store/tmp/"))
            #expect(error.remedy.contains("bitlaw gc"))
        }
        #expect(try store.bytes(of: small) == [1, 2, 3])
        // A program that another test starts holds our descriptors, and so the deleted draft, between
        // its fork and its exec: the space comes back a moment later.
        var stored: Digest?
        for _ in 0..<100_000 where stored == nil { stored = try? store.put([4]) }
        #expect(stored == Digest(of: [UInt8(4)].span))
        #expect(try store.verify().damage.isEmpty)
    }

    @Test func `a store without write permission is read, and writing says what to do`()
        async throws
    {
        // Root may write anywhere, so another user tries.
        let folder = TemporaryFolder()
        let digest = try Store.open("\(folder.path)/store").put([7])
        folder.run("chmod -R a+rX,a-w store; chmod a+rx .")
        await #expect(processExitsWith: .exitCode(42)) {
            [path = folder.path as String, hex = digest.hex as String] in
            guard setuid(65534) == 0 else { exit(42) }
            let store = try Store.open("\(path)/store")
            let isRead = try store.bytes(of: Digest(hex: hex)) == [7]
            do { try store.put([8]) } catch let error as OperationalError {
                exit(isRead && store.isReadOnly && error.code == .readOnly ? 42 : 1)
            }
            exit(2)
        }
    }

    @Test func `an attempt folder of a dead process is removed, one of a living process is not`()
        throws
    {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let live = try store.makeAttemptFolder()
        folder.run(
            "mkdir store/tmp/attempt-dead; touch store/tmp/attempt-dead/x store/tmp/attempt-dead.lock"
        )
        let again = try Store.open("\(folder.path)/store")
        #expect(
            folder.run("test ! -e store/tmp/attempt-dead && test ! -e store/tmp/attempt-dead.lock")
                == 0)
        #expect(unsafe access(live.path, F_OK) == 0)
        live.remove()
        #expect(unsafe access(live.path, F_OK) != 0)
        _ = again
    }

    @Test func `an attempt folder is made though others lock its lock file first, as a stale one`()
        async throws
    {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        let temporary = "\(folder.path)/store/tmp"
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<trials(3000) {
                    let attempt = try store.makeAttemptFolder()
                    #expect(unsafe access(attempt.path, F_OK) == 0)
                    attempt.remove()
                }
            }
            // What an engine does that opens the store: it tries every lock that it finds.
            group.addTask {
                while !Task.isCancelled { StoreTests.lockEach(in: temporary) }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Takes and drops the lock of each lock file of a folder.
    private static func lockEach(in path: String) {
        guard let names = unsafe opendir(path) else { return }
        defer { unsafe closedir(names) }
        while let entry = unsafe readdir(names) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            guard name.hasSuffix(".lock") else { continue }
            let descriptor = unsafe open("\(path)/\(name)", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            var request = flock()
            request.l_type = Int16(F_WRLCK)
            _ = unsafe fcntl(descriptor, 37, &request)
            close(descriptor)
        }
    }

    @Test func `the index gives the digest of an external file, and notices a change`() throws {
        let folder = TemporaryFolder()
        let store = try Store.open("\(folder.path)/store")
        folder.run("printf one > file; touch -d '2020-01-01' file")
        let one = try store.digest(ofExternalFile: "\(folder.path)/file").digest
        #expect(one == Digest(of: Array("one".utf8).span))
        #expect(try store.digest(ofExternalFile: "\(folder.path)/file").digest == one)
        folder.run("printf two > file; touch -d '2020-01-01' file")
        #expect(
            try store.digest(ofExternalFile: "\(folder.path)/file").digest
                == Digest(of: Array("two".utf8).span))
        folder.run("printf 'rubbish \\377\\n\\n 1 2' >> store/index")
        #expect(
            try store.digest(ofExternalFile: "\(folder.path)/file").digest
                == Digest(of: Array("two".utf8).span))
    }
}
