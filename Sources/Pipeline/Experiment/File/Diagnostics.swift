import Canon

/// Collects what is to be said while a file is read, so that a person sees all of it at once.
package final class Diagnostics {
    /// The texts that the experiment is made of; its file is the first.
    private(set) var sources: [SourceText]
    private(set) var list: [Diagnostic] = []
    /// What a person should know of a file that can be used.
    private(set) var warnings: [Diagnostic] = []
    /// The names of the file's axes, for hints.
    var axes: Set<String> = []

    /// Collects what is said of a text.
    package init(source: SourceText) { sources = [source] }

    /// Takes a further text; the number is that of its places.
    func add(_ source: SourceText) -> Int {
        sources.append(source)
        return sources.count - 1
    }

    /// Notes a mistake, with what is allowed there.
    package func add(_ message: String, _ place: Place, _ notes: [String] = []) {
        list.append(Diagnostic(message, at: place, in: sources[place.text], notes: notes))
    }

    /// Takes the mistakes that ended the reading of a text.
    package func add(_ error: ExperimentError) { list += error.diagnostics }

    /// Notes what a person should know of a file that can be used; once, however many stages it is told for.
    func warn(_ message: String, _ place: Place, _ notes: [String] = []) {
        let warning = Diagnostic(
            message, at: place, in: sources[place.text], notes: notes, severity: .warning)
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    func add(_ error: ExpressionError, in value: YAMLValue) {
        var place = value.place
        if case .scalar(_, let text, let style) = value.content, style != .block,
            !text.contains("\n")
        {
            place.column += error.offset + (style == .quoted ? 1 : 0)
            place.length = 1
        }
        add(error.message, place, error.unknownName.flatMap(hint) ?? error.notes)
    }

    /// What to do about a name that an expression does not know here, but another place does.
    private func hint(_ name: String) -> [String]? {
        if axes.contains(name) { return ["`\(name)` is an axis: add it to `over` of the stage"] }
        if ["seed", "seed32", "inputs", "outputs", "params"].contains(name) {
            return ["`\(name)` is filled in in `run` and `env` of a program, nowhere else"]
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
///
/// `elsewhere` tells where an unknown key belongs, where it knows that.
package func checkedMapping(
    _ value: YAMLValue, _ what: String, _ allowed: [String], _ diagnostics: Diagnostics,
    elsewhere: (String) -> [String]? = { _ in nil }
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
                elsewhere(key.name) ?? notes(forUnknown: key.name, allowed: allowed))
        }
    }
    return result
}
