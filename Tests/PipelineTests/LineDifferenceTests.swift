import Run
import System
import TestSupport
import Testing

@Suite struct LineDifferenceTests {
    private func difference(_ old: String, _ new: String) -> LineDifference {
        LineDifference(from: Array(old.utf8), to: Array(new.utf8))
    }

    /// What `diff -u` of GNU diffutils 3.8 prints, without the names of the files.
    @Test(arguments: [
        ("a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c"),
        ("", "a\n", "@@ -0,0 +1 @@\n+a"),
        ("a\n", "", "@@ -1 +0,0 @@\n-a"),
        ("a\nb", "a\nb\n", "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b"),
        (
            "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n",
            "@@ -7,3 +7,4 @@\n 7\n 8\n 9\n+10"
        ),
        (
            "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n",
            "@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -6,4 +7,3 @@\n 6\n 7\n 8\n-9"
        ),
        (
            "1\n2\n3\n4\n5\n6\n7\n8\n", "x\n2\n3\n4\n5\n6\n7\ny\n",
            "@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+y"
        ),
        ("a\nb\na\nb\n", "a\nb\na\nb\na\nb\n", "@@ -2,3 +2,5 @@\n b\n a\n b\n+a\n+b"),
    ])
    func `a difference is what diff -u prints`(old: String, new: String, expected: String) {
        #expect(difference(old, new).shown.joined(separator: "\n") == expected)
    }

    @Test func `equal texts have no difference`() {
        let none = difference("a\nb\n", "a\nb\n")
        #expect(none.shown.isEmpty && none.added == 0 && none.removed == 0)
    }

    @Test func `a long difference is cut at twenty lines and counted`() {
        let old = (0..<100).map { "\($0)\n" }.joined()
        let new = (0..<100).map { "x\($0)\n" }.joined()
        let found = difference(old, new)
        #expect(found.shown.count == 20 && found.more == 181)
        #expect(found.added == 100 && found.removed == 100)
    }

    @Test func `texts without a line in common are compared in bounded time`() {
        let old = (0..<30_000).map { "\($0)\n" }.joined()
        let new = (0..<30_000).map { "x\($0)\n" }.joined()
        let found = difference(old, new)
        #expect(found.added == 30_000 && found.removed == 30_000)
    }

    /// Against the table of longest common subsequences, filled in cell by cell.
    @Test func `no difference is shorter than the one found`() {
        var state: UInt64 = 7
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<trials(300) {
            let old = (0..<draw(12)).map { _ in "\(draw(4))\n" }
            let new = (0..<draw(12)).map { _ in "\(draw(4))\n" }
            var table = Array(
                repeating: [Int](repeating: 0, count: new.count + 1), count: old.count + 1)
            for i in old.indices {
                for j in new.indices {
                    table[i + 1][j + 1] =
                        old[i] == new[j]
                        ? table[i][j] + 1 : max(table[i][j + 1], table[i + 1][j])
                }
            }
            let common = table[old.count][new.count]
            let found = difference(old.joined(), new.joined())
            #expect(found.removed == old.count - common, "\(old) \(new)")
            #expect(found.added == new.count - common, "\(old) \(new)")
        }
    }
}
