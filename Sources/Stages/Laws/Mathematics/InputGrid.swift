import Canon
import Numerics
import Workbench

/// Values of a law's inputs as experiment files write them.
enum InputGrid {
    /// The values of one input: a list, {from, to, step}, or {from, to, points} (log-spaced).
    ///
    /// - Throws: ``FormatError`` that begins with `name`.
    static func values(_ value: JSON?, of name: String) throws(FormatError) -> [Double] {
        if let list = value?.elements {
            let numbers = list.compactMap { $0.double }
            if numbers.count == list.count && !numbers.isEmpty { return numbers }
        }
        if let from = value?["from"]?.double, let to = value?["to"]?.double, to >= from, from > 0 {
            if let step = value?["step"]?.double, step > 0, (to - from) / step < 1e6 {
                return (0...Int((to - from) / step)).map { from + step * Double($0) }
            }
            if let points = value?["points"]?.integer, points > 1, points < 1_000_000 {
                let (low, high) = (Elementary.log(from), Elementary.log(to))
                return (0..<points).map {
                    Elementary.exp(low + (high - low) * Double($0) / Double(points - 1))
                }
            }
        }
        throw FormatError(
            "\(name): expected a list, {from, to, step} or {from, to, points}, found "
                + (value?.canonicalText ?? "nothing"))
    }

    /// Every combination, the last input fastest.
    static func crossed(_ columns: [[Double]]) -> [[Double]] {
        columns.reduce([[]]) { rows, column in
            rows.flatMap { row in column.map { row + [$0] } }
        }
    }
}
