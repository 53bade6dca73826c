import Canon
import Experiment
import System

/// What a worker has to know of an attempt beside the action itself: it changes how the action is executed,
/// and never what it computes.
struct AttemptTerms: Equatable {
    /// The most bytes of its log.
    var logBound = BoundedLog.usualBound
    /// The GPUs that are its own.
    var gpus: [Int] = []
    /// The folder of its work folder that is kept between attempts.
    var checkpoints: String?
    /// The folder of the copies that the workers of a run share.
    var shared: String?
    /// The tools that its program is given.
    var tools = ProgramTools()
    /// The variables of the person that its program is given.
    var passed = PassedVariables()

    /// No terms but the usual ones.
    init() {}

    /// The terms of an attempt under the rules of its stage, with the GPUs that it got.
    init(
        _ rules: StageRules, gpus: [Int], shared: String?, tools: ProgramTools,
        passed: PassedVariables
    ) {
        logBound = rules.limits.log ?? BoundedLog.usualBound
        checkpoints = rules.checkpoints
        self.gpus = gpus
        self.shared = shared
        self.tools = tools
        self.passed = passed
    }

    /// Reads the terms of a request; what is missing is as usual.
    init(json: JSON?) {
        if let bound = json?["log"]?.integer { logBound = bound }
        gpus = (json?["gpus"]?.elements ?? []).compactMap { $0.integer }
        checkpoints = json?["checkpoints"]?.text
        shared = json?["shared"]?.text
        tools = ProgramTools(json: json?["tools"])
        passed = PassedVariables(json: json?["passed"])
    }

    var json: JSON {
        [
            "log": .number(Double(logBound)),
            "gpus": .array(gpus.map { .number(Double($0)) }),
            "checkpoints": checkpoints.map { .string($0) } ?? .null,
            "shared": shared.map { .string($0) } ?? .null, "tools": tools.json,
            "passed": passed.json,
        ]
    }
}
