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

    private static let law = sum(
        sum(.parameter(0), term(1, 0, 3)), term(2, 1, 4))

    private static func sum(_ left: Formula, _ right: Formula) -> Formula {
        .combine(.add, left, right)
    }

    private static func term(_ factor: Int, _ input: Int, _ exponent: Int) -> Formula {
        .combine(
            .divide, .parameter(factor), .combine(.power, .input(input), .parameter(exponent)))
    }
}
