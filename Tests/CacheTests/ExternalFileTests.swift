import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing

/// Files outside the store that actions read, and the store's memory of them.
@Suite struct ExternalFileTests {
    private let folder = TemporaryFolder()

    private func digests(_ count: Int) throws -> [Digest] {
        let store = try Store.open("\(folder.path)/s")
        return try (0..<count).map {
            try store.digest(ofExternalFile: "\(folder.path)/data/\($0)").digest
        }
    }

    private func lines() -> Int { folder.text("s/index").split(separator: "\n").count }

    private func make(_ count: Int) {
        folder.run(
            "mkdir data; cd data; for i in $(seq 0 \(count - 1)); do echo $i > $i; done; "
                + "touch -d '1 hour ago' *")
    }

    @Test func `an unchanged file is not read again, and a changed one is`() throws {
        make(50)
        let first = try digests(50)
        #expect(first[7] == Digest(of: Array("7\n".utf8).span))
        #expect(try digests(50) == first && lines() == 50)
        // One byte changes; size and time of the content stay: the inode's own time tells.
        folder.run("cd data; printf X | dd of=7 conv=notrunc 2>/dev/null; touch -d '1 hour ago' 7")
        #expect(try digests(50)[7] == Digest(of: Array("X\n".utf8).span))
        #expect(lines() == 51)
        // A digest that the index tells is taken without a look at the bytes.
        let zeros = String(repeating: "0", count: 64)
        folder.run("sed -i 's/ [0-9a-f]*$/ \(zeros)/' s/index")
        #expect(try digests(50).allSatisfy { $0.hex == zeros })
    }

    @Test func `what another process appends is seen, and damaged lines are passed over`() throws {
        let store = try Store.open("\(folder.path)/s")
        let other = try Store.open("\(folder.path)/s")
        #expect(try store.remembered("a name") == nil)
        let digest = Digest(of: [UInt8(1)].span)
        try other.remember(digest, as: "a name")
        #expect(try store.remembered("a name") == digest)
        folder.run("printf 'x\\n 1 2 3\\n= a name 0000\\n\\377\\n= \\n' >> s/index")
        #expect(try store.remembered("a name") == digest)
        folder.run("rm s/index")
        let second = Digest(of: [UInt8(2)].span)
        try other.remember(second, as: "a name")
        #expect(try store.remembered("a name") == second)
    }

    @Test func `an index with any changed byte costs reading, and no run`() throws {
        make(3)
        let first = try digests(3)
        let bytes = folder.read("s/index")
        var random = SeededGenerator(3)
        for _ in 0..<trials(200) {
            var damaged = bytes
            let place = Int.random(in: 0..<bytes.count, using: &random)
            // A changed digest is what the index says; every other change is of another file.
            let end = bytes[place...].firstIndex(of: 10) ?? place
            if (1...64).contains(end - place) { continue }
            damaged[place] = UInt8.random(in: 0...255, using: &random)
            folder.write("s/index", damaged)
            #expect(try digests(3) == first)
        }
    }

    @Test func `a file that was changed a moment ago is not remembered`() throws {
        folder.run("mkdir data; echo 1 > data/0")
        _ = try digests(1)
        #expect(folder.run("test ! -s s/index") == 0)
    }

    @Test(.heavy) func `100,000 unchanged files cost a look each`() throws {
        folder.run(
            """
            python3 -c "
            import os
            os.mkdir('data')
            for i in range(100000):
                open(f'data/{i}', 'w').write(str(i))
                os.utime(f'data/{i}', (1, 1))
            "
            """)
        let first = try digests(100_000)
        // Of the second time nothing is appended: no file was read.
        #expect(lines() == 100_000)
        #expect(try digests(100_000) == first && lines() == 100_000)
    }
}
