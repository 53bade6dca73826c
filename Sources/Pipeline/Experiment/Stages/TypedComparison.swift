package import Canon

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
