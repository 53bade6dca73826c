import Numerics
import Workbench

/// What is wrong, or may be, with a law that a fit has certified.
///
/// A certificate says that the optimum was found. It does not say that the law is one of these points.
struct LawDiagnosis {
    private let law: FittedLaw
    private let data: LawData
    private let fitter: LawFitter

    init(_ law: FittedLaw, _ data: LawData, _ fitter: LawFitter) {
        self.law = law
        self.data = data
        self.fitter = fitter
    }

    /// Beyond so many points no second law is fitted to compare with.
    private static let most = 20_000

    /// What a reader should know, a line a kind, the gravest first; each names the cause and what to do.
    var warnings: [String] {
        let space = ResidualSpace(law, weights: data.weights)
        let misfit = LackOfFit(law, data, space).warnings(wider: wider)
        var warnings =
            LawSense(law, data).warnings
            + DivergedRuns(law, data, space, asked: fitter.objective).warnings + misfit
        warnings += UnseenBreaks(law, data).warnings
        warnings += CollinearInputs(data.columns, data.x).warnings
        if data.groups.count == data.y.count {
            // A law of one input that bends away from its points leaves neighbours alike, too.
            let isExplained = data.columns.count == 1 && !misfit.isEmpty
            if !isExplained { warnings += LikeResiduals(space, data).warnings }
            warnings += SharedColumns(space, data).warnings
        }
        warnings += UnequalScatter(space, data).warnings
        let repeated = data.repeated.count(of: data.y.count)
        if repeated > 0 {
            warnings.append(
                "\(repeated) of \(data.y.count) points repeat an earlier one in every digit: one run "
                    + "counted several times makes intervals too narrow; drop them, or name the run in "
                    + "`group`")
        }
        return warnings
    }

    /// The same law with one more term, where there is one.
    private var wider: FittedLaw? {
        guard data.y.count <= LawDiagnosis.most, fitter.fixed.isEmpty,
            let form = NamedForms.wider(than: law.form.name)
        else { return nil }
        return try? LawFitter(form, fitter.objective, starts: fitter.starts)
            .fit(x: data.x, y: data.y, weights: data.weights)
    }
}
