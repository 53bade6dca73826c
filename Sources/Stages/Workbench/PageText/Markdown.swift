import CMark

/// Markdown as a list of steps; the reading is CommonMark's own.
enum Markdown {
    /// How deep a document may nest.
    static let deepest = 100

    /// Why a document is not read.
    struct TooDeep: Error {
        let line: Int
    }

    /// The steps through a document.
    ///
    /// - Complexity: linear in the document for all that people write.
    /// - Throws: ``TooDeep``.
    static func events(of text: String) throws(TooDeep) -> [MarkdownEvent] {
        var text = text + "\n"
        let document = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe cmark_parse_document(
                    characters.baseAddress, characters.count, CMARK_OPT_DEFAULT)
            }
        }
        defer { unsafe cmark_node_free(document) }
        let iterator = unsafe cmark_iter_new(document)
        defer { unsafe cmark_iter_free(iterator) }
        var events: [MarkdownEvent] = []
        var depth = 0
        var line = 1
        while true {
            let step = unsafe cmark_iter_next(iterator)
            if step == CMARK_EVENT_DONE { return events }
            guard let current = unsafe cmark_iter_get_node(iterator) else { return events }
            line = max(line, Int(unsafe cmark_node_get_start_line(current)))
            guard let node = unsafe node(current) else { continue }
            let edge = edge(node, isExit: step == CMARK_EVENT_EXIT)
            depth += edge == .opens ? 1 : edge == .closes ? -1 : 0
            if depth > deepest { throw TooDeep(line: line) }
            events.append(MarkdownEvent(node: node, edge: edge, line: line))
        }
    }

    private static func edge(_ node: MarkdownEvent.Node, isExit: Bool) -> MarkdownEvent.Edge {
        switch node {
        case .rule, .softBreak, .lineBreak, .text, .code, .codeBlock, .html: .stands
        default: isExit ? .closes : .opens
        }
    }

    /// What a node is; `nil` for the document itself.
    private static func node(_ node: OpaquePointer) -> MarkdownEvent.Node? {
        let literal = unsafe string(cmark_node_get_literal(node))
        switch unsafe cmark_node_get_type(node) {
        case CMARK_NODE_BLOCK_QUOTE: return .quote
        case CMARK_NODE_LIST:
            let isNumbered = unsafe cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
            let first = isNumbered ? Int(unsafe cmark_node_get_list_start(node)) : nil
            return .list(first: first, isTight: unsafe cmark_node_get_list_tight(node) != 0)
        case CMARK_NODE_ITEM: return .item
        case CMARK_NODE_CODE_BLOCK: return .codeBlock(literal)
        case CMARK_NODE_HTML_BLOCK: return .html(literal, isBlock: true)
        case CMARK_NODE_PARAGRAPH: return .paragraph
        case CMARK_NODE_HEADING: return .heading(Int(unsafe cmark_node_get_heading_level(node)))
        case CMARK_NODE_THEMATIC_BREAK: return .rule
        case CMARK_NODE_TEXT: return .text(literal)
        case CMARK_NODE_SOFTBREAK: return .softBreak
        case CMARK_NODE_LINEBREAK: return .lineBreak
        case CMARK_NODE_CODE: return .code(literal)
        case CMARK_NODE_HTML_INLINE: return .html(literal, isBlock: false)
        case CMARK_NODE_EMPH: return .emphasis
        case CMARK_NODE_STRONG: return .strong
        case CMARK_NODE_LINK: return .link(unsafe string(cmark_node_get_url(node)))
        case CMARK_NODE_IMAGE: return .image(unsafe string(cmark_node_get_url(node)))
        default: return nil
        }
    }

    private static func string(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "" }
        return unsafe String(cString: text)
    }
}
