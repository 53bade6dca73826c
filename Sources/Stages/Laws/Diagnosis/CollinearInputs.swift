import Numerics
import Workbench

/// Inputs that move together over the points, so that these cannot tell what each of them does.
struct CollinearInputs {
    /// Two inputs and the correlation of their logarithms.
    let pairs: [(first: String, second: String, correlation: Double)]
    /// Inputs that have one value.
    let constant: [String]

    /// Looks at all pairs of inputs, a column each.
    init(_ columns: [String], _ x: [[Double]]) {
        let centred = x.map { InputAxis($0).places }
        let squares = centred.map { $0.reduce(0) { $0 + $1 * $1 } }
        constant = columns.indices.filter { Set(x[$0]).count == 1 }.map { columns[$0] }
        var pairs: [(String, String, Double)] = []
        for first in columns.indices {
            for second in columns.indices where second > first {
                let scale = (squares[first] * squares[second]).squareRoot()
                guard scale > 0 else { continue }
                let product = zip(centred[first], centred[second]).reduce(0) { $0 + $1.0 * $1.1 }
                let correlation = product / scale
                if correlation.magnitude >= CollinearInputs.threshold {
                    pairs.append((columns[first], columns[second], correlation))
                }
            }
        }
        self.pairs = pairs
    }

    /// From here on two inputs count as one: of the spread of one only a seventh is left beside the other.
    static let threshold = 0.99

    /// What a reader should know; empty where the inputs vary on their own.
    var warnings: [String] { together + still }

    private var together: [String] {
        guard let first = pairs.first else { return [] }
        let named = pairs.map { "\($0.first) and \($0.second)" }.joined(separator: ", ")
        let correlations = pairs.map { Markup.significant($0.correlation, 4) }
        return [
            "\(named) move together (correlation of their logarithms "
                + "\(correlations.joined(separator: ", "))): the points cannot tell their parts of the law "
                + "apart; add runs at other \(first.second)/\(first.first), or fit a law of one of them"
        ]
    }

    private var still: [String] {
        guard !constant.isEmpty else { return [] }
        let isOne = constant.count == 1
        return [
            "\(constant.joined(separator: ", ")) \(isOne ? "has" : "have") one value in all points: they "
                + "cannot tell what \(isOne ? "it does" : "they do"); add runs at others, or fit a law "
                + "without \(isOne ? "it" : "them")"
        ]
    }
}
