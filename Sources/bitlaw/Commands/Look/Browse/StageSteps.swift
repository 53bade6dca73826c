import Workbench

/// The actions of one stage in a run.
struct StageSteps {
    let name: String
    var steps: [ShownRun.Step] = []

    /// The stages of a run, in the order of their first actions.
    static func all(of run: ShownRun) -> [StageSteps] {
        var stages: [StageSteps] = []
        var places: [String: Int] = [:]
        for step in run.steps {
            if places[step.stage] == nil {
                places[step.stage] = stages.count
                stages.append(StageSteps(name: step.stage))
            }
            stages[places[step.stage] ?? 0].steps.append(step)
        }
        return stages
    }

    /// Stages behind those that they read; what reads itself in a circle keeps its place.
    static func ordered(_ stages: [StageSummary]) -> [StageSummary] {
        var rest = stages
        var ordered: [StageSummary] = []
        while !rest.isEmpty {
            let waiting = Set(rest.map { $0.name })
            let place = rest.firstIndex { waiting.isDisjoint(with: $0.reads) } ?? 0
            ordered.append(rest.remove(at: place))
        }
        return ordered
    }
}
