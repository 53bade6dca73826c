import Canon
import System

/// The elements of an array where they stand in a file: nothing is copied.
struct ArrayView: Equatable {
    /// The type of the elements.
    let type: ElementType
    /// How the format names the type.
    let typeName: String
    /// The sizes, the slowest first.
    let shape: [Int]
    /// Whether the first index runs fastest.
    let isFortran: Bool
    /// Where the elements start in the file.
    let offset: Int

    var count: Int { shape.reduce(1, *) }

    var text: String { "\(typeName) \(shape)" }

    /// The array of an `.npy` file of version 1, 2 or 3; `nil` where it is none that is known.
    static func numpy(_ bytes: [UInt8]) -> ArrayView? {
        guard bytes.count >= 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            return nil
        }
        let wide = bytes[6] >= 2
        let size = Int(littleEndian(bytes, at: 8, count: wide ? 4 : 2))
        let start = wide ? 12 : 10
        guard size <= bytes.count - start else { return nil }
        let header = String(decoding: bytes[start..<start + size], as: UTF8.self)
        guard let name = quoted(after: "'descr':", in: header),
            let type = ElementType(numpy: name), let open = header.lastIndex(of: "("),
            let close = header.lastIndex(of: ")"), open < close
        else { return nil }
        let shape = header[header.index(after: open)..<close].split(separator: ",")
            .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }.compactMap { Int($0) }
        let view = ArrayView(
            type: type, typeName: name, shape: shape,
            isFortran: header.contains("'fortran_order': True"), offset: start + size)
        return view.fits(bytes.count - start - size) ? view : nil
    }

    /// The tensors of a `.safetensors` file by name; `nil` where it is none that is known.
    static func safetensors(_ bytes: [UInt8]) -> [String: ArrayView]? {
        guard bytes.count >= 8 else { return nil }
        let size = littleEndian(bytes, at: 0, count: 8)
        guard size <= UInt64(bytes.count - 8) else { return nil }
        let start = 8 + Int(size)
        guard let members = (try? JSON(parsing: Array(bytes[8..<start])))?.members else {
            return nil
        }
        var views: [String: ArrayView] = [:]
        for (name, member) in members where name != "__metadata__" {
            guard let typeName = member["dtype"]?.text,
                let type = ElementType(safetensors: typeName),
                let shape = member["shape"]?.elements?.map({ $0.integer ?? -1 }),
                let offsets = member["data_offsets"]?.elements?.map({ $0.integer ?? -1 }),
                offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
                offsets[1] <= bytes.count - start
            else { return nil }
            let view = ArrayView(
                type: type, typeName: typeName, shape: shape, isFortran: false,
                offset: start + offsets[0])
            guard view.fits(offsets[1] - offsets[0]) else { return nil }
            views[name] = view
        }
        return views
    }

    private func fits(_ bytes: Int) -> Bool {
        var size = type.size
        for one in shape {
            let (product, isLarge) = size.multipliedReportingOverflow(by: one)
            if one < 0 || isLarge { return false }
            size = product
        }
        return size == bytes
    }

    private static func quoted(after name: String, in header: String) -> String? {
        guard let range = header.firstRange(of: name) else { return nil }
        let parts = header[range.upperBound...].split(
            separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count >= 2 ? String(parts[1]) : nil
    }

    /// The index of an element as `[row, column]`.
    func index(_ place: Int) -> String {
        var rest = place
        var index: [Int] = []
        for size in isFortran ? shape : shape.reversed() {
            index.append(rest % max(1, size))
            rest /= max(1, size)
        }
        return "\(isFortran ? index : index.reversed())"
    }

    /// Notes every element of two arrays of one type and shape.
    func compare(
        _ a: [UInt8], _ other: ArrayView, _ b: [UInt8], name: String, _ tally: inout DistanceTally
    ) {
        guard typeName == other.typeName, shape == other.shape, isFortran == other.isFortran else {
            tally.differ(text, other.text, at: "\(name)type and shape")
            return
        }
        let size = type.size
        for place in 0..<count {
            let (x, y) = (
                littleEndian(a, at: offset + place * size, count: size),
                littleEndian(b, at: other.offset + place * size, count: size)
            )
            if x == y {
                tally.same()
            } else {
                tally.differ(
                    type.value(x), type.value(y), ulp: type.distance(x, y),
                    at: "\(name)\(index(place))")
            }
        }
    }
}
