import Canon
import Numerics
import Workbench

/// What a reader of a chain should know before believing it: a line a kind, the gravest first.
struct ChainWarnings {
    let texts: [String]

    /// Looks through the predictions, then through the steps.
    init(_ document: ChainDocument) throws {
        let chain = document.chain
        var beyond: [String] = []
        var given: [String: [Double]] = [:]
        for (place, step) in chain.steps.enumerated() {
            beyond += try ChainWarnings.extrapolations(step, chain.targets, given)
            given[step.text.gives] = document.values[place]
        }
        texts =
            try ChainWarnings.lost(chain) + ChainWarnings.missed(document)
            + ChainWarnings.joined("the targets lie outside of what was fitted: ", beyond)
            + ChainWarnings.others(chain) + ChainWarnings.bounds(chain)
    }

    /// One line of several findings; none where there is nothing.
    private static func joined(
        _ start: String, _ found: [String], _ end: String = ""
    ) -> [String] {
        found.isEmpty ? [] : [start + found.joined(separator: "; ") + end]
    }

    /// Targets whose measured value the interval does not hold.
    private static func missed(_ document: ChainDocument) throws -> [String] {
        let last = document.chain.steps.count - 1
        let found = try document.labels.indices.compactMap { target -> String? in
            let found = try document.estimate(last, target)
            guard let actual = found["actual"]?.double, let low = found["low"]?.double,
                let high = found["high"]?.double, actual < low || actual > high
            else { return nil }
            return "\(document.labels[target]): \(Told.number(actual, 4)) was measured, outside of "
                + "[\(Told.number(low, 4)), \(Told.number(high, 4))]"
        }
        return joined(
            "", found,
            "; intervals know the parameters' uncertainty, not that of the forms, nor the noise of a run"
        )
    }

    /// Samples without a fit, in the words of every interval where they are too many for one.
    private static func lost(_ chain: LawChain) -> [String] {
        let lost = chain.drawn - chain.samples.count
        guard lost > 0 else { return [] }
        if Double(lost) > NoInterval.toleratedLoss * Double(chain.drawn) {
            return ["no interval: \(NoInterval.lostSamples(lost: lost, drawn: chain.drawn))"]
        }
        return [
            "\(lost) of \(chain.drawn) samples could not be fitted; the intervals leave them out"
        ]
    }

    private static func others(_ chain: LawChain) -> [String] {
        chain.steps.flatMap { step in
            joined(
                "\(step.text.name): another minimum: ",
                step.law.certificate.search.others.map { $0.text(step.law.form) })
        }
    }

    private static func bounds(_ chain: LawChain) -> [String] {
        let found = chain.steps.compactMap { step -> String? in
            let bound = step.law.certificate.atBound
            guard !bound.isEmpty else { return nil }
            let are = bound.count == 1 ? "lies at its bound" : "lie at their bounds"
            return "\(step.text.name): \(bound.joined(separator: ", ")) \(are)"
        }
        return joined("", found, "; intervals there are one-sided")
    }

    /// The inputs of targets that lie outside of what the step was fitted to.
    private static func extrapolations(
        _ step: ChainStep, _ targets: Table, _ given: [String: [Double]]
    ) throws -> [String] {
        let inputs = try step.inputs(targets, given: given)
        return zip(step.data.columns, zip(step.data.x, inputs)).compactMap { name, columns in
            let (fitted, asked) = columns
            guard let low = fitted.min(), let high = fitted.max(),
                let least = asked.min(), let most = asked.max(), least < low || most > high
            else { return nil }
            return "\(step.text.name): \(name) from \(Markup.significant(least)) to "
                + "\(Markup.significant(most)), fitted from \(Markup.significant(low)) to "
                + Markup.significant(high)
        }
    }
}
