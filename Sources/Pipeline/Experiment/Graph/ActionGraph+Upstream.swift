extension ActionGraph {
    /// Which actions are wanted, with everything that they need.
    ///
    /// - Complexity: linear in the actions and their inputs.
    package func withUpstream(of wanted: [Bool]) -> [Bool] {
        var wanted = wanted
        // Producers stand before their readers.
        for action in actions.reversed() where wanted[action.index] {
            for producer in action.producers { wanted[producer] = true }
        }
        return wanted
    }
}
