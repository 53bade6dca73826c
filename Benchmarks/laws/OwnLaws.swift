import Numerics

/// Laws in the user's own words, as the reader of formulas makes them.
enum OwnLaws {
    /// E + A/N^alpha + B/D^beta.
    static let chinchilla = FormulaForm(
        "E + A/N^alpha + B/D^beta", law, inputs: ["N", "D"],
        parameters: ["E", "A", "B", "alpha", "beta"].map { FormulaParameter($0) })

    /// The same with E, A and B for each evaluation set, and shared exponents.
    static func joint(groups: Int) -> FormulaForm {
        var parameters = ["E", "A", "B", "alpha", "beta"].map { FormulaParameter($0) }
        for place in 0..<3 {
            parameters[place].groupInput = 2
            parameters[place].groups = (0..<groups).map { "\($0)" }
        }
        return FormulaForm(
            "E[g] + A[g]/N^alpha + B[g]/D^beta", law, inputs: ["N", "D", "g"],
            parameters: parameters)
    }

    /// E + e^logA/N^alpha + e^logB/D^beta, none below 0.
    static let ladder: FormulaForm = {
        var parameters = ["E", "logA", "logB", "alpha", "beta"].map { FormulaParameter($0) }
        for place in parameters.indices { parameters[place].lower = 0 }
        return FormulaForm(
            "E + exp(logA)/N^alpha + exp(logB)/D^beta",
            sum(
                sum(.parameter(0), term(.apply(.exp, .parameter(1)), 0, 3)),
                term(.apply(.exp, .parameter(2)), 1, 4)),
            inputs: ["N", "D"], parameters: parameters)
    }()

    /// a/(1 + e^(-k (L - L0))) + b within the authors' bounds.
    static let sigmoid: FormulaForm = {
        var parameters = ["a", "k", "L0", "b"].map { FormulaParameter($0) }
        (parameters[0].lower, parameters[0].upper) = (-1, 0)
        (parameters[1].lower, parameters[2].lower) = (0, 0)
        (parameters[3].lower, parameters[3].upper) = (0, 1)
        let distance = Formula.combine(.subtract, .input(0), .parameter(2))
        let exponent = Formula.apply(
            .negate, .combine(.multiply, .parameter(1), distance))
        return FormulaForm(
            "a/(1 + exp(-k*(loss - L0))) + b",
            sum(
                .combine(.divide, .parameter(0), sum(.number(1), .apply(.exp, exponent))),
                .parameter(3)), inputs: ["loss"], parameters: parameters)
    }()

    private static let law = sum(
        sum(.parameter(0), term(.parameter(1), 0, 3)), term(.parameter(2), 1, 4))

    private static func sum(_ left: Formula, _ right: Formula) -> Formula {
        .combine(.add, left, right)
    }

    private static func term(_ factor: Formula, _ input: Int, _ exponent: Int) -> Formula {
        .combine(.divide, factor, .combine(.power, .input(input), .parameter(exponent)))
    }
}
