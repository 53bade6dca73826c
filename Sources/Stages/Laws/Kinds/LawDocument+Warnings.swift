import Numerics

extension LawDocument {
    /// What a reader should know before using the law: a line a kind, the gravest first.
    var warnings: [String] {
        estimates.reasons(law) + LawDiagnosis(law, data, request.fitter).warnings + lost
            + SearchWarnings(law, ends: estimates.parameters.map { $0.ends }).texts
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
