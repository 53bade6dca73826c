/// Numbers in one piece of memory that kernels work on in place: 64-byte aligned, zero at first.
///
/// A reference: whoever holds it sees every change, and nothing is copied behind a loop's back.
///
/// ```swift
/// let buffer = Buffer<Double>(count: 1000)
/// for place in 0..<buffer.count { buffer[place] = Double(place) }
/// let sum = try Arithmetic.portable().sum(buffer, 0..<buffer.count)
/// ```
@safe public final class Buffer<Element: BitwiseCopyable & Numeric> {
    /// How many there are.
    public let count: Int
    /// Valid for `count` elements as long as the buffer lives.
    package let base: UnsafeMutablePointer<Element>

    /// Zeros.
    public init(count: Int) {
        precondition(count >= 0, "a buffer of \(count) elements")
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Element>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        unsafe base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
        unsafe base.initialize(repeating: 0, count: max(count, 1))
    }

    /// A copy of an array.
    public convenience init(_ elements: [Element]) {
        self.init(count: elements.count)
        store(elements, at: 0)
    }

    deinit { unsafe base.deallocate() }

    /// One element.
    public subscript(place: Int) -> Element {
        get {
            precondition(place >= 0 && place < count, "element \(place) of \(count)")
            return unsafe base[place]
        }
        set {
            precondition(place >= 0 && place < count, "element \(place) of \(count)")
            unsafe base[place] = newValue
        }
    }

    /// Copies an array in.
    public func store(_ elements: [Element], at start: Int) {
        check(start, elements.count)
        unsafe elements.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            unsafe base.advanced(by: start).update(from: first, count: source.count)
        }
    }

    /// Copies another buffer of as many elements in.
    public func copy(_ other: Buffer) {
        precondition(other.count == count, "\(other.count) elements into \(count)")
        // As bytes: element by element, a call each where the type is not known.
        unsafe UnsafeMutableRawPointer(base).copyMemory(
            from: other.base, byteCount: count * MemoryLayout<Element>.stride)
    }

    /// The elements as an array.
    public var elements: [Element] { elements(0..<count) }

    /// Some of the elements as an array.
    public func elements(_ range: Range<Int>) -> [Element] {
        check(range.lowerBound, range.count)
        return unsafe Array(
            UnsafeBufferPointer(start: base.advanced(by: range.lowerBound), count: range.count))
    }

    /// Sets elements to zero.
    public func clear(_ range: Range<Int>) {
        check(range.lowerBound, range.count)
        unsafe base.advanced(by: range.lowerBound).update(repeating: 0, count: range.count)
    }

    /// A place that `size` elements can be read and written from.
    package func pointer(at start: Int, size: Int) -> UnsafeMutablePointer<Element> {
        check(start, size)
        return unsafe base.advanced(by: start)
    }

    private func check(_ start: Int, _ size: Int) {
        precondition(
            start >= 0 && size >= 0 && start + size <= count,
            "elements \(start) to \(start + size) of \(count)")
    }
}

/// A matrix in a buffer: where it starts, how far its rows are apart, and which way it is read.
///
/// ```swift
/// let buffer = Buffer<Double>([1, 2, 3, 4, 5, 6])
/// let matrix = MatrixPlace(buffer, stride: 3)  // [2, 3]
/// let turned = MatrixPlace(buffer, stride: 3, isTransposed: true)  // [3, 2]
/// ```
public struct MatrixPlace<Scalar: KernelScalar> {
    /// What it lies in.
    public let buffer: Buffer<Scalar>
    /// The first element.
    public let offset: Int
    /// Elements from one row in memory to the next.
    public let stride: Int
    /// Whether rows in memory are the matrix's columns.
    public let isTransposed: Bool

    /// Names a place.
    public init(
        _ buffer: Buffer<Scalar>, at offset: Int = 0, stride: Int, isTransposed: Bool = false
    ) {
        self.buffer = buffer
        self.offset = offset
        self.stride = stride
        self.isTransposed = isTransposed
    }

    /// Its first element, after a look at its last: `[rows, columns]` as the product sees it.
    func pointer(_ rows: Int, _ columns: Int) -> UnsafeMutablePointer<Scalar> {
        let (lines, width) = isTransposed ? (columns, rows) : (rows, columns)
        precondition(stride >= width || lines <= 1, "rows of \(width) every \(stride) elements")
        let size = lines == 0 || width == 0 ? 0 : (lines - 1) * stride + width
        return unsafe buffer.pointer(at: offset, size: size)
    }
}
