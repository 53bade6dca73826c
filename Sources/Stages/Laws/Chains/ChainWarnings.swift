import Canon
import Numerics
import Workbench

/// What a reader of a chain should know before believing it.
struct ChainWarnings {
    let texts: [String]

    /// Looks through the steps, then through the predictions.
    init(_ document: ChainDocument) throws {
        let chain = document.chain
        var texts: [String] = []
        var given: [String: [Double]] = [:]
        for (place, step) in chain.steps.enumerated() {
            let name = step.text.name
            let bound = step.law.certificate.atBound
            if !bound.isEmpty {
                let are = bound.count == 1 ? "lies at its bound" : "lie at their bounds"
                texts.append(
                    "\(name): \(bound.joined(separator: ", ")) \(are); intervals there are one-sided"
                )
            }
            for other in step.law.certificate.search.others {
                texts.append("\(name): another minimum: \(other.text(step.law.form))")
            }
            texts += try ChainWarnings.extrapolations(step, chain.targets, given)
            given[step.text.gives] = document.values[place]
        }
        let lost = chain.drawn - chain.samples.count
        if lost > 0 {
            texts.append(
                "\(lost) of \(chain.drawn) samples could not be fitted; the intervals leave them out"
            )
        }
        let last = chain.steps.count - 1
        for target in document.labels.indices {
            let found = try document.estimate(last, target)
            guard let actual = found["actual"]?.double, let low = found["low"]?.double,
                let high = found["high"]?.double, actual < low || actual > high
            else { continue }
            texts.append(
                "\(document.labels[target]): \(Told.number(actual, 4)) was measured, outside of "
                    + "[\(Told.number(low, 4)), \(Told.number(high, 4))]; the interval knows the "
                    + "parameters' uncertainty, not that of the forms")
        }
        self.texts = texts
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
            return "\(step.text.name): fitted to \(name) from \(Markup.significant(low)) to "
                + "\(Markup.significant(high)); the targets lie from \(Markup.significant(least)) to "
                + Markup.significant(most)
        }
    }
}
