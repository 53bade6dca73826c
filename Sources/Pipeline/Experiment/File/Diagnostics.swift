import Canon

/// Collects mistakes while a file is read, so that a person sees all of them at once.
package final class Diagnostics {
    let source: SourceText
    private(set) var list: [Diagnostic] = []
    /// The names of the file's axes, for hints.
    var axes: Set<String> = []

    /// Collects mistakes of a text.
    package init(source: SourceText) { self.source = source }

    /// Notes a mistake, with what is allowed there.
    package func add(_ message: String, _ place: Place, _ notes: [String] = []) {
        list.append(Diagnostic(message, at: place, in: source, notes: notes))
    }

    func add(_ error: ExpressionError, in value: YAMLValue) {
        var place = value.place
        if case .scalar(_, let text, let isQuoted) = value.content, !text.contains("\n") {
            place.column += error.offset + (isQuoted ? 1 : 0)
            place.length = 1
        }
        add(error.message, place, error.unknownName.flatMap(hint) ?? error.notes)
    }

    /// What to do about a name that an expression does not know here, but another place does.
    private func hint(_ name: String) -> [String]? {
        if axes.contains(name) { return ["`\(name)` is an axis: add it to `over` of the stage"] }
        if ["seed", "inputs", "output"].contains(name) {
            return ["in a program's words write {\(name)}, without the `$`"]
        }
        return nil
    }

    /// Ends the reading if there was a mistake.
    ///
    /// - Throws: ``ExperimentError`` with all of them.
    package func throwIfAny() throws {
        if !list.isEmpty { throw ExperimentError(list) }
    }
}

/// The members of a mapping with a fixed set of keys; unknown keys and other values are mistakes.
package func checkedMapping(
    _ value: YAMLValue, _ what: String, _ allowed: [String], _ diagnostics: Diagnostics
) -> [String: YAMLValue]? {
    guard let members = value.members else {
        diagnostics.add(
            "\(what) is \(value.found)", value.place,
            ["expected: a mapping of \(allowed.joined(separator: ", "))"])
        return nil
    }
    var result: [String: YAMLValue] = [:]
    for (key, member) in members {
        if allowed.contains(key.name) {
            result[key.name] = member
        } else {
            diagnostics.add(
                "unknown key `\(key.name)`", key.place,
                notes(forUnknown: key.name, allowed: allowed))
        }
    }
    return result
}
