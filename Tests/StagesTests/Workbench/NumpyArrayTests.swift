import Canon
import System
import Testing
import Workbench

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
