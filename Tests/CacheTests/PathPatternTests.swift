import Canon
import TestSupport
import Testing

/// Patterns for paths, as gitignore(5) describes them.
@Suite struct PathPatternTests {
    /// A pattern, a path, whether that is a folder, and whether the pattern means it.
    struct Case: Sendable, CustomTestStringConvertible {
        let pattern: String
        let path: String
        let isMeant: Bool
        var isFolder: Bool { path.hasSuffix("/") }
        var name: String { isFolder ? String(path.dropLast()) : path }
        var testDescription: String { "\(pattern) \(isMeant ? "means" : "spares") \(path)" }

        init(_ pattern: String, _ path: String, _ isMeant: Bool) {
            self.pattern = pattern
            self.path = path
            self.isMeant = isMeant
        }
    }

    /// What the manual page says in words and examples.
    static let documented = [
        // "If there is a separator at the beginning or middle (or both) of the pattern, then the pattern is
        // relative to the directory level of the particular .gitignore file itself."
        Case("doc/frotz", "doc/frotz", true), Case("/doc/frotz", "doc/frotz", true),
        Case("doc/frotz/", "doc/frotz/", true), Case("doc/frotz/", "a/doc/frotz/", false),
        Case("frotz/", "frotz/", true), Case("frotz/", "a/frotz/", true),
        Case("/foo", "foo", true), Case("/foo", "a/foo", false), Case("foo", "a/b/foo", true),
        // "If there is a separator at the end of the pattern then the pattern will only match directories."
        Case("bin/", "bin/", true), Case("bin/", "bin", false),
        // "An asterisk matches anything except a slash. The character ? matches any one character except /."
        Case("*.[oa]", "lib/x.o", true), Case("*.[oa]", "x.c", false),
        Case("foo/*", "foo/test.json", true), Case("foo/*", "foo/bar/", true),
        Case("foo/*", "foo/bar/hello.c", false), Case("a?c", "abc", true),
        Case("a?c", "ac", false), Case("a?c", "aéc", true), Case("hello.*", "hello.c", true),
        Case("hello.*", "a/hello.java", true), Case("/hello.*", "a/hello.java", false),
        Case("x*y*z", "xyyz", true), Case("x*y*z", "xz", false),
        // "A leading ** followed by a slash means match in all directories."
        Case("**/foo", "foo", true), Case("**/foo", "a/b/foo", true),
        Case("**/foo/bar", "x/foo/bar", true), Case("**/foo/bar", "x/foo/y/bar", false),
        // "A trailing /** matches everything inside."
        Case("abc/**", "abc/x", true), Case("abc/**", "abc/x/y", true),
        Case("abc/**", "abc/", false), Case("abc/**", "x/abc/y", false),
        // "A slash followed by two consecutive asterisks then a slash matches zero or more directories."
        Case("a/**/b", "a/b", true), Case("a/**/b", "a/x/b", true),
        Case("a/**/b", "a/x/y/b", true), Case("a/**/b", "a/x/y/c", false),
        // fnmatch(3) and glob(7): sets, their complements, classes, and a backslash.
        Case("[a-c]x", "bx", true), Case("[a-c]x", "dx", false), Case("[!a-c]x", "dx", true),
        Case("[]-]x", "]x", true), Case("[]-]x", "-x", true), Case("[[:digit:]]x", "7x", true),
        Case("[[:digit:]]x", "dx", false), Case("\\*x", "*x", true), Case("\\*x", "ax", false),
        Case("[x", "[x", false), Case("a\\", "a\\", false),
    ]

    @Test(arguments: documented)
    func `a pattern means what the manual page of gitignore says`(_ one: Case) {
        #expect(
            PathPattern(one.pattern)?.matches(one.name, isFolder: one.isFolder) == one.isMeant)
    }

    @Test func `names compare by bytes, and an empty pattern is none`() {
        #expect(PathPattern("\u{e9}")?.matches("e\u{301}", isFolder: false) == false)
        #expect(PathPattern("") == nil && PathPattern("/") == nil)
    }

    @Test func `the last pattern decides, and git's own folders are out whatever it says`() {
        let filter = PathFilter(["*.log", "!kept.log", "/out/", "!.git"])
        #expect(
            filter.hides("a.log", isFolder: false) && !filter.hides("kept.log", isFolder: false))
        #expect(filter.hides(fileAt: "out/deep/x") && !filter.hides(fileAt: "a/out/x"))
        #expect(filter.hides(".git", isFolder: true) && filter.hides(fileAt: "sub/.git"))
        #expect(filter.hides(fileAt: "a/__pycache__/x.pyc"))
        #expect(!filter.hides("__pycache__", isFolder: false))
        #expect(!PathFilter.nothing.hides(fileAt: ".git/config"))
    }

    @Test func `random patterns mean what git ignores by them`() {
        guard isInstalled("git", package: "git", else: "patterns were not compared with git's")
        else { return }
        let folder = TemporaryFolder()
        var random = SeededGenerator(18)
        func word(_ letters: [String], _ most: Int) -> String {
            (0..<Int.random(in: 1...most, using: &random)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &random)]
            }.joined()
        }
        var paths: Set<String> = []
        for _ in 0..<60 {
            paths.insert((0..<3).map { _ in word(["a", "b", "]"], 2) }.joined(separator: "/"))
        }
        folder.run("git init -q .")
        let sorted = paths.sorted()
        for path in sorted { folder.run("mkdir -p '\(path)' 2>/dev/null; : > '\(path)/f'") }
        // What stands there: every folder, and the file in each.
        folder.run("find . -mindepth 1 -path ./.git -prune -o -printf '%P%y\\n' > .list")
        let found = folder.text(".list").split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix(".") && !$0.isEmpty }
        for _ in 0..<trials(60) {
            let pattern = word(
                ["a", "b", "f", "*", "?", "/", "**/", "/**", "[ab]", "[!a]", "]", "\\*"], 4)
            // A doubled slash, and stars that are no part by themselves, are left to git.
            if pattern.contains("//") || pattern.contains("***") { continue }
            folder.write(".gitignore", "\(pattern)\n")
            folder.write(".names", found.map { String($0.dropLast()) }.joined(separator: "\n"))
            folder.run("git check-ignore --no-index --stdin < .names > .ignored")
            let ignored = Set(folder.text(".ignored").split(separator: "\n").map(String.init))
            let own = PathPattern(pattern)
            func isHidden(_ path: String, isFolder: Bool) -> Bool {
                let parts = path.split(separator: "/")
                return parts.indices.contains { end in
                    own?.matches(
                        parts[...end].joined(separator: "/"),
                        isFolder: isFolder || end < parts.count - 1) ?? false
                }
            }
            for entry in found {
                let path = String(entry.dropLast())
                #expect(
                    isHidden(path, isFolder: entry.hasSuffix("d")) == ignored.contains(path),
                    "\(pattern) and \(path)")
            }
        }
    }
}
