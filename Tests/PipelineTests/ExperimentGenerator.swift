import TestSupport

/// Makes experiments from a small grammar: axes of every form, stages over some of them in any order,
/// conditions, collections.
struct ExperimentGenerator {
    private var random: SeededGenerator

    /// The experiments of a seed are the same in every run.
    init(seed: UInt64) { random = SeededGenerator(seed) }

    mutating func experiment() -> GeneratedExperiment {
        let axes = (0..<Int.random(in: 1...4, using: &random)).map { axis("a\($0)") }
        var stages: [GeneratedExperiment.Stage] = []
        for number in 0..<Int.random(in: 1...5, using: &random) {
            let over = Array(axes.indices).shuffled(using: &random)
                .prefix(Int.random(in: 0...min(3, axes.count), using: &random))
            let isReader = number > 0 && Bool.random(using: &random)
            let reads =
                isReader
                ? Array(
                    stages.indices.shuffled(using: &random).prefix(
                        Int.random(in: 1...2, using: &random))) : []
            let narrowed = over.randomElement(using: &random)
            let isNarrowed = Int.random(in: 0..<3, using: &random) == 0
            stages.append(
                GeneratedExperiment.Stage(
                    name: "s\(number)", over: Array(over),
                    condition: isNarrowed ? narrowed.map { condition($0, axes[$0]) } : nil,
                    reads: reads))
        }
        return GeneratedExperiment(axes: axes, stages: stages)
    }

    /// The shortest decimal text of thousandths.
    static func decimal(_ thousandths: Int) -> String {
        let sign = thousandths < 0 ? "-" : ""
        let (whole, part) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
        if part == 0 { return "\(sign)\(whole)" }
        let digits = String(repeating: "0", count: 3 - String(part).count) + String(part)
        return "\(sign)\(whole)." + digits.replacing(#/0+$/#, with: "")
    }

    private func number(_ thousandths: Int) -> GeneratedExperiment.Value {
        let text = Self.decimal(thousandths)
        return GeneratedExperiment.Value(written: text, name: text, thousandths: thousandths)
    }

    private mutating func axis(_ name: String) -> GeneratedExperiment.Axis {
        func made(_ written: String, _ values: [GeneratedExperiment.Value])
            -> GeneratedExperiment.Axis
        {
            GeneratedExperiment.Axis(name: name, written: written, values: values)
        }
        let count = Int.random(in: 1...7, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            let values = Set(
                (0..<count).map { _ in Int.random(in: -9...99, using: &random) * 1000 }
            )
            .sorted().map(number)
            return made("[\(values.map { $0.written }.joined(separator: ", "))]", values)
        case 1:
            let values = Set((0..<count).map { _ in Int.random(in: -2000...2000, using: &random) })
                .sorted().map(number)
            return made("[\(values.map { $0.written }.joined(separator: ", "))]", values)
        case 2:
            let values = ["polar", "raw", "b_2", "x.y", "p-q"].shuffled(using: &random)
                .prefix(min(5, count))
                .map { GeneratedExperiment.Value(written: $0, name: $0, thousandths: nil) }
            return made("[\(values.map { $0.written }.joined(separator: ", "))]", Array(values))
        case 3:
            let step =
                [1, 5, 10, 20, 50, 100, 125, 250, 300, 1000].randomElement(using: &random) ?? 1
            let from = Int.random(in: -20...20, using: &random) * step
            let values = (0..<count).map { number(from + $0 * step) }
            let (low, high) = (Self.decimal(from), Self.decimal(from + (count - 1) * step))
            return made("{from: \(low), to: \(high), step: \(Self.decimal(step))}", values)
        case 4:
            // From 10^a to 10^b in whole decades.
            let values = (0..<count).map { place -> GeneratedExperiment.Value in
                number((0..<place).reduce(1) { power, _ in power * 10 })
            }
            if count < 2 { return made("[\(values[0].written)]", values) }
            return made(
                "{from: \(values[0].written), to: \(values[count - 1].written), points: \(count), scale: log}",
                values)
        case 5:
            return made("{count: \(count)}", (0..<count).map { number($0 * 1000) })
        default:
            let values = (0..<count).map { place in
                GeneratedExperiment.Value(
                    written: "{name: m\(place), width: \(place + 1)}", name: "m\(place)",
                    thousandths: nil)
            }
            return made("[\(values.map { $0.written }.joined(separator: ", "))]", values)
        }
    }

    /// A condition that compares an axis with one of its own values.
    private mutating func condition(
        _ place: Int, _ axis: GeneratedExperiment.Axis
    ) -> GeneratedExperiment.Condition {
        let bound = axis.values[Int.random(in: 0..<axis.values.count, using: &random)]
        guard let limit = bound.thousandths else {
            let isMapping = bound.written.hasPrefix("{")
            let what = isMapping ? "\(axis.name).name" : axis.name
            return GeneratedExperiment.Condition(written: "\(what) != '\(bound.name)'", axis: place)
            {
                $0.name != bound.name
            }
        }
        // A negative number is a unary minus before a literal.
        let symbols: [(String, (Int, Int) -> Bool)] = [
            ("==", { $0 == $1 }), ("!=", { $0 != $1 }), ("<=", { $0 <= $1 }), (">", { $0 > $1 }),
        ]
        let (symbol, compare) = symbols[Int.random(in: 0..<symbols.count, using: &random)]
        return GeneratedExperiment.Condition(
            written: "\(axis.name) \(symbol) \(bound.written)", axis: place
        ) {
            $0.thousandths.map { compare($0, limit) } ?? false
        }
    }
}
