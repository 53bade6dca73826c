import System

/// The type of an array's elements, as `.npy` and `.safetensors` name it.
enum ElementType: Sendable, Equatable {
    case float16, bfloat16, float32, float64
    case signed(bytes: Int)
    case unsigned(bytes: Int)
    case boolean

    /// Reads numpy's name, such as `<f8`; `nil` for big-endian and other types.
    init?(numpy name: String) {
        switch name {
        case "<f8": self = .float64
        case "<f4": self = .float32
        case "<f2": self = .float16
        case "|b1": self = .boolean
        case "|i1": self = .signed(bytes: 1)
        case "|u1": self = .unsigned(bytes: 1)
        case "<i2", "<i4", "<i8": self = .signed(bytes: Int(name.dropFirst(2)) ?? 8)
        case "<u2", "<u4", "<u8": self = .unsigned(bytes: Int(name.dropFirst(2)) ?? 8)
        default: return nil
        }
    }

    /// Reads safetensors' name, such as `F32`.
    init?(safetensors name: String) {
        switch name {
        case "F64": self = .float64
        case "F32": self = .float32
        case "F16": self = .float16
        case "BF16": self = .bfloat16
        case "BOOL": self = .boolean
        case "I8", "I16", "I32", "I64": self = .signed(bytes: (Int(name.dropFirst()) ?? 8) / 8)
        case "U8", "U16", "U32", "U64": self = .unsigned(bytes: (Int(name.dropFirst()) ?? 8) / 8)
        default: return nil
        }
    }

    /// Bytes an element.
    var size: Int {
        switch self {
        case .float64: 8
        case .float32: 4
        case .float16, .bfloat16: 2
        case .boolean: 1
        case .signed(let bytes), .unsigned(let bytes): bytes
        }
    }

    /// The value of an element's bits, as a double: exact but for large 64-bit integers.
    func value(_ bits: UInt64) -> Double {
        switch self {
        case .float64: return Double(bitPattern: bits)
        case .float32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .bfloat16: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
        case .float16: return ElementType.half(UInt16(truncatingIfNeeded: bits))
        case .boolean, .unsigned: return Double(bits)
        case .signed(let bytes):
            let shift = UInt64(64 - 8 * bytes)
            return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
        }
    }

    /// The distance of two elements in units in the last place; of integers, their difference.
    func distance(_ a: UInt64, _ b: UInt64) -> UInt64 {
        switch self {
        case .float64: return ulpDistance(Double(bitPattern: a), Double(bitPattern: b))
        case .float32:
            return ulpDistance(
                Float(bitPattern: UInt32(truncatingIfNeeded: a)),
                Float(bitPattern: UInt32(truncatingIfNeeded: b)))
        case .float16, .bfloat16:
            func place(_ bits: UInt64) -> Int64 {
                let bits = Int64(Int16(bitPattern: UInt16(truncatingIfNeeded: bits)))
                return bits < 0 ? Int64(Int16.min) - bits : bits
            }
            return (place(a) - place(b)).magnitude
        case .boolean, .unsigned: return a > b ? a - b : b - a
        case .signed(let bytes):
            let shift = UInt64(64 - 8 * bytes)
            let (x, y) = (Int64(bitPattern: a << shift), Int64(bitPattern: b << shift))
            return (x > y ? UInt64(bitPattern: x &- y) : UInt64(bitPattern: y &- x)) >> shift
        }
    }

    /// A half-precision number (IEEE 754 binary16).
    private static func half(_ bits: UInt16) -> Double {
        let sign = bits & 0x8000 == 0 ? 1.0 : -1.0
        let exponent = Int(bits >> 10 & 31)
        let fraction = Double(bits & 1023)
        if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
        let scale = Double(sign: .plus, exponent: max(exponent, 1) - 25, significand: 1)
        return sign * scale * (fraction + (exponent == 0 ? 0 : 1024))
    }
}
