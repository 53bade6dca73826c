package import Canon

/// What is known of the formats of outputs; Stages knows them, an audit and claims need them.
package protocol OutputFormats: Sendable {
    /// Says how two outputs with different bytes differ, as what they are.
    ///
    /// - Parameters:
    ///   - expected: the bytes under audit.
    ///   - found: the bytes that came out now.
    ///   - fileName: the file name of the kind's output; its extension is the format.
    ///   - tolerance: what still counts as within tolerance; `nil` for nothing.
    /// - Returns: what they were compared as, and how they differ.
    func compare(
        _ expected: [UInt8], _ found: [UInt8], fileName: String, tolerance: Tolerance?
    ) -> TypedComparison

    /// The cell of a table: of the only row whose columns have these values.
    ///
    /// - Throws: an error that says what was expected and found.
    func cell(in table: [UInt8], row: [String: JSON], column: String) throws -> JSON

    /// How many rows of a table have these values, and anything in the column.
    ///
    /// - Throws: an error that says what was expected and found.
    func countRows(in table: [UInt8], row: [String: JSON], column: String) throws -> Int

    /// Every number of a table or a JSON document with its place; empty for other formats.
    func numbers(in bytes: [UInt8], fileName: String) -> [(place: String, value: Double)]
}

/// How far two numbers may be apart and still be called "within tolerance".
package struct Tolerance: Sendable, Equatable {
    /// The largest relative error: |a − b| / max(|a|, |b|).
    package let relative: Double
    /// The largest absolute error; either bound suffices.
    package let absolute: Double

    /// Names bounds.
    package init(relative: Double, absolute: Double = 0) {
        self.relative = relative
        self.absolute = absolute
    }

    /// Whether two finite numbers are within the bounds.
    package func allows(_ a: Double, _ b: Double) -> Bool {
        let distance = (a - b).magnitude
        return distance <= absolute || distance <= relative * max(a.magnitude, b.magnitude)
    }
}

/// How two outputs differ.
package struct TypedComparison: Sendable, Equatable {
    /// What they were compared as, such as `array <f8 [100, 2]`.
    package let format: String
    /// The difference in a sentence.
    package let text: String
    /// How many elements, cells, values, pixels, lines or bytes differ, and of how many.
    package let count: Int
    /// How many there are.
    package let total: Int
    /// Where the first difference is, such as `[3, 0]`, `row 2, column error` or `line 7`.
    package let first: String?
    /// The largest distance in units in the last place; `nil` where not all differences are numbers.
    package let largestUlp: UInt64?
    /// The largest relative error.
    package let largestRelative: Double?
    /// Whether every difference is between numbers that the tolerance allows.
    package let isWithin: Bool

    /// Describes a difference.
    package init(
        format: String, text: String, count: Int, total: Int, first: String?,
        largestUlp: UInt64? = nil, largestRelative: Double? = nil, isWithin: Bool = false
    ) {
        self.format = format
        self.text = text
        self.count = count
        self.total = total
        self.first = first
        self.largestUlp = largestUlp
        self.largestRelative = largestRelative
        self.isWithin = isWithin
    }

    /// The difference for programs.
    package var json: JSON {
        [
            "format": .string(format), "text": .string(text), "count": .number(Double(count)),
            "total": .number(Double(total)), "first": first.map { .string($0) } ?? .null,
            "largestUlp": largestUlp.map { .string(String($0)) } ?? .null,
            "largestRelative": largestRelative.flatMap { $0.isFinite ? .number($0) : nil } ?? .null,
            "isWithin": .bool(isWithin),
        ]
    }
}
