import CYAML
import Canon

/// The events of a YAML text, as libyaml finds them one after the other.
///
/// Owns the parser and a copy of the bytes, and frees both exactly once.
@safe struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Starts before the first event of a text in UTF-8.
    init(_ text: [UInt8]) {
        unsafe bytes = .allocate(capacity: max(1, text.count))
        _ = unsafe bytes.update(fromContentsOf: text)
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            preconditionFailure("no memory is left for a YAML parser")
        }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, text.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe bytes.deallocate()
    }

    /// The next event.
    ///
    /// - Throws: ``YAMLProblem`` where the text is not YAML.
    mutating func next() throws(YAMLProblem) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { unsafe yaml_event_delete(&event) }
        let (start, end) = unsafe (event.start_mark, event.end_mark)
        let isOneLine = start.line == end.line && end.column > start.column
        let place = Place(
            line: start.line + 1, column: start.column + 1,
            length: isOneLine ? end.column - start.column : 1)
        let (kind, hasAnchor, hasTag) = unsafe YAMLEvents.content(of: event)
        return YAMLEvent(kind: kind, place: place, hasAnchor: hasAnchor, hasTag: hasTag)
    }

    private static func content(of event: yaml_event_t) -> (YAMLEvent.Kind, Bool, Bool) {
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let buffer = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let text = unsafe String(decoding: buffer, as: UTF8.self)
            let style: YAMLStyle
            switch unsafe scalar.style {
            case YAML_PLAIN_SCALAR_STYLE: style = .plain
            case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: style = .block
            default: style = .quoted
            }
            return unsafe (.scalar(text, style), scalar.anchor != nil, scalar.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            let list = unsafe event.data.sequence_start
            return unsafe (.listStart, list.anchor != nil, list.tag != nil)
        case YAML_MAPPING_START_EVENT:
            let mapping = unsafe event.data.mapping_start
            return unsafe (.mappingStart, mapping.anchor != nil, mapping.tag != nil)
        case YAML_SEQUENCE_END_EVENT: return (.listEnd, false, false)
        case YAML_MAPPING_END_EVENT: return (.mappingEnd, false, false)
        case YAML_ALIAS_EVENT: return (.alias, false, false)
        case YAML_DOCUMENT_START_EVENT: return (.documentStart, false, false)
        case YAML_STREAM_END_EVENT: return (.streamEnd, false, false)
        default: return (.other, false, false)
        }
    }

    private func problem() -> YAMLProblem {
        let state = unsafe parser.pointee
        let reason = unsafe state.problem.map { unsafe String(cString: $0) } ?? "no memory is left"
        if unsafe state.error == YAML_READER_ERROR {
            return unsafe YAMLProblem(reason: reason, at: .byte(state.problem_offset))
        }
        let context = unsafe state.context.map { unsafe String(cString: $0) + " " } ?? ""
        let mark = unsafe state.problem_mark
        return YAMLProblem(
            reason: context + reason,
            at: .place(Place(line: mark.line + 1, column: mark.column + 1)))
    }
}

/// Why a text is not YAML.
struct YAMLProblem: Error {
    enum Location {
        case place(Place)
        case byte(Int)
    }

    /// What the parser was at, and what it did not find.
    let reason: String
    let at: Location
}
