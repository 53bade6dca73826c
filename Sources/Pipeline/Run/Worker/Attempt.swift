import Experiment

/// An attempt at an action, as its worker sees it.
struct Attempt {
    let request: WorkerRequest
    let log: ActionLog
    let reports: ThinnedReports
    /// What is noted of how its program was started.
    let notes: ProductionNotes
    /// What its program keeps between attempts; `nil` where its stage says nothing of that.
    let checkpoints: KeptCheckpoints?

    /// What its stage is given beside what all stages are.
    func adding(to services: StageServices) -> StageServices {
        var all = services.adding(log).adding(notes).adding(GPUs(numbers: request.terms.gpus))
            .adding(request.terms.tools).adding(request.terms.passed)
        if let shared = request.terms.shared { all = all.adding(RunFolder(path: shared)) }
        return checkpoints.map { all.adding($0.folder) } ?? all
    }
}

/// What an attempt goes on from.
struct KeptCheckpoints {
    let folder: KeptFolder
    /// Whether an attempt before left something there.
    let isResumed: Bool
}
