/// One step through a Markdown document, in reading order.
struct MarkdownEvent {
    /// What stands there.
    enum Node: Equatable {
        case quote, item, paragraph, emphasis, strong, rule, softBreak, lineBreak
        /// A list; numbered where it has a first number.
        case list(first: Int?, isTight: Bool)
        case heading(Int)
        case text(String)
        case code(String)
        case codeBlock(String)
        /// HTML as it was written, which pages show and never pass on.
        case html(String, isBlock: Bool)
        case link(String)
        case image(String)
    }

    /// Whether something with content begins, ends, or has none.
    enum Edge {
        case opens, closes, stands
    }

    let node: Node
    let edge: Edge
    /// The line of the text, counted from 1.
    let line: Int
}
