package import Cache

extension ActionGraph {
    /// The digest that a downloaded source has to have; `nil` for any other action.
    package func pinnedSource(of index: Int) -> Digest? {
        let action = actions[index]
        guard stage(of: action).kind.name == SourceFetch.kind.name else { return nil }
        return action.parameters["sha256"]?.text.flatMap { try? Digest(hex: $0) }
    }
}
