import Canon
package import Numerics
import Workbench

/// How many digits of each parameter a printed law needs, so that a reader who computes with the printed
/// numbers gets what the law says.
///
/// Printed and fitted law agree within 0.1 % over the range of the points, fitted and held out, and three
/// orders of magnitude beyond its upper end.
package struct PrintedDigits {
    /// The digits of each parameter, in the form's order; none fewer than three.
    package let counts: [Int]
    private let names: [String]

    /// What the printed law may be off by on the grid, relatively: a little less than between its places.
    static let tolerance = 8e-4
    private static let fewest = 3
    private static let most = 12

    /// The digits that a law with these parameters needs for inputs within these ranges.
    package init(
        _ form: any LawForm, _ natural: [Double], _ scale: LawScale,
        ranges: [(low: Double, high: Double)]
    ) {
        names = form.parameters.map { $0.name }
        let places = PrintedDigits.grid(ranges)
        let exact = form.predict(natural, places, scale)
        let size = exact.filter(\.isFinite).reduce(0) { max($0, $1.magnitude) }
        func error(_ digits: [Int]) -> Double {
            let rounded = zip(natural, digits).map { PrintedDigits.printed($0, $1) }
            return zip(form.predict(rounded, places, scale), exact).reduce(0) { worst, pair in
                guard pair.1.isFinite else { return worst }
                let off = (pair.0 - pair.1).magnitude / max(pair.1.magnitude, 0.01 * size, 1e-300)
                return off.isNaN ? .infinity : max(worst, off)
            }
        }
        // Each parameter alone first, then as few of all together as keep the law.
        let share = PrintedDigits.tolerance / Double(max(1, natural.count))
        var digits = natural.indices.map { place in
            let exactly = natural.map { _ in PrintedDigits.most }
            return (PrintedDigits.fewest...PrintedDigits.most).first { count in
                var trial = exactly
                trial[place] = count
                return error(trial) <= share
            } ?? PrintedDigits.most
        }
        for place in digits.indices {
            while digits[place] > PrintedDigits.fewest {
                var trial = digits
                trial[place] -= 1
                guard error(trial) <= PrintedDigits.tolerance else { break }
                digits = trial
            }
        }
        counts = digits
    }

    /// The digits of a fitted law.
    init(_ law: FittedLaw, _ data: LawData) {
        self.init(
            law.form, law.natural, law.scale,
            ranges: zip(data.x, data.heldOutX).map { fitted, held in
                let all = fitted + held
                return (all.min() ?? 1, all.max() ?? 1)
            })
    }

    /// The number that a reader gets from the printed text.
    package static func printed(_ value: Double, _ digits: Int) -> Double {
        Double(Markup.significant(value, digits).replacing("−", with: "-")) ?? value
    }

    /// The counts by the parameters' names.
    var json: JSON {
        .object(
            Dictionary(uniqueKeysWithValues: zip(names, counts.map { .number(Double($0)) })))
    }

    /// Places over a box, the ends among them, a column for each input.
    private static func grid(_ ranges: [(low: Double, high: Double)]) -> [[Double]] {
        let steps = [33, 9, 5, 4][min(max(ranges.count, 1), 4) - 1]
        let axes = ranges.map { range -> [Double] in
            let high = range.high > 0 ? 1000 * range.high : range.high
            return (0..<steps).map { step in
                let t = Double(step) / Double(steps - 1)
                guard range.low > 0 else { return range.low + t * (high - range.low) }
                return Elementary.exp(
                    (1 - t) * Elementary.log(range.low) + t * Elementary.log(high))
            }
        }
        var rows: [[Double]] = [[]]
        for axis in axes { rows = rows.flatMap { row in axis.map { row + [$0] } } }
        return axes.indices.map { place in rows.map { $0[place] } }
    }
}
