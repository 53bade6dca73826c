import Canon
import Glibc
import Numerics

// Kernels against OpenBLAS in one process, in turn, with the digest of each result:
//
//     kernels products FAMILY [NAME=LIBRARY …]    FAMILY is OpenBLAS's: Haswell, SkylakeX, …
//     kernels functions
//     kernels peak
//     kernels linear ORDER
//     kernels train NAME STEPS
//
// Only ratios of one run mean something; bench.py runs them all.

/// op(a)·op(b) of a shape, and whether each operand lies transposed.
struct Shape {
    let (m, n, k): (Int, Int, Int)
    var left = false
    var right = false
}

func digest(_ buffer: Buffer<Float>) -> String {
    var bytes: [UInt8] = []
    for value in buffer.elements {
        for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
        }
    }
    return String(Digest(of: bytes.span).hex.prefix(16))
}

func numbers(_ count: Int, _ purpose: String) -> Buffer<Float> {
    var stream = RandomStream(seed: 1, purpose: purpose)
    let buffer = Buffer<Float>(count: count)
    for place in 0..<count { buffer[place] = Float(stream.uniform() - 0.5) }
    return buffer
}

/// A library with the C interface of the BLAS.
@safe struct Library {
    /// cblas_sgemm of cblas.h.
    private typealias Product =
        @convention(c) (
            CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafeRawPointer, CInt, UnsafeRawPointer,
            CInt, Float, UnsafeMutableRawPointer, CInt
        ) -> Void
    let name: String
    private let sgemm: Product

    /// Opens what NAME=PATH names.
    init?(_ word: String) {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let handle = unsafe dlopen(parts[1], RTLD_NOW),
            let address = unsafe dlsym(handle, "cblas_sgemm")
        else { return nil }
        name = parts[0]
        unsafe sgemm = unsafe unsafeBitCast(address, to: Product.self)
    }

    /// c ← op(a)·op(b) of a shape.
    func product(_ shape: Shape, _ a: Buffer<Float>, _ b: Buffer<Float>, into c: Buffer<Float>) {
        let (m, n, k) = (CInt(shape.m), CInt(shape.n), CInt(shape.k))
        unsafe sgemm(
            101, shape.left ? 112 : 111, shape.right ? 112 : 111, m, n, k, 1, a.base,
            shape.left ? m : k, b.base, shape.right ? k : n, 0, c.base, n)
    }
}

func products(_ family: String, _ words: [String]) throws {
    let shapes = [
        Shape(m: 1008, n: 64, k: 64), Shape(m: 8184, n: 64, k: 32), Shape(m: 8184, n: 4096, k: 32),
        Shape(m: 1000, n: 64, k: 64, right: true), Shape(m: 64, n: 64, k: 1000, left: true),
        Shape(m: 1000, n: 128, k: 128), Shape(m: 64, n: 256, k: 64), Shape(m: 96, n: 64, k: 1008),
        Shape(m: 1008, n: 1024, k: 1024), Shape(m: 1024, n: 1024, k: 1024),
        Shape(m: 1024, n: 1024, k: 1024, left: true), Shape(m: 1024, n: 1024, k: 1024, right: true),
    ]
    let blas = try BLASRuntime.open(kernel: family)
    let rivals = Kernels.available.filter { $0.variant != .software }
    let libraries = words.compactMap { Library($0) }
    let names =
        rivals.map { $0.variant.rawValue } + ["OpenBLAS \(blas.version) \(family)"]
        + libraries.map(\.name)
    print(
        "# GFLOP/s of processor time (median of turns): \(names.joined(separator: ", "));",
        "ratio of the first to the best library")
    for shape in shapes {
        let (m, n, k) = (shape.m, shape.n, shape.k)
        let a = MatrixPlace(
            numbers(m * k, "a"), stride: shape.left ? m : k, isTransposed: shape.left)
        let b = MatrixPlace(
            numbers(k * n, "b"), stride: shape.right ? k : n, isTransposed: shape.right)
        let all =
            rivals.map { Arithmetic(portable: $0) } + [Arithmetic(kernels: rivals[0], blas: blas)]
        let targets = all.map { _ in Buffer<Float>(count: m * n) }
        let other = Buffer<Float>(count: m * n)
        let times = race(
            zip(all, targets).map { arithmetic, c in
                { arithmetic.product(m: m, n: n, k: k, a, b, into: MatrixPlace(c, stride: n)) }
            }
                + libraries.map { library in
                    { library.product(shape, a.buffer, b.buffer, into: other) }
                })
        let rates = times.map { 2e-9 * Double(m * n * k) / $0.median }
        let best = rates.dropFirst(rivals.count).max() ?? 1
        let digests = targets.map(digest)
        let agree = Set(digests.dropLast()).count == 1
        print(
            "\(m)x\(n)x\(k) \(shape.left ? "T" : "N")\(shape.right ? "T" : "N")",
            rates.map { shown($0, 1, 7) }.joined(separator: " "),
            " ratio", shown(rates[0] / best, 2, 5),
            agree ? " same bits \(digests[0])" : " DIFFERENT BITS \(digests)")
    }
}

func functions() {
    let count = 16384
    let x = Buffer<Float>((0..<count).map { Float($0) * 0x1p-10 - 8 })
    print("# nanoseconds an element, float: \(Kernels.available.map { $0.variant.rawValue })")
    for function in ElementaryFunction.allCases {
        let targets = Kernels.available.map { _ in Buffer<Float>(count: count) }
        let times = race(
            zip(Kernels.available, targets).map { kernels, y in
                { Arithmetic(portable: kernels).map(function, x, into: y) }
            }, rounds: 5)
        let digests = Set(targets.map(digest))
        print(
            function,
            times.map { shown($0.median / Double(count) * 1e9, 3, 8) }.joined(separator: " "),
            digests.count == 1 ? " same bits \(digests.first ?? "")" : " DIFFERENT BITS \(digests)")
    }
}

/// What the machine could do: a product in the first-level cache, and a pass over much memory.
func peak() throws {
    let arithmetic = try Arithmetic.portable()
    let tile = arithmetic.kernels.tile(Float.self)
    let (a, b) = (numbers(tile.rows * 256, "a"), numbers(256 * tile.columns, "b"))
    let c = Buffer<Float>(count: tile.rows * tile.columns)
    let much = numbers(64 << 20, "much")
    let times = race([
        {
            arithmetic.product(
                m: tile.rows, n: tile.columns, k: 256, MatrixPlace(a, stride: 256),
                MatrixPlace(b, stride: tile.columns), into: MatrixPlace(c, stride: tile.columns))
        }, { arithmetic.scale(much, 0..<much.count, by: 1) },
    ])
    let flops = 2e-9 * Double(tile.rows * tile.columns * 256) / times[0].best
    print("\(arithmetic.kernels.variant): \(shown(flops, 1, 0)) GFLOP/s in one register tile,")
    print("memory: \(shown(8e-9 * Double(much.count) / times[1].best, 1, 0)) GB/s read and written")
}

switch CommandLine.arguments.dropFirst().first {
case "products" where CommandLine.arguments.count >= 3:
    try products(CommandLine.arguments[2], Array(CommandLine.arguments.dropFirst(3)))
case "functions": functions()
case "peak": try peak()
case "linear" where CommandLine.arguments.count == 3:
    try linear(Int(CommandLine.arguments[2]) ?? 512)
case "train" where CommandLine.arguments.count == 4:
    try train(CommandLine.arguments[2], steps: Int(CommandLine.arguments[3]) ?? 100)
default:
    print(
        "usage: kernels products FAMILY [NAME=LIBRARY …] | functions | peak | linear ORDER | train NAME STEPS"
    )
    exit(2)
}
