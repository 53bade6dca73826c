import Canon
import System

/// Named single-precision tensors in the `.safetensors` format.
///
/// Tensors of a network are named and laid out as PyTorch's modules load them: a linear layer's
/// `NAME.weight` is `[outputs, inputs]`, its `NAME.bias` is `[outputs]`, and an embedding's `NAME.weight` has
/// a row a token.
///
/// Source: github.com/huggingface/safetensors, README: 8 bytes of header size, JSON, data.
///
/// ```swift
/// let weight = Safetensors.Tensor(shape: [1, 3], elements: [0.5, 1, 2])
/// let file = Safetensors(tensors: ["linear.weight": weight], metadata: ["epochs": "10"])
/// try context.write("weights", file.bytes())
/// ```
public struct Safetensors: Sendable, Equatable {
    /// A tensor: shape and elements, row-major.
    public struct Tensor: Sendable, Equatable {
        /// The sizes.
        public let shape: [Int]
        /// The elements.
        public let elements: [Float]

        /// Wraps elements.
        public init(shape: [Int], elements: [Float]) {
            precondition(
                elements.count == shape.reduce(1, *), "shape \(shape), \(elements.count) elements")
            self.shape = shape
            self.elements = elements
        }

        /// The matrix with rows and columns exchanged: ours are `[inputs, outputs]` in memory.
        public var transposed: Tensor {
            precondition(shape.count == 2, "a tensor of shape \(shape) is no matrix")
            let (rows, columns) = (shape[0], shape[1])
            return Tensor(
                shape: [columns, rows],
                elements: (0..<columns).flatMap { column in
                    (0..<rows).map { elements[$0 * columns + column] }
                })
        }
    }

    /// The tensors by name.
    public var tensors: [String: Tensor]
    /// Text by name.
    public var metadata: [String: String]

    /// Collects tensors.
    public init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The file's bytes: tensors ordered by name.
    public func bytes() -> [UInt8] {
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
    ///
    /// The data is to be covered without gap or overlap, as the format asks.
    /// - Throws: ``FormatError`` naming the tensor, what was expected and what was found.
    public init(_ bytes: [UInt8]) throws(FormatError) {
        guard bytes.count >= 8 else {
            throw FormatError(
                "expected .safetensors with 8 bytes of header size, found \(bytes.count) bytes")
        }
        let size = littleEndian(bytes, at: 0, count: 8)
        guard size <= UInt64(bytes.count - 8) else {
            throw FormatError(
                "expected a .safetensors header of \(size) bytes, found \(bytes.count - 8) bytes "
                    + "after its size")
        }
        let start = 8 + Int(size)
        let header: JSON
        do { header = try JSON(parsing: Array(bytes[8..<start])) } catch {
            throw FormatError("expected a .safetensors header in JSON, found at \(error)")
        }
        guard let members = header.members else {
            throw FormatError("expected a .safetensors header that is a JSON object")
        }
        tensors = [:]
        metadata = [:]
        var places: [(range: Range<Int>, name: String)] = []
        for name in JSON.sorted(members.keys) {
            let member = members[name] ?? .null
            if name == "__metadata__" {
                metadata = (member.members ?? [:]).compactMapValues { $0.text }
                guard metadata.count == member.members?.count else {
                    throw FormatError("__metadata__: expected texts by name")
                }
                continue
            }
            let (shape, range) = try Safetensors.place(name, member, size: bytes.count - start)
            places.append((range, name))
            tensors[name] = Tensor(
                shape: shape,
                elements: (0..<(range.count / 4)).map {
                    Float(
                        bitPattern: UInt32(
                            littleEndian(bytes, at: start + range.lowerBound + 4 * $0, count: 4)))
                })
        }
        places.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var end = 0
        for (range, name) in places {
            guard range.lowerBound == end else {
                throw FormatError(
                    "tensor \(name): expected its data to start at \(end), where the one before "
                        + "ends, found \(range.lowerBound)")
            }
            end = range.upperBound
        }
        guard end == bytes.count - start else {
            throw FormatError(
                "expected \(end) bytes of tensors, found \(bytes.count - start)")
        }
    }

    /// Shape and place in the data of one tensor, checked against the data's size.
    private static func place(
        _ name: String, _ member: JSON, size: Int
    ) throws(FormatError) -> (shape: [Int], range: Range<Int>) {
        guard member["dtype"]?.text == "F32" else {
            throw FormatError(
                "tensor \(name): expected dtype F32, found \(member["dtype"]?.canonicalText ?? "none")"
            )
        }
        let sizes = member["shape"]?.elements ?? [.null]
        let shape = sizes.compactMap { $0.integer }.filter { $0 >= 0 }
        let offsets = (member["data_offsets"]?.elements ?? []).compactMap { $0.integer }
        guard shape.count == sizes.count, offsets.count == 2, offsets[0] >= 0,
            offsets[0] <= offsets[1]
        else {
            throw FormatError(
                "tensor \(name): expected shape and data_offsets as lists of whole numbers")
        }
        guard offsets[1] <= size else {
            throw FormatError(
                "tensor \(name): expected data up to byte \(offsets[1]), found \(size) bytes of data"
            )
        }
        var length = 4
        for one in shape {
            let (product, isLarge) = length.multipliedReportingOverflow(by: one)
            length = isLarge ? .max : product
        }
        guard length == offsets[1] - offsets[0] else {
            throw FormatError(
                "tensor \(name): expected 4 bytes for each element of shape \(shape), found "
                    + "\(offsets[1] - offsets[0])")
        }
        return (shape, offsets[0]..<offsets[1])
    }
}
