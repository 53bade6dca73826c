package import Canon

/// A value of an experiment file: what it is, and how a person wrote it.
///
/// A number is compared, computed and hashed as a number, but stands in a text as it was written: `3.10`
/// stays `3.10` there. What was worked out has no writing of its own and stands in its canonical form (RFC
/// 8785).
package indirect enum Value: Sendable {
    /// A number, truth value, text or null; `written` is `nil` where it was worked out.
    case scalar(JSON, written: String?)
    /// A number as it was written, which cannot be held: fit only where a text is wanted.
    case unfit(String, UnfitNumber)
    /// Values in their order.
    case list([Value])
    /// Values by name.
    case mapping([String: Value])

    /// A value that was worked out.
    package init(_ json: JSON) {
        switch json {
        case .array(let elements): self = .list(elements.map { Value($0) })
        case .object(let members): self = .mapping(members.mapValues { Value($0) })
        default: self = .scalar(json, written: nil)
        }
    }

    /// The value without its writing; what is unfit is its text.
    package var json: JSON {
        switch self {
        case .scalar(let value, _): value
        case .unfit(let text, _): .string(text)
        case .list(let elements): .array(elements.map { $0.json })
        case .mapping(let members): .object(members.mapValues { $0.json })
        }
    }

    /// What stands for it inside a text: as it was written, or its canonical form.
    var inText: String {
        switch self {
        case .scalar(let value, let written): written ?? value.text ?? value.canonicalText
        case .unfit(let text, _): text
        case .list, .mapping: json.canonicalText
        }
    }

    /// The first number in it that cannot be held.
    var firstUnfit: (text: String, why: UnfitNumber)? {
        switch self {
        case .scalar: nil
        case .unfit(let text, let why): (text, why)
        case .list(let elements): elements.lazy.compactMap { $0.firstUnfit }.first
        case .mapping(let members):
            JSON.sorted(members.keys).lazy.compactMap { members[$0]?.firstUnfit }.first
        }
    }

    /// How many levels it has: 1 for a scalar.
    var depth: Int {
        switch self {
        case .scalar, .unfit: 1
        case .list(let elements): 1 + (elements.map { $0.depth }.max() ?? 0)
        case .mapping(let members): 1 + (members.values.map { $0.depth }.max() ?? 0)
        }
    }

    /// How large it is, counted no further than to just above a bound: one for each value and each byte of
    /// text.
    func size(upTo bound: Int) -> Int {
        var total = 1
        switch self {
        case .scalar(let value, _): total += value.text?.utf8.count ?? 0
        case .unfit(let text, _): total += text.utf8.count
        case .list(let elements):
            for element in elements where total <= bound {
                total += element.size(upTo: bound - total)
            }
        case .mapping(let members):
            for (name, member) in members where total <= bound {
                total += name.utf8.count + member.size(upTo: bound - total)
            }
        }
        return total
    }
}
