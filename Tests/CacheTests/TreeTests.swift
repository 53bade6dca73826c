import Canon
import LocalStore
import TestSupport
import Testing

/// Trees as values: what they are, what they are not, and their manifests.
@Suite struct TreeTests {
    private static let empty = Digest(of: [UInt8]().span)

    private static func file(_ path: String, size: Int = 0, isExecutable: Bool = false) -> TreeEntry
    {
        TreeEntry(path, .file(empty, size: size, isExecutable: isExecutable))
    }

    @Test func `a manifest is the canonical JSON that the format says, and its digest is pinned`()
        throws
    {
        let tree = try Tree([
            TreeEntry("sub", .folder), TreeEntry("sub/link", .link("../a")),
            TreeTests.file("a", size: 3), TreeTests.file("sub/go.sh", isExecutable: true),
        ])
        let e = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let text =
            #"{"format":"bitlaw/tree/1","members":[{"digest":"\#(e)","path":"a","size":3},"#
            + #"{"folder":true,"path":"sub"},"#
            + #"{"digest":"\#(e)","executable":true,"path":"sub/go.sh","size":0},"#
            + #"{"link":"../a","path":"sub/link"}]}"#
        #expect(String(decoding: tree.manifest, as: UTF8.self) == text)
        #expect(
            JSON.object(try JSON(parsing: Array(text.utf8)).members ?? [:]).canonicalText == text)
        #expect(try Tree(parsing: tree.manifest) == tree)
        #expect(tree.digest == Digest(of: Array(text.utf8).span))
        #expect(try Tree([]).manifest == Array(#"{"format":"bitlaw/tree/1","members":[]}"#.utf8))
    }

    @Test func `the two forms of one accented name are two entries, in the order of their bytes`()
        throws
    {
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
        let tree = try Tree([TreeTests.file(composed), TreeTests.file(decomposed)])
        #expect(tree.entries.map { $0.path.utf8.count } == [6, 5])
        #expect(try Tree(parsing: tree.manifest) == tree)
        #expect(try tree != Tree([TreeTests.file(composed)]))
        #expect(TreeTests.file(composed) != TreeTests.file(decomposed))
    }

    @Test(arguments: ["line\nbreak", "tab\tand \"quote\"", "back\\slash", "\u{7f}\u{1}", "日本"])
    func `a name of any characters comes back from its manifest`(name: String) throws {
        let tree = try Tree([TreeTests.file(name)])
        #expect(try Tree(parsing: tree.manifest) == tree)
    }

    @Test func `what no tree has is refused with what was found`() {
        let long = String(repeating: "x", count: 4096)
        let cases: [([TreeEntry], String)] = [
            ([TreeTests.file("")], "an empty path"),
            ([TreeTests.file("/etc")], "a path with an empty name in it"),
            ([TreeTests.file("a//b")], "a path with an empty name in it"),
            ([TreeTests.file("a/")], "a path with an empty name in it"),
            ([TreeTests.file("./a")], "a path with the name `.` in it"),
            ([TreeTests.file("..")], "a path with the name `..` in it"),
            ([TreeTests.file("a\0b")], "a path with a zero byte"),
            ([TreeTests.file(long)], "a path of 4096 bytes, where 4095 are the most"),
            ([TreeTests.file("a"), TreeTests.file("a")], "the path twice"),
            ([TreeTests.file("a/b")], "a path in what is no folder of the tree"),
            ([TreeTests.file("a"), TreeTests.file("a/b")], "a path in what is no folder"),
            ([TreeTests.file("a", size: -1)], "a file of -1 bytes"),
        ]
        for (entries, found) in cases {
            let error = #expect(throws: TreeFormatError.self) { try Tree(entries) }
            #expect(
                error?.reason.hasPrefix("expected entries of a folder in order, found \(found)")
                    == true, "\(error?.reason ?? "nothing")")
        }
    }

    @Test(arguments: [
        ("a", "b", true), ("d/a", "../b", true), ("d/a", "./x/./y", true), ("d/a", "..", true),
        ("a", "nowhere", true), ("a", "..", false), ("a", "/etc/passwd", false),
        ("d/a", "../../x", false), ("d/a", "x/../../y", false), ("d/a", "x/..", false),
        ("a", "", false),
    ])
    func `a link stays inside, whatever it meets`(path: String, target: String, isFine: Bool) {
        let entries = [TreeEntry("d", .folder), TreeEntry(path, .link(target))]
        if isFine {
            #expect(throws: Never.self) { try Tree(entries) }
        } else {
            let error = #expect(throws: TreeFormatError.self) { try Tree(entries) }
            #expect(error?.reason.contains("found a link to") == !target.isEmpty)
        }
    }

    @Test func `another spelling of a manifest is none`() throws {
        let tree = try Tree([TreeTests.file("a\n"), TreeTests.file("b", size: 12)])
        let text = String(decoding: tree.manifest, as: UTF8.self)
        for (old, new) in [
            ("\\n", "\\u000a"), (":12", ":012"), (":12", ":12.0"), ("[{", "[ {"), ("}]", "},]"),
            ("\"path\":\"b\"", "\"path\":\"\\u0062\""), ("tree/1", "tree/2"), ("]}", "]}\n"),
        ] {
            let other = Array(text.replacing(old, with: new).utf8)
            #expect(other != tree.manifest)
            #expect(throws: TreeFormatError.self) { try Tree(parsing: other) }
        }
    }

    @Test func `a manifest with any changed, missing or added byte is another tree or none`() throws
    {
        let manifest = try Tree([
            TreeEntry("a", .folder), TreeTests.file("a/b\n", size: 7), TreeEntry("c", .link("a")),
        ]).manifest
        var random = SeededGenerator(18)
        for _ in 0..<trials(3000) {
            var bytes = manifest
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            }
            // What is read gives the same bytes again: a digest names one tree.
            guard let tree = try? Tree(parsing: bytes) else { continue }
            #expect(tree.manifest == bytes)
        }
    }
}
