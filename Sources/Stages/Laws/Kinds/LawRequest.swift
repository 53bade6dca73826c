import Canon
import Experiment
import Numerics
import Workbench

/// What a fit was asked for, resolved against the table that it is fitted to.
struct LawRequest {
    let parameters: Parameters
    let form: any LawForm
    let objective: LawObjective
    /// The column of each input.
    let columns: [String]
    private(set) var fitter: LawFitter
    /// The law in the user's own words; `nil` for a form by name.
    let formula: UserFormula?

    init(_ parameters: Parameters, _ table: Table) throws {
        self.parameters = parameters
        objective = LawObjective(parameters)
        if parameters.text("interval") == "profile" && objective.loss != .squares {
            throw FormatError("interval: \(NoInterval.noProfile(objective: objective.text))")
        }
        let name = parameters.text("form")
        if let text = try LawRequest.formula(parameters) {
            let formula = try UserFormula(text, parameters, table)
            self.formula = formula
            form = formula.form
            columns = formula.columns
        } else {
            guard let named = NamedForms.form(parameters) else {
                throw FormatError(
                    "no form `\(name)`; expected \(NamedForms.names.joined(separator: ", "))")
            }
            formula = nil
            form = named
            columns = try LawRequest.columns(of: named, parameters)
        }
        let starts = parameters.integer("starts")
        var fitter =
            try formula?.fitter(objective, starts: starts)
            ?? LawFitter(
                form, objective, starts: starts, fixed: LawRequest.fixed(form, parameters))
        if !parameters.isNull("sigma") { fitter.residualSize = parameters.number("sigma") }
        self.fitter = fitter
    }

    /// Notes what is wrong whatever the table has.
    static func check(_ draft: StageDraft) {
        let parameters = draft.parameters
        let check = FormulaCheck(draft: draft)
        var named: (any LawForm)?
        draft.reading("parameters") {
            if try LawRequest.formula(parameters) == nil { named = NamedForms.form(parameters) }
        }
        guard let form = named else { return check.declarations(of: check.form()) }
        for (name, value) in (parameters.value("fix").members ?? [:]).sorted(by: { $0.key < $1.key }
        ) {
            draft.reading("fix", [name]) { _ = try LawRequest.held(name, value, of: form) }
        }
        draft.reading("columns") { _ = try LawRequest.columns(of: form, parameters) }
    }

    /// The formula that is fitted: the user's, or that of a form of which more is said than a name says.
    private static func formula(_ parameters: Parameters) throws -> String? {
        let name = parameters.text("form")
        let isPlain =
            (parameters.value("parameters").members ?? [:]).isEmpty
            && (parameters.value("per").members ?? [:]).isEmpty && parameters.isNull("shared")
        guard NamedForms.names.contains(name) else { return name }
        if isPlain { return nil }
        guard let text = NamedForms.form(parameters).flatMap(NamedForms.text) else {
            throw FormatError(
                "parameters: the form \(name) has no formula that they could speak of; write one, or "
                    + "hold parameters with `fix`")
        }
        return text
    }

    /// The columns of a named form's inputs.
    private static func columns(
        of form: any LawForm, _ parameters: Parameters
    ) throws -> [String] {
        let given = parameters.value("columns").members ?? [:]
        for role in JSON.sorted(given.keys) where !form.inputs.contains(role) {
            throw FormatError(
                "columns: \(form.name) has no input `\(role)`; expected "
                    + form.inputs.joined(separator: ", "))
        }
        let x = parameters.isNull("x") ? nil : parameters.text("x")
        return form.inputs.map { role in
            given[role]?.text ?? (form.inputs.count == 1 ? x : nil) ?? role
        }
    }

    /// The parameters of a named form that are held.
    private static func fixed(
        _ form: any LawForm, _ parameters: Parameters
    ) throws -> [String: Double] {
        var fixed: [String: Double] = [:]
        for (name, value) in parameters.value("fix").members ?? [:] {
            fixed[name] = try held(name, value, of: form)
        }
        return fixed
    }

    /// The number at which a parameter of a named form is held.
    private static func held(
        _ name: String, _ value: JSON, of form: any LawForm
    ) throws -> Double {
        let known = form.parameters.map { $0.name }
        guard known.contains(name), let number = value.double else {
            throw FormatError(
                "fix: expected numbers for \(known.joined(separator: ", ")), found "
                    + "\(name): \(value.canonicalText)")
        }
        return number
    }

    /// Which intervals were asked for.
    var intervals: LawIntervals.Rule {
        LawIntervals.Rule(rawValue: parameters.text("interval")) ?? .auto
    }

    /// The points as refits and intervals need them.
    func points(_ data: LawData) -> LawPoints {
        LawPoints(
            x: data.x, y: data.y, weights: data.weights,
            groups: parameters.isNull("group") ? nil : data.groups)
    }

    /// Whether samples can say anything: they were asked for, or groups are left out one by one, and there
    /// is noise to see.
    func needsRefits(_ data: LawData, _ law: FittedLaw) -> Bool {
        let points = points(data)
        let method = LawIntervals.method(intervals, objective, isGrouped: points.groups != nil)
        return (parameters.integer("bootstrap") > 0 || method == .jackknife)
            && points.count > law.freeCount
            && (points.groups?.count ?? .max) >= NoInterval.leastGroups
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
            formula?.withGroups(table) ?? table, columns: columns, y: parameters.text("y"),
            LawData.Selection(
                filter: text.isEmpty ? nil : Expression.parse(text), group: optional("group"),
                weight: optional("weight"), limit: limit, limited: optional("hold_out"),
                train: optional("train"),
                inputs: form.takesPositiveInputsOnly ? .positive : .any,
                output: objective.space.domain))
    }

    /// Fits, with the refusal in the words of the columns.
    ///
    /// Where groups are drawn to their mean, the fit without that says how far; the fitter keeps it.
    mutating func fit(_ data: LawData) throws -> FittedLaw {
        let law = try fitted(data)
        let shrunk = formula?.shrunk ?? []
        if shrunk.isEmpty { return law }
        for names in shrunk {
            guard let covariance = law.covariance(weights: data.weights) else {
                throw FormatError(
                    "per: shrink: expected least squares or Huber's loss, for it needs the variance of "
                        + "\(names[0]); absolute residuals give none")
            }
            let places = names.compactMap { name in
                law.form.parameters.firstIndex { $0.name == name }
            }
            let p = law.held.count
            guard
                let prior = Shrinkage(
                    values: places.map { law.natural[$0] },
                    variances: places.map { covariance[$0 * p + $0] })
            else {
                throw FormatError(
                    "per: shrink: expected at least three groups with a value and its error for "
                        + "\(names[0]), found \(names.count)")
            }
            fitter.priors += names.map {
                LawPrior($0, mean: prior.mean, deviation: prior.deviation)
            }
        }
        if fitter.residualSize == nil { fitter.residualSize = law.residualSize }
        return try fitted(data)
    }

    private func fitted(_ data: LawData) throws -> FittedLaw {
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
