import Canon
import Experiment
import Numerics
import Workbench

/// What `law.curves` was asked for: which curves, and how each is fitted.
struct LearningCurveRequest {
    /// The curves and their ends.
    let selection: LearningCurve.Selection
    private let parameters: Parameters
    private let fitter: LawFitter
    private let isPublished: Bool

    /// Reads the parameters.
    ///
    /// - Throws: ``FormatError`` where two of them contradict each other.
    init(_ parameters: Parameters) throws {
        func optional(_ name: String) -> String? {
            parameters.isNull(name) ? nil : parameters.text(name)
        }
        let objective = LawObjective(parameters)
        fitter = try LearningCurveRequest.fitter(parameters, objective)
        guard optional("train") == nil || parameters.isNull("fraction") else {
            throw FormatError("expected `train` or `fraction`, found both; leave one out")
        }
        isPublished = parameters.text("method") == "published"
        let hasOwn = objective != LawObjective(.squares, in: .log) || optional("weight") != nil
        let hasChance = parameters.isNull("chance") || parameters.number("chance") != 1
        guard !isPublished || !hasOwn && !hasChance else {
            throw FormatError(
                "method: `published` has its own objective, found objective, space, weight or chance of "
                    + "another; leave them out, or choose `certified`")
        }
        let text = parameters.text("where")
        selection = LearningCurve.Selection(
            names: parameters.texts("curve"), x: parameters.text("x"), y: parameters.text("y"),
            train: optional("train"),
            fraction: parameters.isNull("fraction") ? nil : parameters.number("fraction"),
            points: LawData.Selection(
                filter: text.isEmpty ? nil : try Expression.parse(text), weight: optional("weight"),
                output: objective.space.domain))
        self.parameters = parameters
    }

    /// The search for a form by name, or for a formula over the column that grows.
    private static func fitter(
        _ parameters: Parameters, _ objective: LawObjective
    ) throws -> LawFitter {
        let (text, x) = (parameters.text("form"), parameters.text("x"))
        let (said, starts) = (parameters.value("parameters"), parameters.integer("starts"))
        guard let form = NamedForms.form(parameters) else {
            let formula = try UserFormula(
                text, columns: [x], given: x == "x" ? [:] : ["x": x], parameters: said)
            guard formula.columns.count == 1 else {
                throw FormatError("form: expected `x` or `\(x)` in `\(text)`, found both")
            }
            return formula.fitter(objective, starts: starts)
        }
        guard said.members?.isEmpty == true else {
            throw FormatError(
                "parameters: expected a formula as `form` for them to speak of, found \(text)")
        }
        guard form.inputs.count == 1 else {
            throw FormatError(
                "form: expected a law of one input, found \(text) of "
                    + form.inputs.joined(separator: ", "))
        }
        return LawFitter(form, objective, starts: starts)
    }

    /// The cells of a curve's row after its name: counts and score, or why there is none.
    func row(_ curve: LearningCurve) -> [JSON] {
        let published = isPublished ? curve.lastOfEach : nil
        let fitted = published?.x.count ?? curve.data.y.count
        let head = [
            parameters.value("form"), parameters.value("method"), .number(Double(fitted)),
            .number(Double(curve.heldOutX.count)),
        ]
        let dropped = JSON.number(Double(curve.data.y.count - fitted))
        do {
            let law = try published.map(publishedLaw) ?? certifiedLaw(curve.data)
            let score = curve.score(
                fitter.form.predict(law.natural, [curve.heldOutX], law.scale))
            let text = zip(fitter.form.parameters, law.natural).map {
                "\($0.name)=\(JSON.finite($1).canonicalText)"
            }
            return head + [
                .finite(score.error), .finite(score.deviation),
                .string(text.joined(separator: " ")), .null, dropped,
                law.warnings.isEmpty ? .null : .string(law.warnings.joined(separator: "; ")),
            ]
        } catch { return head + [.null, .null, .null, .string("\(error)"), dropped, .null] }
    }

    /// A law of one curve, certified or published.
    private struct Answer {
        let natural: [Double]
        let scale: LawScale
        var warnings: [String] = []
    }

    private func certifiedLaw(_ data: LawData) throws -> Answer {
        do {
            let law = try fitter.fit(x: data.x, y: data.y, weights: data.weights)
            return Answer(
                natural: law.natural, scale: law.scale,
                warnings: LawDiagnosis(law, data, fitter).warnings)
        } catch { throw RefusalCause(error, data, fitter).error }
    }

    private func publishedLaw(_ points: (x: [Double], y: [Double])) throws -> Answer {
        let name = fitter.form.name
        let fitted: ExcessFit? =
            switch name {
            case "power-law": ExcessFit.powerLaw(points.x, points.y)
            case "power-law-with-floor": ExcessFit.powerLawWithFloor(points.x, points.y)
            case "m3": ExcessFit.shifted(points.x, points.y)
            case "m4": ExcessFit.bounded(points.x, points.y)
            default: throw FormatError("no published objective for \(name); expected M1 to M4")
            }
        guard let fitted else { throw FormatError("the published scheme has no answer") }
        var values = fitted.natural
        if name == "power-law-with-floor" && values.count == 2 { values.insert(0, at: 0) }
        return Answer(natural: values, scale: LawScale(inputs: [0], output: 0))
    }
}
