import Canon
import Experiment
import Numerics

/// How experiment files say what a fit minimises.
extension LawObjective {
    /// The parameters `objective`, `delta` and `space`.
    static func parameters(summedOver what: String) -> [Parameter] {
        [
            Parameter(
                "objective", .choice(["least-squares", "huber", "absolute"]),
                default: "least-squares", "What a residual costs; summed over the \(what)."),
            Parameter(
                "delta", .number(from: 0, to: .infinity, openLow: true), default: 1e-3,
                "Where Huber's loss goes from squares to absolute values."),
            Parameter(
                "space", .choice(["log", "linear", "log1p"]), default: "log",
                "Residuals of log y, of y, or of log(1 + y)."),
        ]
    }

    /// What the parameters of a stage say.
    init(_ parameters: Parameters) {
        self.init(parameters, in: Space(rawValue: parameters.text("space")) ?? .log)
    }

    /// The same for a stage whose residuals are in one space.
    init(_ parameters: Parameters, in space: Space) {
        let loss: Loss =
            switch parameters.text("objective") {
            case "huber": .huber(parameters.number("delta"))
            case "absolute": .absolute
            default: .squares
            }
        self.init(loss, in: space)
    }
}
