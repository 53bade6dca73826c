import Glibc
import System
import TestSupport
import Testing

/// Logs that keep their beginning and their end.
@Suite struct BoundedLogTests {
    @Test func `a log is untouched until something is written, and by no name more than its own`()
        throws
    {
        let folder = TemporaryFolder(named: "log")
        let log = try BoundedLog(in: folder.path, bound: 1600)
        #expect(log.isUntouched)
        #expect(log.isLog(of: folder.path, bound: 1600) && !log.isLog(of: folder.path, bound: 16))
        let path = try #require(LogParts.found(in: folder.path).first?.path)
        #expect(unsafe link(path, folder.path + "/other") == 0)
        #expect(!log.isUntouched)
        #expect(unsafe unlink(folder.path + "/other") == 0)
        #expect(log.isUntouched)
        try log.write([10])
        #expect(!log.isUntouched)
    }

    private func text(_ folder: TemporaryFolder, from offset: Int = 0) throws -> (String, Int) {
        var bytes: [UInt8] = []
        let end = try LogParts.read(folder.path, from: offset) { bytes += $0 }
        return (String(decoding: bytes, as: UTF8.self), end)
    }

    private func sizes(_ folder: TemporaryFolder) throws -> Int {
        try namesInFolder(folder.path).reduce(0) {
            $0 + (sizeOfFile("\(folder.path)/\($1)") ?? 0)
        }
    }

    @Test func `what fits into the bound stays whole, in one file`() throws {
        let folder = TemporaryFolder()
        let log = try BoundedLog(in: folder.path, bound: 1600)
        #expect(try LogParts.join(folder.path) == nil)
        try log.write(Array("one\n".utf8))
        try log.write(Array("two\n".utf8))
        #expect(try text(folder) == ("one\ntwo\n", 8))
        #expect(try LogParts.join(folder.path) == "\(folder.path)/.log-0")
        #expect(String(decoding: LogParts.end(folder.path, count: 4), as: UTF8.self) == "two\n")
    }

    /// Numbers of eight bytes each, so that it can be told which of them are left.
    private func lines(_ range: Range<Int>) -> String {
        range.map { String(1_000_000 + $0) + "\n" }.joined()
    }

    @Test(arguments: [8, 24, 1000, 100_000])
    func `beginning and end stay, a line tells what is left out, and the disk holds no more`(
        chunk: Int
    ) throws {
        let folder = TemporaryFolder()
        let log = try BoundedLog(in: folder.path, bound: 1600)
        var rest = Array(lines(0..<5000).utf8)[...]
        while !rest.isEmpty {
            try log.write(Array(rest.prefix(chunk)))
            rest = rest.dropFirst(chunk)
            #expect(try sizes(folder) <= 1600)
        }
        let (found, end) = try text(folder)
        #expect(end == 40_000)
        #expect(found.hasPrefix(lines(0..<12)))
        #expect(found.hasSuffix(lines(4880..<5000)))
        let kept = found.utf8.count
        let note = try #require(found.split(separator: "\n").first { $0.hasPrefix("…") })
        let left = try #require(Int(note.split(separator: " ")[4]))
        #expect(note == "… bitlaw left out \(left) bytes of this log here …")
        #expect(kept - (note.utf8.count + 2) + left == 40_000)
        let joined = try #require(try LogParts.join(folder.path))
        #expect(try readWholeFile(joined).map { String(decoding: $0, as: UTF8.self) } == found)
        #expect(
            String(decoding: LogParts.end(folder.path, count: 80), as: UTF8.self)
                == lines(4990..<5000))
    }

    @Test func `a reader goes on where it was, and is told what it missed`() throws {
        let folder = TemporaryFolder()
        let log = try BoundedLog(in: folder.path, bound: 1600)
        try log.write(Array(lines(0..<10).utf8))
        let (_, first) = try text(folder)
        try log.write(Array(lines(10..<12).utf8))
        #expect(try text(folder, from: first) == (lines(10..<12), 96))
        try log.write(Array(lines(12..<5000).utf8))
        let (rest, _) = try text(folder, from: 96)
        #expect(rest.hasPrefix("33332") == false && rest.hasSuffix(lines(4900..<5000)))
        #expect(rest.contains("left out"))
    }

    @Test func `a new log takes the place of an old one, and of what is no log`() throws {
        let folder = TemporaryFolder()
        let log = try BoundedLog(in: folder.path, bound: 1600)
        try log.write(Array(lines(0..<5000).utf8))
        folder.run("echo x > .log-; echo x > .log-07; echo x > .log-x; ln -s /etc/passwd .log-99")
        let again = try BoundedLog(in: folder.path, bound: 1600)
        try again.write(Array("new\n".utf8))
        #expect(try text(folder) == ("new\n", 4))
        #expect(folder.run("grep -q root /etc/passwd; test ! -e .log-99") == 0)
    }

    @Test func `a link in the place of a log is not followed`() {
        let folder = TemporaryFolder()
        folder.run("echo mine > precious; ln -s precious .log-0")
        #expect(throws: OperationalError.self) { try BoundedLog(in: folder.path) }
        #expect(folder.text("precious") == "mine\n")
    }
}
