import Canon
import TestSupport
import Testing
import Workbench

/// What programs write as points: JSON, JSON lines, CSV, as they are.
@Suite struct PointFileTests {
    private func table(_ text: String, at: [(String, JSON)] = []) throws -> Table {
        try Table(collecting: [given(text, from: "train", at: at)])
    }

    private func mistake(_ text: String) -> String { failure { _ = try table(text) } }

    @Test(arguments: [
        "{\"n\": 1, \"loss\": 2}\n{\"n\": 3, \"loss\": 4}\n",
        "{\"n\": 1, \"loss\": 2}\r\n\r\n{\"n\": 3, \"loss\": 4}",
        "[{\"n\": 1, \"loss\": 2}, {\"n\": 3, \"loss\": 4}]",
        "\u{FEFF}[\n  {\"loss\": 2, \"n\": 1},\n  {\"n\": 3, \"loss\": 4}\n]\n",
        "loss,n\n2,1\n4,3\n",
    ])
    func `a file of several points gives a row for each, with the producer's axes`(text: String)
        throws
    {
        let found = try table(text, at: [("width", 64)])
        #expect(found.columns == ["width", "loss", "n"])
        #expect(found.rows == [[64, 2, 1], [64, 4, 3]])
    }

    @Test func `one object over many lines is one point, and its lists are columns`() throws {
        let found = try table("{\n  \"loss\": 2,\n  \"history\": [3, 2.5]\n}\n")
        #expect(found.columns == ["history.0", "history.1", "loss"])
        #expect(found.rows == [[3, 2.5, 2]])
    }

    @Test func `a nested member is a column by its path, at any depth and with a dot in its name`()
        throws
    {
        let found = try table(
            """
            {"test": {"loss": 2, "by.class": {"a": 1}}, "step": 10}
            {"test": {"loss": 4}, "step": 20}
            """)
        #expect(found[column: "test.loss"] == [2, 4])
        #expect(found[column: "test.by.class.a"] == [1, .null])
        #expect(found[column: "test.acc"] == nil && found[column: "tes.loss"] == nil)
        #expect(found[column: "test.loss.x"] == nil && found[column: "test."] == nil)
        #expect(found.paths == ["step", "test.by.class.a", "test.loss"])
        #expect(
            found.names(ofRow: 1) == ["step": 20, "test": ["loss": 4]])
    }

    @Test func `an axis comes before a member, and a member of that very name before a path`()
        throws
    {
        let found = try table(
            "{\"model\": {\"width\": 1, \"depth\": 3}, \"a.b\": 5, \"a\": {\"b\": 6}, \"k\": {\"x\": 1}}",
            at: [("model", ["width": 2]), ("k", 7)])
        #expect(found[column: "model.width"] == [2])
        #expect(found[column: "model.depth"] == [3])
        #expect(found[column: "a.b"] == [5] && found[column: "k"] == [7])
        #expect(found.names(ofRow: 0)["model"] == ["width": 2, "depth": 3])
    }

    @Test(arguments: [
        ("{\"test\": {\"loss\": NaN}}", "test.loss", "NaN"),
        (
            "{\n \"NaN\": \"NaN\",\n \"a\": [1, 2],\n \"b\": {\"c\": 1},\n \"d\": -Infinity}", "d",
            "-Infinity"
        ),
        ("[{\"n\": Infinity},\n {\"n\": 1}]", "n", "Infinity"),
        ("{\"say \\\"NaN\\\\\": NaN}", "say \"NaN\\", "NaN"),
    ])
    func `a number that is none, as Python writes it, is a text`(
        text: String, column: String, word: String
    ) throws {
        #expect(try table(text)[column: column]?.first == .string(word))
    }

    @Test(arguments: [
        (
            "",
            "expected a table as text (CSV, JSON) or a file of TensorBoard, found nothing"
        ),
        ("[1, 2]", "expected an array of JSON objects, found 1 as element 1"),
        ("[{\"a\": 1}, \"x\"]", "expected an array of JSON objects, found \"x\" as element 2"),
        ("{\"a\": 1}\n[2]\n", "line 2: expected a JSON object in each line, found something else"),
        ("{\"a\": 1}\n{\"a\": \n", "line 2: not JSON: "),
        ("{\n\"a\": 1,\n\"b\" 2}", "line 3: not JSON: "),
        ("[{\"a\": 1},\n", "line 2: not JSON: "),
        ("{\"a\": \"", "line 1: not JSON: "), ("{\"a\\", "line 1: not JSON: "),
        ("{NaN", "line 1: "),
    ])
    func `what holds no points is refused by its line`(text: String, said: String) {
        let found = mistake(text)
        #expect(found.hasPrefix("train: \(said)"), "\(found)")
    }

    @Test func `damaged files of points crash nothing`() {
        var random = SeededGenerator(18)
        let seeds = [
            "{\"a\": {\"b\": NaN}, \"c\": [1, {\"d\": \"\\\"\"}]}\n{\"a\": 1}\n",
            "[{\"a\": -Infinity}, {\"b\": {\"c\": 1}}]", "a,b\n1,\"2\"\n",
        ]
        for _ in 0..<trials(3000) {
            var bytes = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place...)
                default: bytes.insert(UInt8(ascii: "\""), at: place)
                }
            }
            _ = try? Table(collecting: [given(bytes, from: "x")])
        }
    }

    @Test func `a column that is not there names those that are, nested ones too`() throws {
        let found = try table("{\"test\": {\"loss\": 2}, \"train\": {\"los\": 1}, \"step\": 1}")
        #expect(
            found.lacks("loss")
                == "no column `loss` in the points; expected one of \"step\", \"test.loss\", \"train.los\"\n"
                + "  did you mean \"test.loss\"?")
        #expect(found.lacks("stp").hasSuffix("did you mean \"step\"?"))
        #expect(!found.lacks("entropy").contains("did you mean"))
    }
}
