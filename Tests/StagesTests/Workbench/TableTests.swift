import Canon
import TestSupport
import Testing
import Workbench

@Suite struct TableTests {
    private func read(_ text: String) throws -> Table { try Table(csv: Array(text.utf8)) }

    private func text(_ text: String) -> String { failure { _ = try read(text) } }

    @Test func `fields are quoted where RFC 4180 asks, numbers are shortest`() {
        var table = Table(columns: ["plain", "a,b", "say \"x\""])
        table.append([0.1, "one, two", "he said \"no\""])
        table.append([1e21, "line\nbreak", "cr\rhere"])
        table.append([.number(1.0 / 3), .null, true])
        table.append([100_000, "", " spaces "])
        #expect(
            table.csv() == """
                plain,"a,b","say ""x""\"
                0.1,"one, two","he said ""no""\"
                1e+21,"line
                break","cr\rhere"
                0.3333333333333333,,true
                100000,, spaces \n
                """)
    }

    @Test func `numbers survive the text bit for bit`() throws {
        var stream: UInt64 = 1
        var table = Table(columns: ["x"])
        var values: [Double] = [
            0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 123_456_789_012_345_680,
        ]
        while values.count < trials(2000) {
            stream = stream &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: stream)
            if value.isFinite { values.append(value) }
        }
        for value in values { table.append([.number(value)]) }
        #expect(try read(table.csv())[column: "x"] == values.map { .number($0) })
    }

    @Test func `quotes, CRLF, LF and a missing last line end are read alike`() throws {
        let expected = Table(
            columns: ["n", "text"],
            rows: [[1, "a,b"], [-0.025, "x\"y"], [.null, "two\r\nlines"]])
        let lines = ["n,text", "1,\"a,b\"", "-2.5e-2,\"x\"\"y\"", ",\"two\r\nlines\""]
        for end in ["\n", "\r\n"] {
            #expect(try read(lines.joined(separator: end)) == expected)
            #expect(try read(lines.joined(separator: end) + end) == expected)
        }
        #expect(try read("\u{FEFF}n\n1\n").columns == ["n"])
    }

    @Test func `only plain decimal numbers become numbers`() throws {
        let table = try read("a\n1\n\"1\"\nnan\ninf\n0x10\n1e999\n1e5\n 2\n+3\n")
        #expect(
            table[column: "a"]
                == [1, "1", "nan", "inf", "0x10", "1e999", 100_000, " 2", 3])
    }

    @Test func `a table that is no table is refused by line`() {
        #expect(text("") == "line 1: expected a header, found nothing")
        #expect(text("a,b\n1,2\n\n3\n") == "line 4: expected 2 fields, found 1")
        #expect(text("a,b\n1,2\n3\n") == "line 3: expected 2 fields, found 1")
        #expect(text("a,b\n\"x\ny\",2\n3,4,5\n") == "line 4: expected 2 fields, found 3")
        #expect(
            text("a,b,a\n")
                == "line 1: expected each column once, found `a` twice, columns 1 and 3\n"
                + "  fix: rename one of them in the file")
        #expect(
            text("a\n\"x\ny\n")
                == "line 2, field 1: expected a closing quote, found the end of the file")
        #expect(
            text("a\n\"x\"y\n")
                == "line 2, field 1: expected a comma or the line's end after a closing quote")
        #expect(
            text("a\nx\"y\n")
                == "line 2, field 1: expected a field with quotes to start with one, found one inside"
        )
        #expect(
            failure { _ = try Table(csv: [0x61, 0x0A, 0xFF, 0x0A]) }
                .hasPrefix("line 2, field 1: expected UTF-8, found the byte 0xFF"))
    }

    @Test func `results become rows with the axes as columns`() throws {
        let table = try Table(collecting: [
            measured("e", [("n", 10), ("model", ["name": "a", "width": 2])], ["y": 0.5]),
            measured(
                "e", [("n", 20), ("model", ["name": "b", "width": 4])], ["y": 0.25, "z": 1]),
        ])
        #expect(table.columns == ["n", "model.name", "model.width", "y", "z"])
        #expect(table.rows == [[10, "a", 2, 0.5, .null], [20, "b", 4, 0.25, 1]])
        #expect(table.filtered(["model.width": 4]).rows.count == 1)
        #expect(table.filtered(["colour": 4]).rows.isEmpty)
    }

    @Test func `a CSV file gives all its rows`() throws {
        let table = try Table(collecting: [
            given("x,y\n1,2\n3,4\n", from: "data/points.csv"), measured("e", [("x", 5)], ["y": 6]),
        ])
        #expect(table == Table(columns: ["x", "y"], rows: [[1, 2], [3, 4], [5, 6]]))
    }

    @Test func `an output that gives an axis another value, or no numbers, is refused by name`() {
        #expect(
            failure { _ = try Table(collecting: [measured("e", [("n", 10)], ["n": 11])]) }
                == "e[n=10]: `n` is an axis with the value 10 and a column with the value 11; rename one"
        )
        #expect(
            failure { _ = try Table(collecting: [given("[1, 2]", from: "list")]) }
                == "list: expected an array of JSON objects, found 1 as element 1")
        #expect(
            failure { _ = try Table(collecting: [given("", from: "empty")]) }
                == "empty: expected a table as text (CSV, JSON) or a file of TensorBoard, found nothing"
        )
        #expect(
            failure { _ = try Table(collecting: [given("a,b\n1\n", from: "x.csv")]) }
                == "x.csv: line 2: expected 2 fields, found 1")
    }
}
