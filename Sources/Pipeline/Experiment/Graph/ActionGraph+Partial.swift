extension ActionGraph {
    /// The graph in which every collector reads exactly what there is: of its partial inputs those are left
    /// out that have no result, and all others have to be there.
    package func leavingOut(_ isMissing: (Int) -> Bool) -> ActionGraph {
        guard actions.contains(where: { $0.isPartial }) else { return self }
        return with(
            actions.map { action in
                let gone = Set(action.inputs.flatMap { $0.mayMiss }.filter(isMissing))
                return (action.leavingOut(gone) ?? action).strict
            })
    }

    /// The actions without a result that every reader left out: nothing is incomplete for want of them.
    package func leftOut(_ isMissing: (Int) -> Bool) -> Set<Int> {
        guard actions.contains(where: { $0.isPartial }) else { return [] }
        var (isRead, isNeeded) = (Set<Int>(), Set<Int>())
        var found: Set<Int> = []
        for action in actions.reversed() {
            let isGone = isMissing(action.index)
            if isGone && isRead.contains(action.index) && !isNeeded.contains(action.index) {
                found.insert(action.index)
            }
            for input in action.inputs {
                for case .action(let producer, _) in input.sources {
                    isRead.insert(producer)
                    // Who is left out needs nothing; who has a result has it without what may miss.
                    let mayMiss = !isGone && input.mayMiss.contains(producer)
                    if !mayMiss && !found.contains(action.index) { isNeeded.insert(producer) }
                }
            }
        }
        return found
    }

    /// The same experiment with other actions, in the same order.
    package func with(_ actions: [Action]) -> ActionGraph {
        ActionGraph(
            experiment: experiment, seed: seed, file: file, source: source,
            project: project, reach: reach, replayFolder: replayFolder, stages: stages,
            actions: actions,
            warnings: warnings, replicateAxes: replicateAxes)
    }
}
