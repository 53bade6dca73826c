import Canon
package import Experiment
import Numerics
import System
import Workbench

/// The posterior of a Gaussian process after a limited number of actions.
package enum GPPosteriorStage: Stage {
    static let family = Parameter(
        "covariance", .choice(RadialFamily.allCases.map { $0.rawValue }), default: "matern-3/2",
        "The form of the covariance; the process has mean 0 and variance 1.")

    static func family(of parameters: Parameters) throws -> RadialFamily {
        guard let family = RadialFamily(rawValue: parameters.text("covariance")) else {
            throw FormatError("covariance: no such form")
        }
        return family
    }

    /// The contract.
    package static let kind = Kind(
        name: "gp.posterior", version: 1,
        summary: """
            The posterior of a Gaussian process that spends i actions on its data: error, combined \
            variance, likelihood and a bound of the evidence against operations.
            """,
        source: """
            combined variance = mathematical + computational: Wenger et al., arXiv 2205.15449 and \
            2411.01036, abstracts; formulas and choices of actions are ours (docs/COMPUTATION-AWARE-GP.md)
            """,
        parameters: [
            family,
            Parameter(
                "lengthscale", .number(from: 1e-4, to: 1e4), default: 0.2,
                "The distance in which the process changes."),
            Parameter(
                "noise", .number(from: 1e-4, to: 100), default: 0.1,
                "Standard deviation of the noise that the model takes."),
            Parameter(
                "policy", .choice(ActionPolicy.allCases.map { $0.rawValue }), default: "cg",
                """
                cg: the space of conjugate gradients; blocks: averages over cells; points: single points; \
                inducing: covariances with single points.
                """),
            Parameter(
                "actions", .list(.integer(0...1_000_000), count: 1...200),
                "Numbers of actions i; they ascend."),
            Parameter(
                "support", .optional(.integer(1...1_000_000)), default: .null,
                "Points that an action of blocks stands on; null for all of its cell."),
            Parameter(
                "exact", .boolean, default: .bool(false),
                "Also the exact posterior, by a dense Cholesky factorisation; up to 6,000 points."),
        ],
        inputs: [
            InputPort("train", "Points: x1, x2, …, y and, where it is known, truth; CSV."),
            InputPort("test", "The same columns at the test points, truth among them; CSV."),
        ],
        outputs: [
            OutputPort(
                "curve", fileName: "curve.csv",
                """
                actions, evaluations, operations; at the tests rmse, nlpd, calibration (error²/variance), \
                combined variance, worst (bounded by norm2); elbo. With exact: computational variance and \
                its least, gap_mean, gap_variance, ignoring (nlpd without computational variance).
                """),
            OutputPort(
                "exact", fileName: "exact.json",
                "rmse, nlpd, variance and evidence of the exact posterior; null without exact."),
        ], isRandom: true, usesProfile: true)

    /// Computes the curve.
    package static func run(_ context: StageContext) throws {
        let parameters = context.parameters
        let train = try GPTable(context.input("train"), wantsTruth: false)
        let test = try GPTable(context.input("test"), wantsTruth: true)
        let counts = parameters.integers("actions")
        guard zip(counts, counts.dropFirst()).allSatisfy(<), counts[counts.count - 1] <= train.count
        else {
            throw FormatError(
                "actions: expected ascending numbers up to \(train.count) points, found \(counts)")
        }
        guard train.dimensions == test.dimensions else {
            throw FormatError(
                "test: expected \(train.dimensions) coordinates, found \(test.dimensions)")
        }
        guard let policy = ActionPolicy(rawValue: parameters.text("policy")) else {
            throw FormatError("policy: no such policy")
        }
        let scale = parameters.number("lengthscale")
        let noise = parameters.number("noise") * parameters.number("noise")
        let choice = ActionChoice(
            points: train.points(lengthscale: scale), observations: train.observations,
            noise: noise,
            covariance: Covariance(
                try family(of: parameters), arithmetic: try context.arithmetic))
        let tests = test.points(lengthscale: scale)
        var exact: ExactPosterior?
        if parameters.boolean("exact") {
            guard train.count <= 6000 else {
                throw FormatError(
                    "exact: expected at most 6,000 points, found \(train.count)\n"
                        + "  fix: leave exact out, or take fewer points")
            }
            exact = try ExactPosterior(choice, tests: tests)
        }
        let curve = GPCurve(
            choice: choice, policy: policy,
            support: parameters.isNull("support") ? nil : parameters.integer("support"),
            train: train, test: test, tests: tests, exact: exact)
        try context.write(
            "curve",
            curve.table(counts, seed: context.seed) {
                context.progress($0, of: counts.count, note: "\(policy.rawValue)")
            }.csv())
        try context.write("exact", curve.exactFacts.pretty())
    }
}
