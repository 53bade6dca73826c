import Canon
import Glibc
import System
import TestSupport
import Testing

/// The one reader of whole files, the one writer, and the one way to give a file its name.
@Suite struct WholeFileTests {
    private let folder = TemporaryFolder()

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func text(_ name: String) -> String {
        String(decoding: folder.read(name), as: UTF8.self)
    }

    @Test(arguments: [0, 1, 4095, 4096, 65535, 65536, 65537, 1 << 20 + 1])
    func `a file of any size is read whole, and hashes to the digest of its bytes`(size: Int) throws
    {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        folder.write("file", bytes)
        #expect(try readWholeFile(path("file")) == bytes)
        #expect(try readRequiredFile(path("file")) == bytes)
        #expect(try Digest(ofFileAt: path("file")) == Digest(of: bytes.span))
        #expect(sizeOfFile(path("file")) == size)
    }

    @Test func `a file of just the bound is read, one of a byte more is refused with both numbers`()
        throws
    {
        folder.write("file", [UInt8](repeating: 7, count: 100))
        #expect(try readWholeFile(path("file"), limit: 100)?.count == 100)
        let error = #expect(throws: OperationalError.self) {
            try readWholeFile(path("file"), limit: 99)
        }
        #expect(error?.code == .malformed)
        #expect(
            error?.message == "\(path("file")): expected a file of at most 99 bytes, found 100")
    }

    @Test func `what the kernel makes up is read to its end, and no further than the bound`() throws
    {
        let bytes = try #require(try readWholeFile("/proc/self/status"))
        #expect(String(decoding: bytes, as: UTF8.self).contains("Threads:"))
        let error = #expect(throws: OperationalError.self) {
            try readWholeFile("/proc/self/status", limit: 10)
        }
        #expect(
            error?.message == "/proc/self/status: expected a file of at most 10 bytes, found more")
    }

    @Test(arguments: [
        ("mkdir x", "a folder"), ("mkfifo x", "a pipe"), ("ln -s /dev/zero x", "a device"),
        ("mkdir y; ln -s y x", "a folder"),
    ])
    func `what is no file is called by its name, and not waited for`(make: String, name: String) {
        folder.run(make)
        let tries: [() throws -> Void] = [
            { _ = try readWholeFile(path("x")) }, { _ = try readRequiredFile(path("x")) },
            { _ = try Digest(ofFileAt: path("x")) },
        ]
        for attempt in tries {
            let error = #expect(throws: OperationalError.self) { try attempt() }
            #expect(error?.code == .malformed)
            #expect(error?.message == "\(path("x")): expected a file, found \(name)")
        }
        #expect(sizeOfFile(path("x")) == nil)
    }

    @Test func `a link is followed where that is allowed, and told as one where it is not`() throws
    {
        folder.run("echo secret > file; ln -s file link; ln -s nowhere dangling")
        #expect(try readWholeFile(path("link")) == Array("secret\n".utf8))
        for name in ["link", "dangling"] {
            let error = #expect(throws: OperationalError.self) {
                try readWholeFile(path(name), followingLinks: false)
            }
            #expect(error?.code == .untrusted)
        }
        #expect(try readWholeFile(path("dangling")) == nil)
    }

    @Test func `a file that is missing is no file, or an error where it has to be there`() throws {
        #expect(try readWholeFile(path("nothing")) == nil)
        let error = #expect(throws: OperationalError.self) {
            try readRequiredFile(path("nothing"))
        }
        #expect(error?.code == .missing)
        #expect(error?.message == "\(path("nothing")): no such file")
    }

    @Test(arguments: [Durability.none, .durable])
    func `a file that is written takes the place of the old one, and leaves nothing beside it`(
        durability: Durability
    ) throws {
        folder.run("mkdir a drafts; echo something much longer than the new text > a/file")
        try writeWholeFile(Array("new\n".utf8), to: path("a/file"), durability)
        #expect(text("a/file") == "new\n")
        try writeWholeFile(
            Array("newer\n".utf8), to: path("a/file"), durability, drafts: path("drafts"))
        #expect(text("a/file") == "newer\n")
        #expect(try namesInFolder(path("a")) == ["file"])
        #expect(try namesInFolder(path("drafts")).isEmpty)
    }

    @Test(arguments: [Durability.none, .durable])
    func `a new file takes nobody's place, and has the mode that was asked for`(
        durability: Durability
    ) throws {
        folder.run("mkdir a; echo old > a/file")
        let error = #expect(throws: OperationalError.self) {
            try writeWholeFile([1], to: path("a/file"), durability, isNew: true)
        }
        #expect(error?.message.hasPrefix("\(path("a/file")): cannot write: ") == true)
        #expect(text("a/file") == "old\n")
        try writeWholeFile([1], to: path("a/secret"), durability, isNew: true, mode: 0o600)
        #expect(folder.run("test \"$(stat -c %a a/secret)\" = 600") == 0)
        #expect(try namesInFolder(path("a")) == ["file", "secret"])
    }

    @Test(arguments: ["mkdir -p a/file/full", "rm -r a"])
    func `a durable file that cannot have its name leaves no draft`(obstacle: String) throws {
        folder.run("mkdir a drafts; \(obstacle)")
        #expect(throws: OperationalError.self) {
            try writeWholeFile([1], to: path("a/file"), .durable, drafts: path("drafts"))
        }
        #expect(try namesInFolder(path("drafts")).isEmpty)
    }

    @Test func `a name is taken from nobody unless it is to be replaced`() throws {
        folder.run("echo one > one; echo two > two; echo three > three")
        #expect(try !place(path("one"), at: path("two"), replacing: false))
        #expect(text("one") == "one\n" && text("two") == "two\n")
        #expect(try place(path("one"), at: path("two"), replacing: true))
        #expect(text("two") == "one\n")
        #expect(try place(path("three"), at: path("four"), replacing: false))
        #expect(try namesInFolder(folder.path) == ["four", "two"])
        let error = #expect(throws: OperationalError.self) {
            try place(path("nothing"), at: path("two"), replacing: true, doing: "move")
        }
        #expect(error?.message == "\(path("two")): cannot move: No such file or directory")
    }

    @Test func `a folder takes the place of an empty one alone`() throws {
        folder.run("mkdir -p new/file empty full/file")
        #expect(try !place(path("new"), at: path("full"), replacing: true))
        #expect(try !place(path("new"), at: path("empty"), replacing: false))
        #expect(try place(path("new"), at: path("empty"), replacing: true))
        #expect(folder.run("test -e empty/file && test ! -e new") == 0)
    }
}
