public import Experiment

/// A two-dimensional array of doubles in numpy's `.npy` format, version 1.0, C order.
///
/// Source: numpy.lib.format, NEP 1.
///
/// ```swift
/// let array = NumpyArray(rows: 2, columns: 2, elements: [1, 2, 3, 4])
/// try context.write("walk", array.bytes())
/// let walk = try NumpyArray(context.input("walk"), columns: "x", "y")
/// ```
public struct NumpyArray: Sendable, Equatable {
    /// How many rows.
    public let rows: Int
    /// How many columns.
    public let columns: Int
    /// The elements, row after row.
    public let elements: [Double]

    /// Wraps elements in row-major order.
    public init(rows: Int, columns: Int, elements: [Double]) {
        precondition(elements.count == rows * columns, "\(rows) × \(columns), \(elements.count)")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// The file's bytes.
    public func bytes() -> [UInt8] {
        var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
        header += "\n"
        let size = header.utf8.count
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        bytes += [UInt8(size & 255), UInt8(size >> 8)] + Array(header.utf8)
        bytes.reserveCapacity(bytes.count + elements.count * 8)
        for element in elements { appendLittleEndian(element.bitPattern, to: &bytes) }
        return bytes
    }

    /// Reads an array of little-endian doubles with two dimensions; anything else is refused.
    ///
    /// - Throws: ``FormatError`` with what was expected and what was found.
    public init(_ bytes: [UInt8]) throws(FormatError) {
        guard bytes.count >= 10, bytes[0] == 0x93, Array(bytes[1..<6]) == Array("NUMPY".utf8) else {
            throw FormatError("expected an .npy file, found \(bytes.count) other bytes")
        }
        guard bytes[6] == 1, bytes[7] == 0 else {
            throw FormatError("expected .npy version 1.0, found \(bytes[6]).\(bytes[7])")
        }
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        guard start <= bytes.count else {
            throw FormatError(
                "expected an .npy header of \(start - 10) bytes, found \(bytes.count - 10)")
        }
        let padding = bytes[10..<start].reversed().prefix { $0 == 0x20 || $0 == 0x0A }.count
        let header = String(decoding: bytes[10..<(start - padding)], as: UTF8.self)
        guard header.contains("'descr': '<f8'"), header.contains("'fortran_order': False"),
            let open = header.lastIndex(of: "("), let close = header.lastIndex(of: ")"),
            open < close
        else { throw FormatError("expected .npy '<f8' in C order, found \(header)") }
        let sizes = header[header.index(after: open)..<close].split(separator: ",")
        let shape = sizes.compactMap { Int($0.filter { $0 != " " }) }
        guard shape.count == 2, sizes.count == 2, shape[0] >= 0, shape[1] >= 0 else {
            throw FormatError("expected an .npy shape of two dimensions, found \(header)")
        }
        let (count, isLarge) = shape[0].multipliedReportingOverflow(by: shape[1])
        let (size, isLarger) = count.multipliedReportingOverflow(by: 8)
        guard !isLarge, !isLarger, bytes.count - start == size else {
            throw FormatError(
                "expected .npy data of 8 × \(shape[0]) × \(shape[1]) bytes, found "
                    + "\(bytes.count - start)")
        }
        rows = shape[0]
        columns = shape[1]
        elements = (0..<count).map { index in
            Double(bitPattern: littleEndian(bytes, at: start + 8 * index, count: 8))
        }
    }

    /// Reads an input whose columns are known, so that a file for another port is never misread.
    ///
    /// - Throws: ``FormatError`` naming the producer, the columns that were expected and the shape
    ///   that was found.
    public init(_ input: StageInput, columns names: String...) throws {
        let array = try NumpyArray(input.bytes())
        guard array.columns == names.count, array.rows > 0 else {
            throw FormatError(
                "\(input.producer): expected rows of \(names.joined(separator: ", ")), found shape "
                    + "[\(array.rows), \(array.columns)]; is it wired to the right input?")
        }
        self = array
    }
}

/// Appends an integer, the low byte first.
package func appendLittleEndian(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for byte in 0..<(value.bitWidth / 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte)))
    }
}

/// Reads an integer whose low byte comes first.
package func littleEndian(_ bytes: [UInt8], at offset: Int, count: Int) -> UInt64 {
    var value: UInt64 = 0
    for byte in 0..<count { value |= UInt64(bytes[offset + byte]) << UInt64(8 * byte) }
    return value
}
