import Canon
import Testing
import Workbench

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
