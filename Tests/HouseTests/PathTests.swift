import System
import TestSupport
import Testing

/// Paths in pages and scripts, which no compiler checks.
@Suite struct PathTests {
    /// The pages and scripts that tell people and shells where things are; the changelog tells of the past.
    private static func texts() throws -> [(name: String, text: String)] {
        let folders = [
            "", "docs", "docs/decisions", "Benchmarks", "Tests/Portability", "Tests/Support", ".ci",
        ]
        return try folders.flatMap { folder in
            try namesInFolder("\(Repository.root)/\(folder)").compactMap { name in
                let isText = [".md", ".py", "run", "Makefile", "Dockerfile"].contains {
                    name.hasSuffix($0)
                }
                guard isText, name != "CHANGELOG.md" else { return nil }
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                return bytesOfFile("\(Repository.root)/\(path)").map {
                    (path, String(decoding: $0, as: UTF8.self))
                }
            }
        }
    }

    /// Whether something stands at a path below the repository whose last part may have a `*`.
    private static func isThere(_ path: String) throws -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        guard let last = parts.last else { return true }
        let names = try namesInFolder(
            "\(Repository.root)/\(parts.dropLast().joined(separator: "/"))")
        guard let star = last.firstIndex(of: "*") else { return names.contains(last) }
        let (start, end) = (last[..<star], last[last.index(after: star)...])
        return names.contains { $0.hasPrefix(start) && $0.hasSuffix(end) }
    }

    @Test func `every path below Sources that a page or a script names is there`() throws {
        var count = 0
        for (name, text) in try Self.texts() {
            for piece in text.split(separator: "Sources/").dropFirst() {
                let rest = piece.prefix { $0.isLetter || $0.isNumber || "_+*/.-".contains($0) }
                let path = "Sources/" + rest.reversed().drop { "./-".contains($0) }.reversed()
                count += 1
                #expect(try Self.isThere(path), "\(name) names \(path)")
            }
        }
        #expect(count > 20)
    }
}
