import Canon
import Experiment
import Numerics

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
        let declared = declarations.names.subtracting(given.keys)
        let (formula, reader) = try FormulaReader.read(
            FormulaText(text), columns: columns + given.keys.sorted(), declared: declared)
        let names = reader.parameters
        guard !reader.inputs.isEmpty else {
            throw FormatError(
                "form: `\(text)` has no column in it: its names are "
                    + "\(names.joined(separator: ", ")); the table has \(columns.joined(separator: ", "))"
            )
        }
        try UserFormula.check(names, columns: columns, declarations)
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
                let input = "\(column) (group)"
                one.groupInput = inputs.firstIndex(of: input) ?? inputs.count
                if one.groupInput == inputs.count { inputs.append(input) }
            }
            parameters.append(one)
        }
        form = FormulaForm(
            text.trimmed, tied, inputs: inputs, parameters: parameters)
        self.columns = inputs.map { given[$0] ?? $0 }
        self.groups = Dictionary(groups.map { ("\($0.key) (group)", $0.value) }) { $1 }
        priors = parameters.flatMap { one in
            declarations.entries[one.name]?.prior.map { prior in
                one.names.map { ($0, prior) }
            } ?? []
        }
        shrunk = parameters.filter { declarations.shrunk.contains($0.name) }.map { $0.names }
    }

    /// Every name that is spoken of is in the formula; no free name is a column in disguise.
    private static func check(
        _ names: [String], columns: [String], _ declarations: FormulaDeclarations
    ) throws {
        for name in declarations.names.sorted() where !names.contains(name) {
            throw FormatError(
                "parameters: `\(name)` is not in the formula; its parameters are "
                    + names.joined(separator: ", "))
        }
        for name in names where !declarations.names.contains(name) {
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
