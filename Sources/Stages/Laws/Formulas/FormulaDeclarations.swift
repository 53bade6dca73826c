import Canon
import Experiment
import Numerics
import Workbench

/// What an experiment file says of a formula's parameters: `parameters`, `fix`, `per`, `shared`.
struct FormulaDeclarations {
    /// What is said of one parameter.
    struct Entry {
        var lower = -Double.infinity
        var upper = Double.infinity
        var starts: [Double] = []
        var fixed: Double?
        /// A formula of other parameters.
        var tie: String?
        var prior: LawPriorText?
    }

    /// The entries by name.
    private(set) var entries: [String: Entry] = [:]
    /// The column by which a parameter differs.
    private(set) var groups: [String: String] = [:]
    /// The parameters whose groups are drawn to their mean.
    private(set) var shrunk: Set<String> = []
    /// The parameters that are said to be shared; `nil` where nothing is said.
    private(set) var shared: Set<String>?

    /// As it was said.
    let json: JSON

    /// Every name that is spoken of.
    var names: Set<String> { Set(entries.keys).union(groups.keys).union(shared ?? []) }

    init(parameters: JSON, fix: JSON, per: JSON, shared: JSON) throws {
        json = ["parameters": parameters, "fix": fix, "per": per, "shared": shared]
        for (name, value) in try FormulaDeclarations.members(parameters, "parameters") {
            entries[name] = try Entry(name, value)
        }
        for (name, value) in try FormulaDeclarations.members(fix, "fix") {
            guard let number = value.double else {
                throw FormatError(
                    "fix: expected a number for \(name), found \(value.canonicalText)")
            }
            entries[name, default: Entry()].fixed = number
        }
        for (name, entry) in entries where entry.fixed != nil && entry.prior != nil {
            throw FormatError(
                "parameters: \(name) is held, so its prior says nothing; leave out one of both")
        }
        for (name, value) in try FormulaDeclarations.members(per, "per") {
            guard let column = value.text ?? value["by"]?.text else {
                throw FormatError(
                    "per: expected the column by which \(name) differs, such as {\(name): eval}, found "
                        + value.canonicalText)
            }
            for key in JSON.sorted((value.members ?? [:]).keys)
            where !["by", "shrink"].contains(key) {
                throw FormatError(
                    "per: \(name): unknown member `\(key)`; expected by and shrink")
            }
            groups[name] = column
            if value["shrink"] == true { shrunk.insert(name) }
        }
        guard shared != .null else { return }
        guard let list = shared.elements, case let names = list.compactMap({ $0.text }),
            names.count == list.count
        else {
            throw FormatError(
                "shared: expected a list of parameters, found \(shared.canonicalText)")
        }
        for name in names where groups[name] != nil {
            throw FormatError("shared: \(name) is also in `per`; a parameter is one of both")
        }
        self.shared = Set(names)
    }

    private static func members(
        _ value: JSON, _ what: String
    ) throws -> [(key: String, value: JSON)] {
        guard let members = value.members else {
            throw FormatError("\(what): expected a mapping, found \(value.canonicalText)")
        }
        return JSON.sorted(members.keys).map { ($0, members[$0] ?? .null) }
    }
}

extension FormulaDeclarations.Entry {
    /// Reads what is said of a parameter: a number that is held, a tie, or a mapping.
    init(_ name: String, _ value: JSON) throws {
        self.init()
        if let number = value.double {
            fixed = number
            return
        }
        if let text = value.text {
            tie = text
            return
        }
        guard let members = value.members else {
            throw FormatError(
                "parameters: \(name): expected a number to hold, a formula of other parameters, or "
                    + "{min, max, start, prior, fixed}, found \(value.canonicalText)")
        }
        for key in JSON.sorted(members.keys) { try read(name, key, members[key] ?? .null) }
        guard lower < upper else {
            throw FormatError(
                "parameters: \(name): expected min below max, found min \(Self.text(lower)) and max "
                    + "\(Self.text(upper)); hold a value with {\(name): \(Self.text(lower))}")
        }
        for value in starts + [fixed].compactMap({ $0 }) where value < lower || value > upper {
            throw FormatError(
                "parameters: \(name): expected a value from \(Self.text(lower)) to "
                    + "\(Self.text(upper)), found \(Self.text(value))")
        }
    }

    private static func text(_ number: Double) -> String {
        number.isFinite ? JSON.number(number).canonicalText : number < 0 ? "-inf" : "inf"
    }

    private mutating func read(_ name: String, _ key: String, _ value: JSON) throws {
        func number() throws -> Double {
            if let number = value.double { return number }
            if value.text == "inf" || value.text == "-inf" {
                return value.text == "inf" ? .infinity : -.infinity
            }
            throw FormatError(
                "parameters: \(name): \(key): expected a number, found \(value.canonicalText)")
        }
        switch key {
        case "min": lower = try number()
        case "max": upper = try number()
        case "fixed": fixed = try number()
        case "tie": tie = value.text
        case "start":
            if let list = value.elements {
                starts = list.compactMap { $0.double }
            } else {
                starts = [try number()]
            }
            guard !starts.isEmpty, starts.count == value.elements?.count ?? 1 else {
                throw FormatError(
                    "parameters: \(name): start: expected a number or a list of them, found "
                        + value.canonicalText)
            }
        case "prior":
            guard let prior = value.text.flatMap(LawPriorText.init) else {
                throw FormatError(
                    "parameters: \(name): prior: expected normal(mean, deviation) or "
                        + "lognormal(mean, deviation) of the logarithm, found \(value.canonicalText)"
                )
            }
            self.prior = prior
        default:
            let known = ["min", "max", "start", "prior", "fixed", "tie"]
            throw FormatError(
                "parameters: \(name): unknown member `\(key)`; "
                    + notes(forUnknown: key, allowed: known).joined(separator: "; "))
        }
    }
}
