extension Action {
    /// The actions whose outputs it reads, once for each output.
    package var producers: [Int] {
        inputs.flatMap { $0.sources }.compactMap { source in
            if case .action(let producer, _) = source { producer } else { nil }
        }
    }

    /// Whether some of what it reads is left out where it does not end well.
    package var isPartial: Bool { inputs.contains { !$0.mayMiss.isEmpty } }

    /// The actions that it can go on without.
    package var mayMiss: Set<Int> {
        let mustBe = inputs.flatMap { input in
            input.sources.compactMap { source -> Int? in
                guard case .action(let producer, _) = source, !input.mayMiss.contains(producer)
                else { return nil }
                return producer
            }
        }
        return Set(inputs.flatMap { $0.mayMiss }).subtracting(mustBe)
    }

    /// The action as it runs without the outputs of some others; `nil` where it cannot: one of them has to
    /// be there, or nothing is left of an input.
    package func leavingOut(_ producers: Set<Int>) -> Action? {
        var kept: [ActionInput] = []
        for input in inputs {
            guard let input = input.leavingOut(producers) else { return nil }
            kept.append(input)
        }
        return reading(kept)
    }

    /// The same action, which needs everything that it reads.
    var strict: Action {
        if !isPartial { return self }
        return reading(
            inputs.map {
                ActionInput(port: $0.port, isCollection: $0.isCollection, sources: $0.sources)
            })
    }

    /// The same action with other inputs.
    func reading(_ inputs: [ActionInput], frozen: ResultList.Entry? = nil) -> Action {
        Action(
            index: index, stage: stage, name: name, coordinates: coordinates, labels: labels,
            parameters: parameters, seed: seed, inputs: inputs, frozen: frozen)
    }

    /// The same action as one that is not executed: it gives what a lock file says.
    func frozen(as entry: ResultList.Entry) -> Action { reading([], frozen: entry) }
}
