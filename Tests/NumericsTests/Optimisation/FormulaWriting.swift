import Numerics

// Formulas as Swift writes them, for tests of the fitter without the reader of texts.

/// A parameter or an input by its place.
func theta(_ place: Int) -> Formula { .parameter(place) }
func column(_ place: Int) -> Formula { .input(place) }

extension Formula {
    static func + (left: Formula, right: Formula) -> Formula { .combine(.add, left, right) }
    static func - (left: Formula, right: Formula) -> Formula { .combine(.subtract, left, right) }
    static func * (left: Formula, right: Formula) -> Formula { .combine(.multiply, left, right) }
    static func / (left: Formula, right: Formula) -> Formula { .combine(.divide, left, right) }
    static prefix func - (one: Formula) -> Formula { .apply(.negate, one) }

    /// A power.
    func to(_ exponent: Formula) -> Formula { .combine(.power, self, exponent) }
}

/// Forms in the user's own words.
enum WrittenForms {
    /// E + A/N^alpha + B/D^beta.
    static let chinchilla = form(
        theta(0) + theta(1) / column(0).to(theta(3)) + theta(2) / column(1).to(theta(4)),
        ["N", "D"], ["E", "A", "B", "alpha", "beta"])

    /// e^(a − alpha log N) + e^(b − beta log D) + E.
    static let ladder = form(
        .apply(.exp, theta(0) - theta(2) * .apply(.log, column(0)))
            + .apply(.exp, theta(1) - theta(3) * .apply(.log, column(1))) + theta(4),
        ["N", "D"], ["a", "b", "alpha", "beta", "E"])

    /// The same with bounds that its authors give: none below 0, so that e^a and e^b are at least 1.
    static let boundedLadder: FormulaForm = {
        var parameters = ["a", "b", "alpha", "beta", "E"].map { FormulaParameter($0) }
        for place in parameters.indices { parameters[place].lower = 0 }
        return FormulaForm(
            "",
            .apply(.exp, theta(0) - theta(2) * .apply(.log, column(0)))
                + .apply(.exp, theta(1) - theta(3) * .apply(.log, column(1))) + theta(4),
            inputs: ["N", "D"], parameters: parameters)
    }()

    /// b + a/(1 + e^(−k (L − L0))).
    static let sigmoid = form(
        theta(1) + theta(0)
            / (.number(1) + .apply(.exp, -(theta(2) * (column(0) - theta(3))))),
        ["L"], ["a", "b", "k", "L0"])

    /// 10^(a log N + b log e + c log N log e + d), 1/e = 1/(E − 1 + s) + 1/m with s = 1/(1/p − 1/m).
    static let routed: FormulaForm = {
        let ten = Formula.number(2.302585092994046)
        let size = Formula.apply(.log, column(0)) / ten
        let start = .number(1) / (.number(1) / theta(4) - .number(1) / theta(5))
        let experts =
            .number(1) / (.number(1) / (column(1) - .number(1) + start) + .number(1) / theta(5))
        let effective = Formula.apply(.log, experts) / ten
        var parameters = ["a", "b", "c", "d", "Es", "Em"].map { FormulaParameter($0) }
        (parameters[4].lower, parameters[4].upper) = (1, 16)
        (parameters[5].lower, parameters[5].upper) = (32, 8192)
        return FormulaForm(
            "",
            Formula.number(10).to(
                theta(0) * size + theta(1) * effective + theta(2) * size * effective + theta(3)),
            inputs: ["N", "E"], parameters: parameters)
    }()

    /// E[g] + A[g] N^−alpha, one alpha.
    static let joint: FormulaForm = {
        var parameters = ["E", "A", "alpha"].map { FormulaParameter($0) }
        for place in 0..<2 {
            parameters[place].groupInput = 1
            parameters[place].groups = ["one", "two", "three"]
        }
        return FormulaForm(
            "", theta(0) + theta(1) / column(0).to(theta(2)), inputs: ["N", "group"],
            parameters: parameters)
    }()

    /// A x^−alpha below 1000, and B x^−beta from there on, plus the greater of two slopes' squares.
    static let cases = form(
        .choose(
            .combine(.less, column(0), .number(1000)),
            theta(0) / column(0).to(theta(2)), theta(1) / column(0).to(theta(3)))
            + .apply(.sqrt, theta(2) * theta(2) + .apply(.tanh, theta(3)).to(.number(2))),
        ["x"], ["A", "B", "alpha", "beta"])

    private static func form(
        _ formula: Formula, _ inputs: [String], _ parameters: [String]
    ) -> FormulaForm {
        FormulaForm(
            "", formula, inputs: inputs, parameters: parameters.map { FormulaParameter($0) })
    }
}
