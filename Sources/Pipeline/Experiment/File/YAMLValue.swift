package import Canon

/// A value of an experiment file, with its place.
package struct YAMLValue: Sendable {
    /// The forms that a value has.
    package indirect enum Content: Sendable {
        /// A number, truth value, text or null, and the text between its quotes if it has any.
        case scalar(Value, text: String, style: YAMLStyle)
        /// Values in their order.
        case list([YAMLValue])
        /// Values by name, in their order.
        case mapping([(key: YAMLKey, value: YAMLValue)])
    }

    /// What stands there.
    package let content: Content
    /// Where it stands.
    package let place: Place

    /// What a person would call it in a message.
    package var found: String {
        switch content {
        case .scalar(.unfit(_, let why), let text, _): "\(text.prefix(60)), \(why.text)"
        case .scalar(let value, let text, _):
            switch value.json {
            case .null: text.isEmpty ? "nothing" : "null"
            case .bool: text
            case .number: "the number \(text)"
            default: "the text \"\(text.prefix(60))\""
            }
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The members of a mapping.
    package var members: [(key: YAMLKey, value: YAMLValue)]? {
        if case .mapping(let members) = content { return members }
        return nil
    }

    /// The elements of a list.
    package var elements: [YAMLValue]? {
        if case .list(let elements) = content { return elements }
        return nil
    }

    /// The text of a scalar, as it was written.
    package var text: String? {
        if case .scalar(_, let text, _) = content { return text }
        return nil
    }

    /// The value as JSON; mappings and lists included.
    package var json: JSON {
        switch content {
        case .scalar(let value, _, _): return value.json
        case .list(let elements): return .array(elements.map { $0.json })
        case .mapping(let members):
            return .object(
                Dictionary(members.map { ($0.key.name, $0.value.json) }) { first, _ in first })
        }
    }
}

/// A key of a mapping, with its place.
package struct YAMLKey: Sendable {
    /// The key's text.
    package let name: String
    /// Where it stands.
    package let place: Place
}
