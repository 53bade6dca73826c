import Canon
import Experiment
import Numerics
import System
import Workbench

/// What papers leave out, filled in from the fit; what only people know comes from the parameter `notes`.
///
/// The fields are ours, after the stages of Li et al., *(Mis)Fitting: A Survey of Scaling Laws*, arXiv
/// 2502.18969.
struct LawChecklist {
    private let document: LawDocument

    init(_ document: LawDocument) { self.document = document }

    /// The fields in order: question and answer.
    var fields: [(String, String)] { aboutData + aboutFit }

    private func note(_ name: String) -> String {
        document.request.parameters.value("notes")[name]?.text ?? "not stated"
    }

    /// What was fitted to which runs.
    private var aboutData: [(String, String)] {
        let (law, data, request) = (document.law, document.data, document.request)
        let ranges = zip(data.columns, data.x).map { name, values in
            "\(name) from \(Markup.significant(values.min() ?? 0)) to "
                + "\(Markup.significant(values.max() ?? 0))"
        }.joined(separator: "; ")
        return [
            (
                "form and why",
                "\(law.form.name): \(NamedForms.formula(law.form, columns: data.columns)); "
                    + note("reason")
            ),
            ("what parameters and FLOPs count", note("counts")),
            ("range", ranges + ratio),
            (
                "runs used and left out",
                "\(data.y.count) used, \(data.excluded) left out by "
                    + (request.parameters.text("where").isEmpty
                        ? "no rule" : "`\(request.parameters.text("where"))`")
                    + ", \(data.heldOutY.count) held out; \(note("exclusions"))"
            ),
            ("checkpoints and schedule", note("checkpoints")),
            ("tuning at each size", note("tuning")),
        ]
    }

    /// How it was fitted, and how sure it is.
    private var aboutFit: [(String, String)] {
        let (law, data, request) = (document.law, document.data, document.request)
        let certificate = law.certificate
        let fixed = request.fitter.fixed
        let held = fixed.keys.sorted().map { "\($0) = \(Markup.significant(fixed[$0] ?? 0))" }
        let resampled =
            request.parameters.isNull("group")
            ? "points" : "groups of \(request.parameters.text("group"))"
        return [
            (
                "objective",
                law.objective.text
                    + (request.parameters.isNull("weight")
                        ? "; equal weights" : "; weights \(request.parameters.text("weight"))")
            ),
            ("held fixed", held.isEmpty ? "nothing" : held.joined(separator: ", ")),
            (
                "optimiser",
                "\(certificate.screened) candidates screened, \(certificate.starts) descents "
                    + "(damped Newton, exact curvature), \(certificate.agreeing) agree within 1e-6; "
                    + "scaled gradient \(Markup.significant(certificate.scaledGradient))"
            ),
            (
                "uncertainty",
                "\(document.bootstrap?.samples.count ?? 0) bootstrap samples of \(resampled), "
                    + "\(document.estimates.intervals.method.rawValue) intervals at "
                    + Markup.significant(document.level)
            ),
            (
                "hold-out",
                data.heldOutY.isEmpty
                    ? "none"
                    : "\(data.heldOutY.count) points beyond, log error "
                        + Markup.significant(
                            law.logError(x: data.heldOutX, y: data.heldOutY) ?? .nan)
            ),
            ("extrapolation factor", Markup.significant(data.extrapolation)),
            (
                "identifiability",
                "condition number \(Markup.significant(certificate.condition)); weakest: "
                    + "\(certificate.weakest.joined(separator: ", ")); at a bound: "
                    + (certificate.atBound.isEmpty
                        ? "none" : certificate.atBound.joined(separator: ", "))
            ),
        ]
    }

    /// D/N, where the law has both.
    private var ratio: String {
        let form = document.law.form
        guard let n = form.inputs.firstIndex(of: "N"), let d = form.inputs.firstIndex(of: "D")
        else { return "" }
        let ratios = zip(document.data.x[d], document.data.x[n]).map { $0 / $1 }
        return "; D/N from \(Markup.significant(ratios.min() ?? 0)) to "
            + Markup.significant(ratios.max() ?? 0)
    }

    var json: JSON {
        .array(fields.map { ["question": .string($0.0), "answer": .string($0.1)] })
    }
}
