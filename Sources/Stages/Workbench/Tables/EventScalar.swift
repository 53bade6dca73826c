import Canon

/// One number that TensorBoard shows: of `simple_value`, or of a tensor with one element.
///
/// Source: tensorflow/core/util/event.proto, summary.proto and tensor.proto.
struct EventScalar {
    let step: Double
    let wallTime: Double
    let tag: String
    /// A number; the word for one that is none.
    let value: JSON

    /// The scalars of one event, and how many of its values are none.
    ///
    /// - Throws: ``FormatError`` where the event is no protobuf.
    static func all(in event: ArraySlice<UInt8>) throws(FormatError) -> (
        scalars: [EventScalar], others: Int
    ) {
        var reader = WireReader(event)
        var (wallTime, step) = (0.0, 0.0)
        var summaries: [ArraySlice<UInt8>] = []
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .fixed64(let bits)): wallTime = Double(bitPattern: bits)
            case (2, .whole(let bits)): step = Double(Int64(bitPattern: bits))
            case (5, .bytes(let bytes)): summaries.append(bytes)
            default: break
            }
        }
        var scalars: [EventScalar] = []
        var others = 0
        for summary in summaries {
            var reader = WireReader(summary)
            while let field = try reader.next() {
                guard case (1, .bytes(let bytes)) = (field.number, field.value) else { continue }
                guard let (tag, number) = try value(bytes) else {
                    others += 1
                    continue
                }
                scalars.append(
                    EventScalar(
                        step: step, wallTime: wallTime.isFinite ? wallTime : 0, tag: tag,
                        value: number.isFinite ? .number(number) : .string(word(number))))
            }
        }
        return (scalars, others)
    }

    private static func word(_ number: Double) -> String {
        number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity"
    }

    /// A summary's value; `nil` where it is a histogram, a picture or another thing.
    private static func value(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> (String, Double)? {
        var reader = WireReader(bytes)
        var tag: String?
        var number: Double?
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .bytes(let text)): tag = String(validating: text, as: UTF8.self)
            case (2, .fixed32(let bits)): number = Double(Float(bitPattern: bits))
            case (8, .bytes(let tensor)): number = try scalar(ofTensor: tensor)
            default: break
            }
        }
        guard let tag, let number else { return nil }
        return (tag, number)
    }

    /// The element of a tensor that has one number; `nil` for others.
    private static func scalar(ofTensor bytes: ArraySlice<UInt8>) throws(FormatError) -> Double? {
        var reader = WireReader(bytes)
        var type: UInt64 = 0
        var found: [Double] = []
        var content: ArraySlice<UInt8> = []
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .whole(let number)): type = number
            case (4, .bytes(let bytes)): content = bytes
            case (5, .fixed32(let bits)): found.append(Double(Float(bitPattern: bits)))
            case (6, .fixed64(let bits)): found.append(Double(bitPattern: bits))
            case (5, .bytes(let bytes)): found += numbers(bytes, ofType: 1)
            case (6, .bytes(let bytes)): found += numbers(bytes, ofType: 2)
            case (7, .whole(let bits)), (10, .whole(let bits)):
                found.append(Double(Int64(bitPattern: bits)))
            case (7, .bytes(let bytes)), (10, .bytes(let bytes)):
                found += try varints(bytes)
            default: break
            }
        }
        if !content.isEmpty { found = numbers(content, ofType: type) }
        return found.count == 1 ? found[0] : nil
    }

    private static func varints(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> [Double] {
        // A packed list of varints: each reads as the value of a field with the key 8 before it.
        var numbers: [Double] = []
        var start = bytes.startIndex
        for place in bytes.indices where bytes[place] < 0x80 {
            var one = WireReader([8] + bytes[start...place])
            if case .whole(let bits)? = try one.next()?.value {
                numbers.append(Double(Int64(bitPattern: bits)))
            }
            start = place + 1
        }
        return numbers
    }

    /// The numbers in the memory of a tensor: `DT_FLOAT` 1, `DT_DOUBLE` 2, `DT_INT32` 3, `DT_INT64` 9.
    private static func numbers(_ bytes: ArraySlice<UInt8>, ofType type: UInt64) -> [Double] {
        switch type {
        case 1:
            (WireReader.packed(bytes, width: 4) ?? []).map {
                Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0)))
            }
        case 2: (WireReader.packed(bytes, width: 8) ?? []).map { Double(bitPattern: $0) }
        case 3:
            (WireReader.packed(bytes, width: 4) ?? []).map {
                Double(Int32(truncatingIfNeeded: $0))
            }
        case 9:
            (WireReader.packed(bytes, width: 8) ?? []).map { Double(Int64(bitPattern: $0)) }
        default: []
        }
    }
}
