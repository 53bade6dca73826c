import Numerics
import Workbench

extension LawDocument {
    /// What a reader should know before using the law: a line a kind, the gravest first.
    var warnings: [String] {
        estimates.reasons(law) + LawDiagnosis(law, data, request.fitter).warnings + unbounded + lost
            + SearchWarnings(law, ends: estimates.parameters.map { $0.ends }).texts
    }

    /// Parameters that the points bound on neither side, with the cause.
    private var unbounded: [String] {
        let names = zip(law.form.parameters, estimates.parameters).compactMap {
            parameter, estimate in
            estimate.ends.map { !$0.low.isFinite && !$0.high.isFinite } ?? false
                ? parameter.name : nil
        }
        guard !names.isEmpty else { return [] }
        let scatter = Markup.significant(law.residualSize, 2)
        return [
            "no bound on \(names.joined(separator: ", ")): the points scatter so much around the law "
                + "(residuals of \(scatter)) that it fits as well with any value; leave out a point that is "
                + "far off, or add points"
        ]
    }

    /// Bootstrap samples without a fit: more than one in a hundred, where intervals come from them.
    private var lost: [String] {
        guard let bootstrap, [.percentile, .bca].contains(estimates.intervals.method),
            estimates.reasons(law).isEmpty
        else { return [] }
        let lost = bootstrap.drawn - bootstrap.samples.count
        guard 100 * lost > bootstrap.drawn else { return [] }
        return [
            "\(lost) of \(bootstrap.drawn) bootstrap samples could not be fitted and are left out"
        ]
    }
}
