import Canon
import Experiment
import Packing
import System

/// The pixels of a PNG file (ISO/IEC 15948), as its samples: bits of colour are not converted.
struct PNGPicture: Equatable {
    /// The largest picture that is decoded, in bytes of pixels.
    static let largest = 1 << 29

    let width: Int
    let height: Int
    let bitDepth: Int
    let colorType: Int
    /// Bytes a row of pixels.
    let stride: Int
    /// Bits a pixel.
    let pixelBits: Int
    /// What the samples mean: the colours of a palette, and transparency.
    let palette: [UInt8]
    /// The rows without their filters.
    let samples: [UInt8]

    /// Decodes a picture without interlace; `nil` for any other file.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
            return nil
        }
        var offset = 8
        var header: [UInt8] = []
        var data: [UInt8] = []
        var palette: [UInt8] = []
        while offset + 12 <= bytes.count {
            let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size <= bytes.count - offset - 12 else { return nil }
            let content = bytes[offset + 8..<offset + 8 + size]
            switch String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self) {
            case "IHDR": header = Array(content)
            case "IDAT": data += content
            case "PLTE", "tRNS": palette += bytes[offset + 4..<offset + 8] + content
            default: break
            }
            offset += 12 + size
        }
        guard header.count == 13, header[12] == 0 else { return nil }
        width = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
        height = header[4..<8].reduce(0) { $0 << 8 | Int($1) }
        bitDepth = Int(header[8])
        colorType = Int(header[9])
        guard let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colorType],
            [1, 2, 4, 8, 16].contains(bitDepth), width > 0, height > 0,
            width < 1 << 24, height < 1 << 24
        else { return nil }
        pixelBits = channels * bitDepth
        self.palette = palette
        stride = (width * pixelBits + 7) / 8
        let (size, isLarge) = (stride + 1).multipliedReportingOverflow(by: height)
        guard !isLarge, size <= PNGPicture.largest,
            let raw = Zlib.expanded(data, limit: size), raw.count == size,
            let samples = PNGPicture.unfiltered(
                raw, height: height, stride: stride, step: max(1, pixelBits / 8))
        else { return nil }
        self.samples = samples
    }

    /// Takes the filter off every row (section 9.2 of the standard).
    private static func unfiltered(_ raw: [UInt8], height: Int, stride: Int, step: Int) -> [UInt8]?
    {
        var samples = [UInt8](repeating: 0, count: height * stride)
        for row in 0..<height {
            let filter = raw[row * (stride + 1)]
            guard filter <= 4 else { return nil }
            for column in 0..<stride {
                let place = row * stride + column
                let left = column >= step ? Int(samples[place - step]) : 0
                let up = row > 0 ? Int(samples[place - stride]) : 0
                let corner = row > 0 && column >= step ? Int(samples[place - stride - step]) : 0
                let guess: Int
                switch filter {
                case 1: guess = left
                case 2: guess = up
                case 3: guess = (left + up) / 2
                case 4:
                    let sum = left + up - corner
                    let (a, b, c) = (abs(sum - left), abs(sum - up), abs(sum - corner))
                    guess = a <= b && a <= c ? left : b <= c ? up : corner
                default: guess = 0
                }
                samples[place] = raw[row * (stride + 1) + column + 1] &+ UInt8(guess & 255)
            }
        }
        return samples
    }

    /// How many pixels differ, the first one, and the largest difference of a sample's byte.
    static func compare(_ a: PNGPicture, _ b: PNGPicture) -> TypedComparison {
        let format = "picture \(a.width) × \(a.height)"
        guard a.width == b.width, a.height == b.height, a.bitDepth == b.bitDepth,
            a.colorType == b.colorType
        else {
            let text =
                "\(format), depth \(a.bitDepth), colour type \(a.colorType) → "
                + "\(b.width) × \(b.height), depth \(b.bitDepth), colour type \(b.colorType)"
            return TypedComparison(
                format: format, text: text, count: a.width * a.height, total: a.width * a.height,
                first: nil)
        }
        var (count, largest) = (0, 0)
        var first: String?
        for y in 0..<a.height {
            var last = -1
            for byte in 0..<a.stride
            where a.samples[y * a.stride + byte] != b.samples[y * a.stride + byte] {
                let (old, new) = (
                    Int(a.samples[y * a.stride + byte]), Int(b.samples[y * a.stride + byte])
                )
                largest = max(largest, abs(old - new))
                // Below 8 bits a byte has several pixels, the left one in the high bits.
                for bit in 0..<max(1, 8 / a.pixelBits) {
                    let mask =
                        a.pixelBits < 8
                        ? (1 << a.pixelBits - 1) << (8 - (bit + 1) * a.pixelBits) : 255
                    let x = (8 * byte + bit * a.pixelBits) / a.pixelBits
                    if (old ^ new) & mask == 0 || x == last || x >= a.width { continue }
                    last = x
                    count += 1
                    if first == nil { first = "pixel x \(x), y \(y)" }
                }
            }
        }
        let total = a.width * a.height
        let text =
            count == 0
            ? a.palette == b.palette
                ? "\(format): the same pixels, in other bytes"
                : "\(format): the same samples, in another palette"
            : "\(format): \(count) of \(counted(total, "pixel")) "
                + "\(count == 1 ? "differs" : "differ"); first \(first ?? ""); "
                + "largest difference \(largest) of 255"
        return TypedComparison(
            format: format, text: text, count: count, total: total, first: first)
    }
}
