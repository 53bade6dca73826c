import ArgumentParser

/// How the graph is drawn.
enum GraphFormat: String, ExpressibleByArgument, CaseIterable {
    case dot, mermaid, svg
}
