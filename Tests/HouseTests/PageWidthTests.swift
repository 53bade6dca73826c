import System
import TestSupport
import Testing

/// How wide pages are: a diff of them is read beside another.
@Suite struct PageWidthTests {
    /// The pages that people write; those of the reference are made by the program.
    private static func pages() throws -> [String] {
        try ["docs", "docs/decisions"].flatMap { folder in
            try namesInFolder("\(Repository.root)/\(folder)").filter { $0.hasSuffix(".md") }
                .map { "\(folder)/\($0)" }
        } + ["README.md"]
    }

    /// The lines of prose: neither code nor rows of tables, headings, comments or pictures, and what one word fills.
    private static func prose(_ text: String) -> [(number: Int, line: Substring)] {
        var isCode = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .compactMap { place, line in
                let words = line.drop { $0 == " " }
                if words.hasPrefix("```") {
                    isCode.toggle()
                    return nil
                }
                let isBound =
                    isCode || line.hasPrefix("    ") || words.split(separator: " ").count < 2
                let isOther =
                    ["|", "#", "<", "![", "{"].contains { words.hasPrefix($0) }
                    || line.contains("<!--")
                return isBound || isOther ? nil : (place + 1, line)
            }
    }

    @Test func `prose of pages has at most 100 columns`() throws {
        var count = 0
        for page in try Self.pages() {
            let text = try #require(bytesOfFile("\(Repository.root)/\(page)"))
            for (number, line) in Self.prose(String(decoding: text, as: UTF8.self)) {
                count += 1
                #expect(line.count <= 100, "\(page):\(number): \(line.count) columns")
            }
        }
        #expect(count > 2000)
    }
}
