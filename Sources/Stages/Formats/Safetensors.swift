import Cache

/// Named single-precision tensors in the `.safetensors` format.
///
/// Source: github.com/huggingface/safetensors, README: 8 bytes of header size, JSON, data.
package struct Safetensors: Sendable, Equatable {
    /// A tensor: shape and elements, row-major.
    package struct Tensor: Sendable, Equatable {
        /// The sizes.
        package let shape: [Int]
        /// The elements.
        package let elements: [Float]

        /// Wraps elements.
        package init(shape: [Int], elements: [Float]) {
            self.shape = shape
            self.elements = elements
        }
    }

    /// The tensors by name.
    package var tensors: [String: Tensor]
    /// Text by name.
    package var metadata: [String: String]

    /// Collects tensors.
    package init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The file's bytes: tensors ordered by name.
    package func bytes() -> [UInt8] {
        var header: [String: JSON] = [:]
        var data: [UInt8] = []
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let start = data.count
            for element in tensor.elements { appendLittleEndian(element.bitPattern, to: &data) }
            header[name] = [
                "dtype": "F32", "shape": .array(tensor.shape.map { .number(Double($0)) }),
                "data_offsets": [.number(Double(start)), .number(Double(data.count))],
            ]
        }
        header["__metadata__"] = .object(metadata.mapValues { .string($0) })
        var text = JSON.object(header).canonical()
        while text.count % 8 != 0 { text.append(0x20) }
        var bytes: [UInt8] = []
        appendLittleEndian(UInt64(text.count), to: &bytes)
        return bytes + text + data
    }

    /// Reads a file whose tensors are all F32.
    package init(_ bytes: [UInt8]) throws(FormatError) {
        guard bytes.count >= 8 else {
            throw FormatError("expected .safetensors, found \(bytes.count) bytes")
        }
        let size = littleEndian(bytes, at: 0, count: 8)
        guard size <= UInt64(bytes.count - 8),
            let header = try? JSON(parsing: Array(bytes[8..<(8 + Int(size))])),
            let members = header.members
        else { throw FormatError("expected .safetensors, found a header that does not fit") }
        let start = 8 + Int(size)
        tensors = [:]
        metadata = [:]
        for (name, member) in members {
            if name == "__metadata__" {
                metadata = (member.members ?? [:]).compactMapValues { $0.text }
                continue
            }
            guard member["dtype"]?.text == "F32",
                let shape = member["shape"]?.elements?.compactMap({ $0.integer }),
                let range = member["data_offsets"]?.elements?.compactMap({ $0.integer }),
                range.count == 2, range[0] >= 0, range[0] <= range[1],
                start + range[1] <= bytes.count,
                shape.allSatisfy({ $0 >= 0 }), range[1] - range[0] == 4 * shape.reduce(1, *)
            else {
                throw FormatError("tensor \(name): expected F32 with shape and offsets that fit")
            }
            tensors[name] = Tensor(
                shape: shape,
                elements: (0..<((range[1] - range[0]) / 4)).map {
                    Float(
                        bitPattern: UInt32(
                            littleEndian(bytes, at: start + range[0] + 4 * $0, count: 4)))
                })
        }
    }
}
