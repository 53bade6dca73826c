import Cache
import Pipeline
import Stages
import TestSupport
import Testing

@Suite struct NumpyArrayTests {
    private let array = NumpyArray(
        rows: 2, columns: 3, elements: [0, -0.0, 1.5, .infinity, -2.5e-300, 0.1])

    /// NEP 1: magic, version, little-endian header size, a Python literal padded with spaces to a
    /// multiple of 64 and ended by a line feed, then the elements.
    @Test func `the bytes are those of the format, written out by hand`() throws {
        let bytes = array.bytes()
        let literal = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"
        let header =
            literal + String(repeating: " ", count: 128 - 10 - literal.utf8.count - 1) + "\n"
        #expect(bytes.count == 128 + 48)
        #expect(Array(bytes[..<10]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
        #expect(Array(bytes[10..<128]) == Array(header.utf8))
        // 1.5 is 0x3FF8…, 0.1 is 0x3FB999999999999A; the low byte first.
        #expect(Array(bytes[144..<152]) == [0, 0, 0, 0, 0, 0, 0xF8, 0x3F])
        #expect(Array(bytes[168...]) == [0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F])
    }

    @Test func `arrays read back bit for bit`() throws {
        let back = try NumpyArray(array.bytes())
        #expect(back.rows == 2 && back.columns == 3)
        #expect(back.elements.map(\.bitPattern) == array.elements.map(\.bitPattern))
        let empty = NumpyArray(rows: 0, columns: 3, elements: [])
        #expect(try NumpyArray(empty.bytes()) == empty)
        let long = NumpyArray(rows: 1, columns: 20_000, elements: (0..<20_000).map { Double($0) })
        #expect(try NumpyArray(long.bytes()) == long)
    }

    private func changed(_ find: String, _ put: String) -> [UInt8] {
        let bytes = array.bytes()
        let text = String(decoding: bytes[10..<128], as: UTF8.self).replacing(find, with: put)
        let header = text.split(separator: "\n")[0].prefix(117)
        let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        return Array(bytes[..<10]) + Array(padded.utf8) + Array(bytes[128...])
    }

    @Test func `what is not such an array is refused with what was found`() {
        func text(_ bytes: [UInt8]) -> String { failure { _ = try NumpyArray(bytes) } }
        let bytes = array.bytes()
        #expect(text([]) == "expected an .npy file, found 0 other bytes")
        #expect(
            text(Array("{\"a\": 1, \"b\": 2}".utf8))
                == "expected an .npy file, found 16 other bytes")
        #expect(text(Array(bytes[..<100])) == "expected an .npy header of 118 bytes, found 90")
        var newer = bytes
        newer[6] = 2
        #expect(text(newer) == "expected .npy version 1.0, found 2.0")
        #expect(
            text(Array(bytes.dropLast())) == "expected .npy data of 8 × 2 × 3 bytes, found 47")
        #expect(text(bytes + [0]) == "expected .npy data of 8 × 2 × 3 bytes, found 49")
        #expect(text(changed("<f8", "<f4")).hasPrefix("expected .npy '<f8' in C order, found {"))
        #expect(text(changed("False", "True")).hasPrefix("expected .npy '<f8' in C order, found {"))
        for shape in ["(6,)", "(1, 2, 3)", "(-2, 3)", "(2, x)", "()"] {
            #expect(
                text(changed("(2, 3)", shape))
                    == "expected an .npy shape of two dimensions, found "
                    + "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }")
        }
        #expect(
            text(changed("(2, 3)", "(4611686018427387904, 4611686018427387904)"))
                == "expected .npy data of 8 × 4611686018427387904 × 4611686018427387904 bytes, found 48"
        )
    }

    @Test func `damage at any byte of the header is refused or keeps every element`() {
        let bytes = array.bytes()
        for place in 0..<128 {
            for flip in [UInt8(1), 0x10, 0x80] {
                var damaged = bytes
                damaged[place] ^= flip
                if let read = try? NumpyArray(damaged) {
                    #expect(read.rows * read.columns == 6)
                    #expect(read.elements.map(\.bitPattern) == array.elements.map(\.bitPattern))
                }
            }
        }
    }
}

@Suite struct SafetensorsTests {
    private let file = Safetensors(
        tensors: [
            "b": .init(shape: [2], elements: [1, -0.5]),
            "a": .init(shape: [1, 3], elements: [.infinity, 0.1, -0.0]),
            "scalar": .init(shape: [], elements: [7]), "none": .init(shape: [0, 4], elements: []),
        ], metadata: ["features": "polar", "note": "ü \" \\ \n"])

    private func bytes(_ header: String, data: Int = 8) -> [UInt8] {
        let text = Array(header.utf8)
        let size = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return size + text + [UInt8](repeating: 0, count: data)
    }

    private func text(_ bytes: [UInt8]) -> String { failure { _ = try Safetensors(bytes) } }

    @Test func `tensors and metadata read back bit for bit`() throws {
        let back = try Safetensors(file.bytes())
        #expect(back.metadata == file.metadata)
        #expect(back.tensors.keys.sorted() == ["a", "b", "none", "scalar"])
        for (name, tensor) in file.tensors {
            #expect(back.tensors[name]?.shape == tensor.shape)
            #expect(
                back.tensors[name]?.elements.map(\.bitPattern) == tensor.elements.map(\.bitPattern))
        }
        #expect(back.bytes() == file.bytes())
    }

    /// The format's own description: 8 bytes of header size, JSON, data; written out by hand.
    @Test func `the bytes are those of the format`() throws {
        let one = Safetensors(
            tensors: ["w": .init(shape: [2], elements: [1, -2])], metadata: ["k": "v"])
        let header =
            "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"data_offsets\":[0,8],\"dtype\":\"F32\",\"shape\":[2]}}"
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        let expected =
            [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8)
            + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]
        #expect(one.bytes() == expected)
    }

    @Test func `a header that does not fit is refused`() {
        #expect(text([]) == "expected .safetensors with 8 bytes of header size, found 0 bytes")
        #expect(
            text([1, 2, 3]) == "expected .safetensors with 8 bytes of header size, found 3 bytes")
        #expect(
            text(Array(file.bytes()[..<40]))
                == "expected a .safetensors header of \(file.bytes()[0]) bytes, found 32 bytes after "
                + "its size" || file.bytes()[1] != 0)
        #expect(
            text([UInt8](repeating: 0xFF, count: 9))
                == "expected a .safetensors header of 18446744073709551615 bytes, found 1 bytes after "
                + "its size")
        #expect(
            text(bytes("{\"a\":", data: 0))
                == "expected a .safetensors header in JSON, found at byte 5: expected a value")
        #expect(text(bytes("[1]")) == "expected a .safetensors header that is a JSON object")
        #expect(
            text(bytes("{\"__metadata__\":{\"a\":1}}", data: 0))
                == "__metadata__: expected texts by name")
    }

    @Test(arguments: [
        (
            "{\"w\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
            "tensor w: expected dtype F32, found \"F64\""
        ),
        (
            "{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}",
            "tensor w: expected dtype F32, found none"
        ),
        (
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
            "tensor w: expected data up to byte 12, found 8 bytes of data"
        ),
        (
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
            "tensor w: expected 4 bytes for each element of shape [3], found 8"
        ),
        (
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
            "tensor w: expected 4 bytes for each element of shape [4294967296, 4294967296], found 8"
        ),
        (
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
            "tensor w: expected shape and data_offsets as lists of whole numbers"
        ),
        (
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
            "tensor w: expected shape and data_offsets as lists of whole numbers"
        ),
        (
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}",
            "tensor w: expected shape and data_offsets as lists of whole numbers"
        ),
        (
            "{\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            "tensor w: expected its data to start at 4, where the one before ends, found 0"
        ),
        (
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            "tensor w: expected its data to start at 0, where the one before ends, found 4"
        ),
        (
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            "expected 4 bytes of tensors, found 8"
        ),
    ])
    func `a tensor that does not fit is refused by name`(header: String, expected: String) {
        #expect(text(bytes(header)) == expected)
    }

    @Test func `every truncation is refused`() {
        let whole = file.bytes()
        for count in 0..<whole.count {
            #expect(!text(Array(whole[..<count])).isEmpty, "\(count) bytes")
        }
    }
}

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
        #expect(text("a,b\n1,2\n3\n") == "line 3: expected 2 fields, found 1")
        #expect(text("a,b\n\"x\ny\",2\n3,4,5\n") == "line 4: expected 2 fields, found 3")
        #expect(text("a,b,a\n") == "line 1: expected each column once, found `a` twice")
        #expect(
            text("a\n\"x\ny\n") == "line 2: expected a closing quote, found the end of the file")
        #expect(
            text("a\n\"x\"y\n")
                == "line 2: expected a comma or the line's end after a closing quote")
        #expect(
            text("a\nx\"y\n")
                == "line 2: expected a field with quotes to start with one, found one inside")
        #expect(
            failure { _ = try Table(csv: [0x61, 0x0A, 0xFF, 0x0A]) }
                == "line 2: expected UTF-8, found other bytes")
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
                == "list: expected a JSON object of numbers")
        #expect(
            failure { _ = try Table(collecting: [given("", from: "empty")]) }
                == "empty: expected a JSON object of numbers")
        #expect(
            failure { _ = try Table(collecting: [given("a,b\n1\n", from: "x.csv")]) }
                == "x.csv: expected a JSON object of numbers, or a CSV table: line 2: expected 2 fields, "
                + "found 1")
    }
}
