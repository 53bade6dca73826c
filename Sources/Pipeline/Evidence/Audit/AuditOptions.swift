import Canon
package import Experiment
package import Run

/// What an audit is asked for.
package struct AuditOptions: Sendable {
    /// Which actions.
    package enum Selection: Sendable, Equatable {
        /// Every action of the experiment.
        case all
        /// Actions, stages and parts of sweeps.
        case named(Targets)
        /// A stratified sample.
        case sample(SampleSize, seed: UInt64)
    }

    /// Which actions.
    package var selection: Selection
    /// Gives every action its recorded inputs, instead of making them again from the sources.
    package var isEachAlone: Bool
    /// Makes the actions at which differences enter a second time, to tell whether they agree with
    /// themselves.
    package var isTwice: Bool
    /// What counts as within tolerance; `nil` for nothing.
    package var tolerance: Tolerance?
    /// The folder for the fresh store and what else the audit needs.
    package var scratch: String
    /// Whether the folder stays, so that the audit can go on there; else nothing in it need outlast a
    /// crash.
    package var isScratchKept: Bool
    /// How workers are started.
    package var run: RunOptions

    /// Names options.
    package init(
        selection: Selection, isEachAlone: Bool = false, isTwice: Bool = false,
        tolerance: Tolerance? = nil,
        scratch: String, isScratchKept: Bool = false, run: RunOptions
    ) {
        self.selection = selection
        self.isEachAlone = isEachAlone
        self.isTwice = isTwice
        self.tolerance = tolerance
        self.scratch = scratch
        self.isScratchKept = isScratchKept
        self.run = run
    }
}

extension AuditOptions.Selection {
    /// Whether it is a sample.
    var isSample: Bool { if case .sample = self { true } else { false } }

    /// The chosen actions, in the graph's order; downloads are no part of an audit, for their
    /// digests are pinned by the experiment, and measurements are none, for they never come out alike.
    ///
    /// - Throws: ``TargetError`` for a name that there is not.
    func choose(
        graph: ActionGraph, seconds: [Double], excluding: Set<Int> = []
    ) throws -> (actions: [Int], text: String) {
        let all = graph.actions.indices.filter {
            let kind = graph.stage(of: graph.actions[$0]).kind
            return !kind.isDownload && !kind.isMeasurement && !excluding.contains($0)
        }
        switch self {
        case .all: return (all, "all \(counted(all.count, "action"))")
        case .named(let targets):
            let chosen = try Set(targets.actions(in: graph)).subtracting(excluding).sorted()
            return (chosen, "\(counted(chosen.count, "action")) by name")
        case .sample(let size, let seed):
            let chosen = AuditSample.choose(
                all.map { index in
                    let action = graph.actions[index]
                    return (
                        index, action.name, graph.stage(of: action).kind.name, seconds[index]
                    )
                }, size: size, seed: seed)
            let actions = counted(all.count, "action")
            return (chosen, "a sample of \(chosen.count) of \(actions), seed \(seed)")
        }
    }
}
