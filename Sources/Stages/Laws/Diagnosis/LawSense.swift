import Numerics
import Workbench

/// Laws that are none of their subject: rising losses, error rates above 1, units that were taken for others.
struct LawSense {
    private let law: FittedLaw
    private let data: LawData

    init(_ law: FittedLaw, _ data: LawData) {
        self.law = law
        self.data = data
    }

    /// What a reader should know.
    var warnings: [String] { rising + errorRate + units }

    /// Inputs with which the law rises over its points, where more of them should lower it.
    private var rising: [String] {
        let falling = ["x", "N", "D", "C"]
        let found = law.form.inputs.indices.compactMap { place -> String? in
            guard falling.contains(law.form.inputs[place]), let low = data.x[place].min(),
                let high = data.x[place].max(), low < high
            else { return nil }
            let middle = data.x.map { Quantiles.median($0) }
            func value(_ x: Double) -> Double {
                var at = middle
                at[place] = x
                return law.predict(at.map { [$0] })[0]
            }
            guard value(high) > value(low) else { return nil }
            return "\(data.columns[place]), from \(Markup.significant(value(low))) to "
                + Markup.significant(value(high))
        }
        guard !found.isEmpty else { return [] }
        return [
            "the law rises with \(found.joined(separator: "; with ")) over the points: no scaling law of a "
                + "loss or an error; use it only if \(data.yName) is meant to grow"
        ]
    }

    /// An error rate beyond 1.
    private var errorRate: [String] {
        guard law.form is DownstreamError, let most = law.parameter("epsilon"), most > 1 else {
            return []
        }
        return [
            "epsilon = \(Markup.significant(most)) is the error at large loss, and no error rate is above 1: "
                + "the points do not show where it ends; add points of weak models, or hold it with "
                + "`fix: {epsilon: 1}`"
        ]
    }

    /// N or D so small that they may be in millions or billions.
    private var units: [String] {
        guard let n = law.form.inputs.firstIndex(of: "N"),
            let d = law.form.inputs.firstIndex(of: "D"),
            let mostN = data.x[n].max(), let mostD = data.x[d].max()
        else { return [] }
        return ModelUnits(largestN: mostN, largestD: mostD).warnings
    }
}

/// Whether N and D can be counts of parameters and tokens, as 6ND takes them.
struct ModelUnits {
    /// The largest number of each among the points.
    let largestN, largestD: Double

    /// What a reader should know; empty where both can be counts.
    var warnings: [String] {
        guard largestN < 1e5 || largestD < 1e5 else { return [] }
        return [
            "N reaches \(Markup.significant(largestN)) and D \(Markup.significant(largestD)): if they are in "
                + "millions or billions, 6ND is no number of FLOPs, and every allocation is wrong; give "
                + "counts, such as `derive: [\"N = 1e6 * millions\"]` in table.import"
        ]
    }
}
