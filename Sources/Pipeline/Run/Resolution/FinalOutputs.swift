import Experiment

/// The outputs that no action of a run reads: nobody else notices that one of them is damaged.
struct FinalOutputs {
    /// For each action a bit for each of its kind's first 64 outputs that somebody reads.
    private var read: [UInt64] = []

    /// Looks at nothing, where nobody asks.
    init() {}

    /// Looks at what the wanted actions read; at what all read where `wanted` is `nil`.
    init(_ graph: ActionGraph, wanted: [Bool]?) {
        read = Array(repeating: 0, count: graph.actions.count)
        for action in graph.actions where wanted?[action.index] ?? true {
            for input in action.inputs {
                for case .action(let producer, let name) in input.sources {
                    let outputs = graph.stage(of: graph.actions[producer]).kind.outputs
                    guard let place = outputs.firstIndex(where: { $0.name == name }) else {
                        continue
                    }
                    read[producer] |= 1 << UInt64(place)
                }
            }
        }
    }

    /// Whether nobody reads an output of an action.
    func contains(_ index: Int, _ output: String, _ graph: ActionGraph) -> Bool {
        let outputs = graph.stage(of: graph.actions[index]).kind.outputs
        guard let place = outputs.firstIndex(where: { $0.name == output }), place < 64 else {
            return true
        }
        return read[index] >> UInt64(place) & 1 == 0
    }
}
