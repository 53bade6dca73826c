import Numerics
import System

/// Which inputs a step learns from.
package enum FactorMode: String, Sendable, CaseIterable {
    /// Fresh uniform inputs in every step.
    case singlePass = "single-pass"
    /// All inputs in every step: can the network hold them?
    case compression
    /// A fixed part of the inputs in every step, the others for the test.
    case generalisation

    /// The embedding of the authors' code in this mode.
    package var embedding: FactorEmbedding { self == .generalisation ? .fixed : .learned }
    /// Whether the authors' code draws labels in this mode, or learns from p(·|x).
    package var samplesLabels: Bool { self == .singlePass }
}

/// How the learning rate falls.
///
/// Source: the public code of arXiv 2411.01375.
package enum FactorSchedule: String, Sendable, CaseIterable {
    /// Half a cosine to 0 at the last step.
    case cosine
    /// Half a cosine in log(step) of log(rate), to 3·10⁻⁴ at step 10⁶ whatever the number of steps.
    case logCosine = "log-cosine"
    /// Always the same.
    case constant

    /// The rate at a step, counted from 0.
    package func rate(_ rate: Double, at step: Int, of steps: Int) -> Double {
        let pi = 3.141592653589793
        switch self {
        case .constant: return rate
        case .cosine: return rate * Schedule.cosine.factor(step, of: steps)
        case .logCosine:
            // log 10⁶ is the whole way.
            let part = min(1, Elementary.log(Double(step + 1)) / 13.815510557964274)
            let share = 0.5 * (1 + Elementary.cos(pi * part))
            return Elementary.exp(
                share * Elementary.log(rate) + (1 - share) * Elementary.log(3e-4))
        }
    }
}

/// Everything that decides how a network learns hidden factors, but for the task.
package struct FactorPlan: Sendable {
    /// Which inputs a step learns from.
    package var mode: FactorMode
    /// What the network is told of a token.
    package var embedding: FactorEmbedding
    /// The sizes.
    package var shape: FactorNetworkShape
    /// Steps of Adam, and its rate.
    package var steps: Int
    /// The learning rate at its highest.
    package var rate: Double
    /// How it falls.
    package var schedule: FactorSchedule
    /// Inputs in a step of a single pass.
    package var batch: Int
    /// The part of the inputs that generalisation learns from.
    package var observed: Double
    /// Whether outputs are drawn, or p(·|x) itself is learned from.
    package var samplesLabels: Bool
    /// Records of the curve between a step and ten times it.
    package var pointsPerDecade: Int

    /// The authors' settings of a mode.
    package init(mode: FactorMode, shape: FactorNetworkShape, steps: Int, batch: Int) {
        self.mode = mode
        self.shape = shape
        self.steps = steps
        self.batch = batch
        embedding = mode.embedding
        samplesLabels = mode.samplesLabels
        rate = 0.03
        schedule = .cosine
        observed = 0.9
        pointsPerDecade = 10
    }

    /// The steps, from 1, after which the curve is recorded: round(10^(i/points)) and the last.
    package var recordedSteps: [Int] {
        var recorded: [Int] = []
        var place = 0
        while true {
            let exact = Elementary.power(10, Double(place) / Double(pointsPerDecade))
            let step = Int(exact.rounded())
            guard step < steps else { return recorded + [steps] }
            if recorded.last != step { recorded.append(step) }
            place += 1
        }
    }
}
