extension Reason {
    /// What it is about, without the values that differ from action to action: for counts over many.
    package var topic: String {
        switch self {
        case .neverRan: "no earlier run of this experiment had it"
        case .unchanged: "nothing changed"
        case .lastExecution(_, let told):
            "the last run executed it: \(told.map { $0.topic } ?? "the run before it had no such action")"
        case .resultMissing: "the key is the last run's, but its result is not there"
        case .parameter(let name, _, _): "parameter \(name)"
        case .kind: "kind"
        case .seed: "seed"
        case .profile: "numerics profile"
        case .tool(let name, _, _): "tool \(name)"
        case .input(let port, _, _, _): "input \(port)"
        case .frozen: "frozen"
        case .partial: "made from fewer results than its stage reads"
        case .file(let port, let path, _, _, _): "input \(port) from \(path)"
        case .order(let port, _): "the order of \(port)"
        case .moved(let port, _, _, _): "the coordinates of \(port)"
        case .renamed: "nothing changed but the name"
        case .renamedStage: "the name of its stage"
        case .upstream: "reads what has to run first"
        }
    }
}
