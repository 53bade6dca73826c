import Canon
package import Experiment
import Numerics
import Workbench

/// Which runs to make next, so that a law is known best where it matters.
package enum LawDesignStage: CheckedStage {
    /// The contract.
    package static let kind = Kind(
        name: "law.design", version: 4,
        summary: """
            The next runs that shrink a fitted law's interval at a target most for what they cost, as a \
            table for a sweep, with a bound on what any other choice could do.
            """,
        source: "Pukelsheim, Optimal Design of Experiments (1993); Leskovec et al., KDD 2007",
        parameters: [
            Parameter(
                "target", .list(.any, count: 1...100),
                "Where the law is to be known, each a mapping such as {N: 7e10, D: 1.4e12}."),
            Parameter(
                "candidates", .any, default: .null,
                """
                The runs that could be made: for each input a list, {from, to, step}, or {from, to, points} \
                (log-spaced), crossed. Or give a table as the input `candidates`.
                """),
            Parameter(
                "where", .text, default: "",
                "An expression over the inputs and `cost`: only candidates for which it holds."),
            Parameter(
                "cost", .text, default: "",
                "What a run costs, an expression over its inputs; 6*N*D for a law of N and D."),
            Parameter(
                "budget", .optional(.number(from: 0, to: .infinity, openLow: true)),
                default: .null, "What all runs may cost together."),
            Parameter("runs", .integer(1...1000), default: 10, "At most so many runs."),
            Parameter(
                "replicates", .boolean, default: true,
                "Whether a candidate may be run more than once."),
            Parameter(
                "aim", .choice(["target", "parameters"]), default: "target",
                """
                A small variance at the targets (c- and I-optimal), or of all parameters (D-optimal).
                """),
            Parameter(
                "noise", .optional(.number(from: 0, to: .infinity, openLow: true)),
                default: .null,
                "The standard deviation of one run, in the space of residuals; of the law where null."
            ),
            Parameter(
                "confidence", .number(from: 0.5, to: 0.999), default: 0.95, "The intervals' level."),
        ],
        inputs: [
            InputPort("law", "law.json of the law"),
            InputPort(
                "candidates", "a table of the runs that could be made", isOptional: true,
                isCollection: true, takesSeveralStages: true),
        ],
        outputs: [
            OutputPort(
                "runs", fileName: "design.csv",
                "The runs in the order in which to make them: inputs, cost, expected interval after each."
            ),
            OutputPort(
                "design", fileName: "design.json", role: .design,
                "Targets now and after, runs, bound, warnings."),
            OutputPort(
                "plot", fileName: "plot.json",
                "To draw: the expected interval's width against what is spent."),
        ])

    /// Notes what no table could mend.
    package static func check(_ draft: StageDraft) {
        draft.expressions("where", "cost")
    }

    /// Chooses the runs.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let input = context.input("law")
        let spread: LawSpread
        do {
            spread = try LawSpread(
                JSON(parsing: input.bytes()), noise: parameters.value("noise").double)
        } catch { throw FormatError("\(input.producer): \(error)") }
        let cost = try RunCost(parameters.text("cost"), of: spread.law)
        let candidates = try RunCandidates(
            of: spread.law, grid: parameters.value("candidates"),
            table: context.inputs("candidates"), filter: parameters.text("where"), cost: cost)
        let targets = try (parameters.value("target").elements ?? []).map {
            try target($0, of: spread.law)
        }
        let question = DesignQuestion(
            aim: parameters.text("aim") == "target" ? .targets : .parameters,
            covariance: spread.covariance, targets: try targets.map { try spread.slope($0) })
        guard question.variance(spread.covariance) > 0 else {
            throw FormatError(
                "\(input.producer): expected a law that is uncertain at the target, found a variance of 0"
            )
        }
        let runs = try zip(candidates.rows, candidates.costs).map { row, cost in
            DesignCandidate(slope: try spread.slope(row).map { $0 / spread.scale }, cost: cost)
        }
        let limits = GreedyDesign.Limits(
            runs: parameters.integer("runs"),
            budget: parameters.value("budget").double ?? .infinity,
            mayRepeat: parameters.boolean("replicates"))
        let design = GreedyDesign(question, runs, limits)
        guard !design.steps.isEmpty else { throw nothing(candidates.costs, limits.budget) }
        let document = DesignDocument(
            spread: spread, candidates: candidates, cost: cost, question: question, design: design,
            bound: DesignBound(question, runs, limits), targets: targets,
            confidence: parameters.number("confidence"))
        try context.write("runs", document.csv())
        try context.write("design", document.json().pretty())
        try context.write("plot", document.plot().text())
    }

    /// The inputs of a target, by the law's columns or roles.
    private static func target(_ value: JSON, of law: LawFile) throws(FormatError) -> [Double] {
        let columns = law.columns.isEmpty ? law.roles : law.columns
        var row: [Double] = []
        for (column, role) in zip(columns, law.roles) {
            guard let number = (value[column] ?? value[role])?.double, number > 0 else {
                throw FormatError(
                    "target: expected a positive number for each of \(columns.joined(separator: ", ")), "
                        + "found \(value.canonicalText)")
            }
            row.append(number)
        }
        let names = Set(columns).union(law.roles)
        if let other = JSON.sorted((value.members ?? [:]).keys).first(where: { !names.contains($0) }
        ) {
            throw FormatError(
                "target: no input `\(other)`; expected \(columns.joined(separator: ", "))")
        }
        return row
    }

    private static func nothing(_ costs: [Double], _ budget: Double) -> FormatError {
        let least = costs.min() ?? 0
        guard least > budget else {
            return FormatError(
                "candidates: expected a run that tells something of the target, found none of \(costs.count)"
            )
        }
        return FormatError(
            "budget: expected at least the cost of one run, \(Markup.significant(least)), found "
                + Markup.significant(budget))
    }
}
