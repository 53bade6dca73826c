import Canon
package import Experiment
import Numerics
import Workbench

/// Fits a scaling law to a table of results.
package enum LawFitStage: Stage {
    /// The contract.
    package static let kind = Kind(
        name: "law.fit", version: 4,
        summary: """
            Fits a scaling law to all the results that an input collects; refuses where the points \
            do not show one.
            """,
        source: "forms, objectives and their papers: docs/LAWS.md",
        parameters: [
            Parameter(
                "x", .optional(.text), default: .null,
                "The column that grows, for forms of one input: an axis, such as samples."),
            Parameter(
                "columns", .any, default: [:],
                """
                The columns of the form's inputs, such as {N: parameters, D: tokens}; each is its \
                own name where left out.
                """),
            Parameter(
                "y", .text,
                "The column that falls, such as mixture, or test.loss for a nested member."),
            Parameter(
                "form", .choice(NamedForms.names), default: "power-law", "The form of the law."),
            Parameter("breaks", .integer(0...4), default: 1, "Breaks of the form `broken`."),
            Parameter(
                "chance", .optional(.number(from: 0, to: .infinity, openLow: true)), default: 1,
                "The chance level e0 of the form `m4`; null to fit it."),
            Parameter(
                "objective", .choice(["least-squares", "huber", "absolute"]),
                default: "least-squares", "What a residual costs; summed over the points."),
            Parameter(
                "delta", .number(from: 0, to: .infinity, openLow: true), default: 1e-3,
                "Where Huber's loss goes from squares to absolute values."),
            Parameter(
                "space", .choice(["log", "linear", "log1p"]), default: "log",
                "Residuals of log y, of y, or of log(1 + y)."),
            Parameter(
                "weight", .optional(.text), default: .null, "A column of weights of the points."),
            Parameter(
                "fix", .any, default: [:], "Parameters that are held, such as {E: 1.69}."),
            Parameter("starts", .integer(1...100), default: 6, "At most so many descents."),
            Parameter(
                "where", .text, default: "",
                "An expression over the columns: only rows for which it holds are used."),
            Parameter(
                "group", .optional(.text), default: .null,
                "The column whose values are resampled together, such as replicate."),
            Parameter("bootstrap", .integer(0...100_000), default: 400, "Bootstrap samples."),
            Parameter(
                "interval", .choice(["percentile", "bca"]), default: "percentile",
                "How bootstrap samples become intervals."),
            Parameter(
                "profile", .boolean, default: false,
                "Profile intervals too; for least squares, of parameters that are their own coordinate."
            ),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
            Parameter(
                "x_max", .optional(.number(from: 0, to: .infinity, openLow: true)), default: .null,
                "Points beyond are held out, and scored."),
            Parameter(
                "hold_out", .optional(.text), default: .null,
                "The column that x_max speaks of, such as C; x itself where null."),
            Parameter(
                "train", .optional(.text), default: .null,
                "A column of 1 for points to fit and 0 for points to hold out."),
            Parameter("x_unit", .text, default: "", "The unit of x, for the plot."),
            Parameter("y_unit", .text, default: "", "The unit of y, for the plot."),
            Parameter("title", .text, default: "", "The plot's title."),
            Parameter(
                "notes", .any, default: [:],
                "What only people know, for the checklist: reason, counts, exclusions, checkpoints, tuning."
            ),
        ],
        inputs: [
            InputPort(
                "points",
                "JSON objects of numbers, arrays or lines of them, or CSV tables; axes are columns",
                isCollection: true, takesSeveralStages: true)
        ],
        outputs: [
            OutputPort(
                "law", fileName: "law.json", role: .law,
                "Form, parameters with intervals, certificate."),
            OutputPort(
                "plot", fileName: "plot.svg",
                "Points, law and band on logarithmic axes; for laws of N and D contours."),
            OutputPort("residuals", fileName: "residuals.svg", "Measured over fitted."),
            OutputPort(
                "profiles", fileName: "profiles.svg", "The objective along each parameter."),
        ],
        isRandom: true)

    /// Fits, resamples, draws.
    package static func run(_ context: StageContext) throws {
        let request = try LawRequest(context.parameters)
        let data = try request.data(Table(collecting: context.inputs("points")))
        let law = try request.fit(data)
        let count = context.parameters.integer("bootstrap")
        var samples: LawBootstrap?
        if count > 0 {
            samples = LawBootstrap(
                request.fitter, law, ScaledPoints(x: data.x, y: data.y, scale: law.scale),
                weights: data.weights, groups: data.groups, seed: context.seed, count: count
            ) { context.progress($0, of: count, note: "bootstrap") }
        }
        let document = LawDocument(request: request, data: data, law: law, bootstrap: samples)
        try context.write("law", document.json().pretty())
        try context.write("plot", LawPlot(document).svg())
        try context.write("residuals", LawPlot(document).residuals())
        try context.write("profiles", LawPlot(document).profiles())
    }
}

/// What a fit was asked for.
struct LawRequest {
    let parameters: Parameters
    let form: any LawForm
    let objective: LawObjective
    let columns: [String]
    let fitter: LawFitter

    init(_ parameters: Parameters) throws {
        self.parameters = parameters
        let name = parameters.text("form")
        guard
            let form = NamedForms.form(
                name, breaks: parameters.integer("breaks"),
                chance: parameters.isNull("chance") ? nil : parameters.number("chance"))
        else {
            throw FormatError(
                "no form `\(name)`; expected \(NamedForms.names.joined(separator: ", "))")
        }
        self.form = form
        let given = parameters.value("columns").members ?? [:]
        for role in JSON.sorted(given.keys) where !form.inputs.contains(role) {
            throw FormatError(
                "columns: \(name) has no input `\(role)`; expected "
                    + form.inputs.joined(separator: ", "))
        }
        let x = parameters.isNull("x") ? nil : parameters.text("x")
        columns = form.inputs.map { role in
            given[role]?.text ?? (form.inputs.count == 1 ? x : nil) ?? role
        }
        objective = LawRequest.objective(parameters)
        var fixed: [String: Double] = [:]
        let known = form.parameters.map { $0.name }
        for (name, value) in parameters.value("fix").members ?? [:] {
            guard known.contains(name), let number = value.double else {
                throw FormatError(
                    "fix: expected numbers for \(known.joined(separator: ", ")), found "
                        + "\(name): \(value.canonicalText)")
            }
            fixed[name] = number
        }
        fitter = LawFitter(form, objective, starts: parameters.integer("starts"), fixed: fixed)
    }

    static func objective(_ parameters: Parameters) -> LawObjective {
        let loss: LawObjective.Loss =
            switch parameters.text("objective") {
            case "huber": .huber(parameters.number("delta"))
            case "absolute": .absolute
            default: .squares
            }
        return LawObjective(
            loss, in: LawObjective.Space(rawValue: parameters.text("space")) ?? .log)
    }

    private func optional(_ name: String) -> String? {
        parameters.isNull(name) ? nil : parameters.text(name)
    }

    func data(_ table: Table) throws -> LawData {
        let text = parameters.text("where")
        let limit = parameters.isNull("x_max") ? nil : parameters.number("x_max")
        if limit != nil && form.inputs.count > 1 && optional("hold_out") == nil {
            throw FormatError(
                "x_max: expected `hold_out` to name the column that it speaks of, such as C")
        }
        return try LawData(
            table, columns: columns, y: parameters.text("y"),
            LawData.Selection(
                filter: text.isEmpty ? nil : Expression.parse(text), group: optional("group"),
                weight: optional("weight"), limit: limit, limited: optional("hold_out"),
                train: optional("train"), output: objective.space.domain))
    }

    /// Fits, with the refusal in the words of the columns.
    func fit(_ data: LawData) throws -> FittedLaw {
        do {
            return try fitter.fit(x: data.x, y: data.y, weights: data.weights)
        } catch LawRefusal.tooFewPoints(_, let expected, let found) {
            let what = columns.joined(separator: ", ")
            throw FormatError(
                "too few points: expected at least \(expected) different values of \(what), "
                    + "found \(found); widen the axis")
        } catch { throw RefusalCause(error, data, fitter).error }
    }
}
