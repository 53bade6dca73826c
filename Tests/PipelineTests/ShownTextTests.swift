import Canon
import Testing

@Suite struct ShownTextTests {
    @Test(arguments: [
        ("plain é 世界\tx\ny", "plain é 世界\tx\ny"), ("\u{1B}]0;TITLE\u{7}", "\\u001b]0;TITLE\\u0007"),
        ("\u{9B}31m", "\\u009b31m"), ("a\u{202E}b", "a\\u202eb"),
        ("a\u{2066}b\u{2069}", "a\\u2066b\\u2069"),
        ("\u{200E}\u{200F}", "\\u200e\\u200f"), ("\u{7F}\r\u{0}", "\\u007f\\u000d\\u0000"),
    ])
    func `what steers a terminal is written out, and nothing else`(text: String, expected: String) {
        #expect(shown(text) == expected)
    }

    @Test func `JSON for programs means the same after it`() throws {
        let value: JSON = ["a\u{202E}": "\u{9B}x\u{7F}\\\u{2066}\n\u{1B}"]
        #expect(try JSON(parsing: shown(value.canonicalText)) == value)
    }

    @Test func `a document of many small values costs no more than it is given`() {
        let bytes = Array("[0,0,[0,{\"a\":0}]]".utf8)
        var (enough, few) = (7, 6)
        #expect((try? JSON(parsing: bytes, values: &enough)) != nil)
        #expect(enough == 0)
        let error = #expect(throws: JSONError.self) { try JSON(parsing: bytes, values: &few) }
        #expect(error?.reason == "more values than are read here")
    }
}
