import Canon
import Glibc
import LocalStore
import System
import TestSupport
import Testing

/// Folders on the disk that come into a store and out of it.
@Suite struct TreeStoreTests {
    private let folder = TemporaryFolder()

    private func store() throws -> Store { try Store.open("\(folder.path)/store") }

    private func put(_ script: String) throws -> (tree: Tree, digest: Digest, size: Int) {
        folder.run("mkdir -p made && cd made && \(script)")
        return try store().put(treeAt: "\(folder.path)/made")
    }

    @Test func `a folder comes back with its names, bytes, links and executable bits`() throws {
        let (tree, digest, size) = try put(
            """
            mkdir -p deep/er empty; printf one > deep/er/one; : > nothing
            printf '#!/bin/sh\\n' > run.sh; chmod 755 run.sh; ln -s deep/er/one link
            head -c 700000 /dev/zero > large; printf 'x' > "$(printf 'a\\nb')"
            """)
        #expect(tree.fileCount == 5 && tree.bytes == 3 + 10 + 700_000 + 1)
        let store = try store()
        #expect(try store.tree(digest) == tree)
        #expect(try store.bytes(of: digest)?.count == size)
        #expect(try store.unpack(tree, to: "\(folder.path)/back").isEmpty)
        #expect(folder.run("diff -r --no-dereference made back") == 0)
        #expect(
            folder.run(
                "test $(stat -c %a back/run.sh) = 555 && test $(stat -c %a back/nothing) = 444 "
                    + "&& test \"$(readlink back/link)\" = deep/er/one") == 0)
        #expect(try store.put(treeAt: "\(folder.path)/back").digest == digest)
        #expect(try store.verify().damage.isEmpty)
        #expect(folder.run("test -z \"$(ls -A store/tmp)\"") == 0)
    }

    @Test func `random trees come back as they were`() throws {
        var random = SeededGenerator(7)
        let store = try store()
        for trial in 0..<trials(8) {
            let made = "\(folder.path)/random-\(trial)"
            try makeFolder(made)
            var folders = [""]
            for number in 0..<Int.random(in: 0...120, using: &random) {
                let parent = folders[Int.random(in: 0..<folders.count, using: &random)]
                let lead = ["é", "e\u{301}", "\n", " ", "-"][number % 5]
                let path = "\(parent)\(lead)\(number)"
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    try makeFolder("\(made)/\(path)")
                    folders.append(path + "/")
                case 1: #expect(unsafe symlink("x\(number)", "\(made)/\(path)") == 0)
                default:
                    let count = Int.random(in: 0...3000, using: &random)
                    let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                    try writeWholeFile(
                        bytes, to: "\(made)/\(path)", .none,
                        mode: Bool.random(using: &random) ? 0o755 : 0o644)
                }
            }
            let (tree, digest, _) = try store.put(treeAt: made)
            #expect(try store.unpack(tree, to: "\(made)-back", writable: true).isEmpty)
            #expect(try store.put(treeAt: "\(made)-back").digest == digest)
            #expect(
                folder.run("diff -r --no-dereference 'random-\(trial)' 'random-\(trial)-back'") == 0
            )
        }
    }

    @Test func `only names, bytes, links and the executable bit are in the digest`() throws {
        let (_, first, _) = try put("echo 1 > a; mkdir sub; chmod 600 a")
        #expect(try put("touch -d 2001-01-01 a; chmod 644 a; chmod 700 sub").digest == first)
        let executable = try put("chmod u+x a").digest
        #expect(executable != first)
        #expect(try put("chmod u-x a; mv a b").digest != first)
        #expect(try put("mv b a").digest == first)
        #expect(try put("rmdir sub").digest != first)
    }

    @Test(arguments: [
        ("mkfifo pipe", "pipe", "a pipe"),
        (
            "python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('sock')\"", "sock",
            "a socket"
        ),
        ("ln -s /etc/passwd link", "link", "a link to /etc/passwd, which is absolute"),
        ("ln -s ../made/x link", "link", "a link to ../made/x, outside of the folder"),
        ("mkdir d; ln -s x/../.. d/l", "d/l", "a link to x/../.., with `..` behind a name"),
        ("touch \"$(printf 'a\\377')\"", "a\u{FFFD}", "a name that is not UTF-8"),
    ])
    func `what no tree has is refused by its name`(script: String, path: String, found: String)
        throws
    {
        let error = #expect(throws: TreeMistake.self) {
            try put("mkdir -p z; echo 1 > z/a; \(script)")
        }
        #expect(error == TreeMistake(path, found))
        #expect(
            error?.description == "`\(visible(path))` in the folder: expected files, folders and "
                + "links that stay inside, found \(found)")
        #expect(try store().keysOfResults().isEmpty)
    }

    @Test func `a device is refused by its name`() throws {
        guard isRoot(else: "no device could be put into a folder") else { return }
        let error = #expect(throws: TreeMistake.self) { try put("mknod null c 1 3") }
        guard error?.found != nil else { return }
        #expect(error == TreeMistake("null", "a device"))
    }

    @Test(arguments: [
        ("echo 1 > made; true", "a file in its place"),
        ("mkfifo made; true", "a pipe in its place"),
        ("ln -s /etc made; true", "a link in its place"), ("true", "nothing there"),
    ])
    func `what is no folder itself is told`(script: String, found: String) throws {
        folder.run(script)
        let error = #expect(throws: TreeMistake.self) {
            try store().put(treeAt: "\(folder.path)/made")
        }
        #expect(
            error?.description == "the folder: expected files, folders and links that stay inside, "
                + "found \(found)")
    }

    @Test func `a path beyond 4,095 bytes and 3,000 nested folders are refused by name`() throws {
        folder.run(
            """
            mkdir made && cd made && python3 -c "
            import os
            for i in range(3000): os.mkdir('a' * 50); os.chdir('a' * 50)
            "
            """)
        let error = #expect(throws: TreeMistake.self) {
            try store().put(treeAt: "\(folder.path)/made")
        }
        #expect(error?.found == "a path of 4130 bytes, where 4095 are the most")
        try removeTree("\(folder.path)/made")
    }

    @Test func `the longest path that the system can name comes back`() throws {
        folder.run(
            """
            mkdir made && cd made && python3 -c "
            import os
            for i in range(2046): os.mkdir('a'); os.chdir('a')
            open('bcd', 'w').write('deep')
            "
            """)
        let store = try store()
        let (tree, digest, _) = try store.put(treeAt: "\(folder.path)/made")
        #expect(tree.entries.last?.path.utf8.count == 4095)
        #expect(try store.unpack(tree, to: "\(folder.path)/back").isEmpty)
        #expect(try store.put(treeAt: "\(folder.path)/back").digest == digest)
        try removeTree("\(folder.path)/made")
        try removeTree("\(folder.path)/back")
    }

    @Test func `lost and damaged blobs are told, and nothing is made without them`() throws {
        let (tree, _, _) = try put("echo 1 > a; echo 2 > b; echo 3 > c")
        let store = try store()
        let digests = ["1\n", "2\n"].map { Digest(of: Array($0.utf8).span) }
        let paths = digests.map { "store/cas/\($0.hex.prefix(2))/\($0.hex.dropFirst(2)).zst" }
        folder.run("rm \(paths[0]); chmod u+w \(paths[1]); printf x >> \(paths[1])")
        #expect(try store.unpack(tree, to: "\(folder.path)/back") == digests.sorted())
        #expect(store.damage.count == 1)
        #expect(folder.run("test ! -e back && ! ls | grep -q partial") == 0)
    }

    @Test func `nothing is unpacked over what stands there`() throws {
        let (tree, _, _) = try put("echo 1 > a")
        folder.run("mkdir back; touch back/mine")
        let error = #expect(throws: OperationalError.self) {
            try store().unpack(tree, to: "\(folder.path)/back")
        }
        #expect(error?.message.hasSuffix("cannot make the folder: File exists") == true)
        #expect(folder.run("test \"$(ls back)\" = mine") == 0)
    }

    @Test func `a copy is made once, and is read-only`() throws {
        let (_, digest, _) = try put("mkdir d; echo 1 > d/a")
        let store = try store()
        let blob = try store.put(Array("text".utf8))
        let attempt = try store.makeAttemptFolder()
        defer { attempt.remove() }
        let copies = SharedCopies(path: attempt.path, store: store)
        let tree = try #require(try copies.tree(digest))
        #expect(bytesOfFile("\(tree)/d/a") == Array("1\n".utf8))
        let file = try #require(try copies.file(blob))
        let program = try #require(try copies.file(blob, isExecutable: true))
        #expect(file != program)
        #expect(
            folder.run(
                "test $(stat -c %a '\(file)') = 444 && test $(stat -c %a '\(program)') = 555") == 0)
        // Another process of the run finds what is there.
        let other = SharedCopies(path: attempt.path, store: try self.store())
        #expect(try other.tree(digest) == tree && other.file(blob) == file)
        let lost = Digest(of: Array("nowhere".utf8).span)
        #expect(try copies.file(lost) == nil && copies.tree(lost) == nil)
        #expect(try copies.tree(blob) == nil)
    }

    @Test func `two readers that want a copy at once get one`() throws {
        let (_, digest, _) = try put("for i in $(seq 200); do echo $i > f$i; done")
        let store = try store()
        let attempt = try store.makeAttemptFolder()
        defer { attempt.remove() }
        let copies = SharedCopies(path: attempt.path, store: store)
        let paths = try (0..<128).map { $0 }.concurrentMap { part in
            try part.map { _ in try copies.tree(digest) }
        }
        #expect(Set(paths) == ["\(attempt.path)/tree-\(digest.hex)"])
        #expect(folder.run("test $(ls '\(attempt.path)' | wc -l) = 2") == 0)
    }

    @Test(.heavy) func `a tree of 100,000 files goes in and out`() throws {
        let (tree, digest, _) = try put(
            "python3 -c \"import os\nfor d in range(100):\n os.mkdir(f'd{d}')\n for i in range(1000): "
                + "open(f'd{d}/{i}', 'w').write(f'{d} {i}')\"")
        #expect(tree.fileCount == 100_000)
        let store = try store()
        #expect(try store.unpack(tree, to: "\(folder.path)/back").isEmpty)
        #expect(try store.put(treeAt: "\(folder.path)/back").digest == digest)
    }
}
