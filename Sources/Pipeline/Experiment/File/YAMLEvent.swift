import Canon

/// One step through a YAML text.
struct YAMLEvent {
    enum Kind {
        case scalar(String, YAMLStyle)
        case listStart
        case listEnd
        case mappingStart
        case mappingEnd
        case alias
        case documentStart
        case streamEnd
        /// The start of the stream, or the end of a document.
        case other
    }

    let kind: Kind
    /// Where it begins; the length is that of what stands there, where that is on one line.
    var place: Place
    /// Whether a name for aliases stands before it (`&name`).
    let hasAnchor: Bool
    /// Whether a type stands before it (`!!str`).
    let hasTag: Bool
}

/// How a scalar is written.
package enum YAMLStyle: Sendable {
    /// Without quotes: it may be a number, a truth value or null.
    case plain
    /// In quotes.
    case quoted
    /// As a block after `|` or `>`.
    case block
}
