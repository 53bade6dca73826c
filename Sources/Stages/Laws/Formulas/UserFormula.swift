import Canon
import Experiment
import Numerics
import Workbench

/// A law in the user's own words, with its columns and parameters resolved against a table.
struct UserFormula {
    /// The text as it was written.
    let text: String
    /// The form that is fitted.
    let form: FormulaForm
    /// The column of each input.
    let columns: [String]
    /// The names of the groups of each input that is a column of groups, by the input's name.
    let groups: [String: [String]]
    /// What is known of values before the fit, by the names of values.
    let priors: [(name: String, prior: LawPriorText)]
    /// The values of each parameter that are drawn to their mean.
    let shrunk: [[String]]
    /// What the experiment file says of parameters.
    private let declarations: FormulaDeclarations

    /// Resolves a formula.
    ///
    /// - Parameters:
    ///   - text: the formula.
    ///   - given: the column of a name in the formula, where it is another.
    ///   - columns: the columns of the table.
    ///   - declarations: what is said of parameters.
    ///   - groupsOf: the distinct values of a column, in order, as texts.
    /// - Throws: ``FormatError``.
    init(
        _ text: String, given: [String: String], columns: [String],
        _ declarations: FormulaDeclarations, groupsOf: (String) throws -> [String]
    ) throws {
        self.text = text
        self.declarations = declarations
        let declared = declarations.names.subtracting(given.keys)
        let (formula, reader) = try FormulaReader.read(
            FormulaText(text), columns: columns + given.keys.sorted(), declared: declared)
        let names = reader.parameters
        try UserFormula.check(
            names, columns: columns, hasInputs: !reader.inputs.isEmpty, declarations)
        guard !reader.inputs.isEmpty else {
            throw FormatError(
                "form: `\(text)` has no column in it: its names are "
                    + "\(names.joined(separator: ", ")); the table has \(columns.joined(separator: ", "))"
            )
        }
        for role in given.keys.sorted() where role != "x" && !reader.inputs.contains(role) {
            throw FormatError(
                "columns: `\(role)` is not in the formula; its columns are "
                    + reader.inputs.joined(separator: ", "))
        }
        let (tied, free) = try UserFormula.tie(formula, names, declarations)
        var inputs = reader.inputs
        var groups: [String: [String]] = [:]
        var parameters: [FormulaParameter] = []
        for name in free {
            var one = FormulaParameter(name)
            if let entry = declarations.entries[name] {
                (one.lower, one.upper) = (entry.lower, entry.upper)
                (one.starts, one.fixed) = (entry.starts, entry.fixed)
            }
            if let column = declarations.groups[name] {
                groups[column] = try groups[column] ?? groupsOf(column)
                one.groups = groups[column] ?? []
                let input = column + UserFormula.groupMark
                one.groupInput = inputs.firstIndex(of: input) ?? inputs.count
                if one.groupInput == inputs.count { inputs.append(input) }
            }
            parameters.append(one)
        }
        form = FormulaForm(
            text.trimmed, tied, inputs: inputs, parameters: parameters)
        self.columns = inputs.map { given[$0] ?? $0 }
        self.groups = Dictionary(groups.map { ($0.key + UserFormula.groupMark, $0.value) }) { $1 }
        priors = parameters.flatMap { one in
            declarations.entries[one.name]?.prior.map { prior in
                one.names.map { ($0, prior) }
            } ?? []
        }
        shrunk = parameters.filter { declarations.shrunk.contains($0.name) }.map { $0.names }
    }

    /// Resolves a formula whose columns are known by their names alone.
    ///
    /// - Parameters:
    ///   - text: the formula.
    ///   - columns: the names that stand for columns.
    ///   - given: the column of a name in the formula, where it is another.
    ///   - parameters: what is said of the formula's parameters.
    /// - Throws: ``FormatError``.
    init(
        _ text: String, columns: [String], given: [String: String] = [:], parameters: JSON = [:]
    ) throws {
        try self.init(
            text, given: given, columns: columns,
            FormulaDeclarations(parameters: parameters, fix: [:], per: [:], shared: .null)
        ) { _ in [] }
    }

    /// Resolves the formula of a stage's parameters against its table.
    ///
    /// - Throws: ``FormatError``.
    init(_ text: String, _ parameters: Parameters, _ table: Table) throws {
        var given: [String: String] = [:]
        for (role, column) in parameters.value("columns").members ?? [:] {
            guard let column = column.text, table[column: column] != nil else {
                throw FormatError(
                    "columns: " + table.lacks(column.text ?? column.canonicalText))
            }
            given[role] = column
        }
        if !parameters.isNull("x") && !table.columns.contains("x") {
            given["x"] = given["x"] ?? parameters.text("x")
        }
        let nested = Set(text.split { !($0.isLetter || $0.isNumber || "_.".contains($0)) })
            .map(String.init).filter { $0.contains(".") && table[column: $0] != nil }
        let filter =
            parameters.text("where").isEmpty
            ? nil : try Expression.parse(parameters.text("where"))
        let train = parameters.isNull("train") ? nil : parameters.text("train")
        try self.init(
            text, given: given, columns: table.columns + nested.sorted(),
            FormulaDeclarations(
                parameters: parameters.value("parameters"), fix: parameters.value("fix"),
                per: parameters.value("per"), shared: parameters.value("shared"))
        ) { column in
            guard let values = table[column: column] else {
                throw FormatError("per: " + table.lacks(column))
            }
            let marks = train.flatMap { table[column: $0] }
            var found: [String] = []
            for (row, value) in values.enumerated() {
                let name = value.text ?? value.canonicalText
                if found.contains(name) || marks?[row] == 0 || marks?[row] == false { continue }
                if let filter, try filter.value(table.names(ofRow: row)).bool != true { continue }
                found.append(name)
            }
            return found
        }
    }

    /// Reads a formula back from a `law.json`.
    ///
    /// - Throws: ``FormatError`` naming what is missing.
    init(_ json: JSON) throws {
        guard let text = json["expression"]?.text, let said = json["declarations"] else {
            throw FormatError("expected the members expression and declarations of a formula")
        }
        let names = (json["inputs"]?.elements ?? []).compactMap { $0["role"]?.text }
        try self.init(
            text, given: [:], columns: names.filter { !$0.hasSuffix(UserFormula.groupMark) },
            FormulaDeclarations(
                parameters: said["parameters"] ?? [:], fix: said["fix"] ?? [:],
                per: said["per"] ?? [:], shared: said["shared"] ?? .null)
        ) { column in
            let found = json["groups"]?[column]?.elements ?? []
            guard !found.isEmpty else {
                throw FormatError("groups: expected the groups of \(column)")
            }
            return found.compactMap { $0.text }
        }
    }

    /// What a `law.json` keeps, so that the law can be read back.
    var members: [String: JSON] {
        [
            "expression": .string(text), "declarations": declarations.json,
            "groups": .object(
                Dictionary(
                    groups.map { input, names in
                        (
                            String(input.dropLast(UserFormula.groupMark.count)),
                            .array(names.map { .string($0) })
                        )
                    }
                ) { $1 }),
        ]
    }

    /// A search for the formula, with what is held and known of its values.
    func fitter(_ objective: LawObjective, starts: Int) -> LawFitter {
        var fitter = LawFitter(form, objective, starts: starts, fixed: fixed)
        fitter.priors = priors.map {
            LawPrior(
                $0.name, mean: $0.prior.mean, deviation: $0.prior.deviation,
                isLogarithm: $0.prior.isLogarithm)
        }
        return fitter
    }

    /// The values that are held, by the names of values.
    var fixed: [String: Double] {
        var fixed: [String: Double] = [:]
        for one in form.declared {
            if let value = one.fixed { for name in one.names { fixed[name] = value } }
        }
        return fixed
    }

    /// The table with a column of places for each column of groups.
    func withGroups(_ table: Table) -> Table {
        var table = table
        for (input, names) in groups.sorted(by: { $0.key < $1.key }) {
            let column = String(input.dropLast(UserFormula.groupMark.count))
            let values = table[column: column] ?? []
            table = table.adding(
                input,
                values.map { value in
                    names.firstIndex(of: value.text ?? value.canonicalText).map {
                        .number(Double($0))
                    } ?? .null
                })
        }
        return table
    }

    /// What the input of a column of groups is called after the column.
    static let groupMark = " (group)"

    /// Every name that is spoken of is in the formula; no free name is a column in disguise.
    ///
    /// A single letter beside columns may well be a parameter: were it meant for a column, nothing would tell
    /// it from the others, and the fit were refused.
    private static func check(
        _ names: [String], columns: [String], hasInputs: Bool, _ declarations: FormulaDeclarations
    ) throws {
        for name in declarations.names.sorted() where !names.contains(name) {
            throw FormatError(
                "parameters: `\(name)` is not in the formula; its parameters are "
                    + names.joined(separator: ", "))
        }
        for name in names
        where !declarations.names.contains(name) && (name.count > 1 || !hasInputs) {
            let near = columns.first { $0.lowercased() == name.lowercased() }
            guard let near else { continue }
            throw FormatError(
                "form: unknown name `\(name)`: the table has the column `\(near)`; write that, or "
                    + "declare a parameter of this name with parameters: {\(name): {}}")
        }
        if let shared = declarations.shared {
            guard !declarations.groups.isEmpty else {
                throw FormatError(
                    "shared: expected `per` to say by which columns the other parameters differ")
            }
            for name in names
            where !shared.contains(name) && declarations.groups[name] == nil
                && declarations.entries[name] == nil
            {
                throw FormatError(
                    "shared: `\(name)` is neither in `shared` nor in `per`; say which it is")
            }
        }
    }

    /// The formula with ties put in, over the parameters that stay.
    private static func tie(
        _ formula: Formula, _ names: [String], _ declarations: FormulaDeclarations
    ) throws -> (Formula, free: [String]) {
        let ties = names.filter { declarations.entries[$0]?.tie != nil }
        let free = names.filter { !ties.contains($0) }
        var meanings: [String: Formula] = [:]
        for name in ties {
            let text = declarations.entries[name]?.tie ?? ""
            let (meaning, reader) = try FormulaReader.read(
                FormulaText(text), columns: [], declared: [])
            for other in reader.parameters where !free.contains(other) {
                throw FormatError(
                    "parameters: \(name): expected a formula of \(free.joined(separator: ", ")), "
                        + "found `\(other)`")
            }
            meanings[name] = meaning.replacing { place in
                .parameter(free.firstIndex(of: reader.parameters[place]) ?? 0)
            }
        }
        let tied = formula.replacing { place in
            meanings[names[place]] ?? .parameter(free.firstIndex(of: names[place]) ?? 0)
        }
        return (tied, free)
    }
}
