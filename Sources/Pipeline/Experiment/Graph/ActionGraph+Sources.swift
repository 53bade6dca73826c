package import Canon

extension ActionGraph {
    /// The digest that a downloaded source has to have; `nil` for any other action.
    package func pinnedSource(of index: Int) -> Digest? {
        let action = actions[index]
        guard stage(of: action).kind.isDownload else { return nil }
        return action.parameters["sha256"]?.text.flatMap { try? Digest(hex: $0) }
    }
}
