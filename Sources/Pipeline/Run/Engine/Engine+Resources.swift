package import Experiment

/// What actions need of the machine.
extension Engine {
    /// The bounds on the next attempt at an action: each further one may have more memory, up to all.
    func limits(of index: Int) -> Limits {
        let rules = graph.stage(of: graph.actions[index]).rules
        var limits = rules.limits
        let attempts = attempts(of: index)
        guard let memory = limits.memory, attempts > 0, rules.retry.memoryFactor > 1 else {
            return limits
        }
        var grown = Double(memory)
        for _ in 0..<attempts { grown *= rules.retry.memoryFactor }
        // On a cluster there may be larger machines than this one.
        let most = options.cluster == nil ? Double(use.all.memory) : 1e15
        limits.memory = max(memory, Int(min(grown, most)))
        return limits
    }

    /// Lets an action wait for a worker, unless the machine could never execute it: then it has failed.
    func admit(_ action: KeyedAction) {
        // On a cluster others execute it: all of them, or those that have what it needs.
        if delegate != nil || leaves(action.index) {
            backlog.hold(action)
            return
        }
        let stage = graph.stage(of: graph.actions[action.index])
        if let lack = use.lack(stage.rules.limits, stage: stage.name) {
            return fail(action.index, lack, "")
        }
        backlog.add(action)
    }

    /// Why actions that are to be executed could never begin here, each stage once.
    package static func lacks(
        _ actions: [Int], in graph: ActionGraph, jobs: Int, machine: MachineSize
    ) -> [String] {
        let use = MachineUse(jobs: jobs, machine)
        var told: Set<Int> = []
        return actions.compactMap { index in
            let stage = graph.stage(of: graph.actions[index])
            guard told.insert(stage.line).inserted else { return nil }
            return use.lack(stage.rules.limits, stage: stage.name)
        }
    }

    /// Makes a worker idle: its attempt's files are gone, and others may execute the action, unless its
    /// result is about to be published.
    ///
    /// A worker that `isTidy` has removed the files itself.
    func release(_ worker: WorkerProcess, isTidy: Bool = false) {
        if let work = worker.work { use.giveBack(Resources(work.limits), work.gpus) }
        worker.release(isTidy: isTidy)
    }
}
