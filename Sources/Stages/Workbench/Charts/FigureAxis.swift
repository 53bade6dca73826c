/// How values become distances on an axis.
public enum FigureScale: Sendable, Equatable {
    /// Equal ratios have equal distances.
    case logarithmic
    /// Equal differences have equal distances.
    case linear
    /// Names stand at equal distances; a value is the place of its name.
    case names([String])
}

/// An axis: what it shows, in words, and how.
public struct FigureAxis: Sendable {
    /// What is measured, with its unit in brackets.
    public var label: String
    /// How values become distances.
    public var scale: FigureScale
    /// The largest value that is shown, where that is not the largest there is.
    public var most: Double?
    /// How many decades below the largest value are shown at most.
    public var decades: Double?

    /// Names an axis; a column's name is spelled out.
    public init(_ name: String, unit: String = "", scale: FigureScale = .logarithmic) {
        label = FigureAxis.spelled(name) + (unit.isEmpty ? "" : " (\(unit))")
        self.scale = scale
    }

    /// The words of a column's name: `test_loss` and `test.loss` are "test loss".
    ///
    /// What is more than a name stays as it is.
    package static func spelled(_ name: String) -> String {
        let isName = name.utf8.allSatisfy {
            $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20
        }
        guard isName else { return name }
        return name.split { "_.".contains($0) }.joined(separator: " ")
    }
}
