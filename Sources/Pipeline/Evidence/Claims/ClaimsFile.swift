import Canon
import Experiment
import System

/// A claims file: which numbers, words and figures of a paper come from which outputs.
package struct ClaimsFile: Sendable {
    /// The path of the file, as it was given.
    package let path: String
    /// The path of the experiment file.
    package let experiment: String
    /// The claims, in their order.
    package let claims: [Claim]

    /// Reads a claims file.
    ///
    /// - Throws: ``ExperimentError`` with every mistake and its place; ``OperationalError``.
    package static func load(path: String) throws -> ClaimsFile {
        guard let bytes = try readWholeFile(path) else {
            throw ExperimentError.noSuchFile(
                path, expected: "a claims file, such as pipelines/NAME.claims.yaml")
        }
        let yaml = try YAMLReader(path: path, bytes: bytes)
        let diagnostics = Diagnostics(source: yaml.source)
        let root = try yaml.read()
        var experiment = ""
        var claims: [Claim] = []
        if let members = checkedMapping(
            root, "a claims file", ["experiment", "description", "claims"], diagnostics)
        {
            if let text = members["experiment"]?.text {
                experiment =
                    text.hasPrefix("/") ? text : "\(ProjectFolder.folder(of: path))/\(text)"
            } else {
                diagnostics.add(
                    "no experiment is named", root.place,
                    ["expected: experiment: FILE.yaml, relative to this file"])
            }
            if let list = members["claims"]?.members {
                for (key, value) in list {
                    if let claim = ClaimReader(key: key, diagnostics: diagnostics).read(value) {
                        claims.append(claim)
                    }
                }
            } else {
                diagnostics.add(
                    "no claims", members["claims"]?.place ?? root.place,
                    ["expected: claims: a mapping of names to claims"])
            }
        }
        try diagnostics.throwIfAny()
        return ClaimsFile(path: path, experiment: experiment, claims: claims)
    }
}

/// Reads one claim; every mistake becomes a diagnostic.
private struct ClaimReader {
    let key: YAMLKey
    let diagnostics: Diagnostics

    private static let members = [
        "says", "from", "at", "row", "column", "count", "value", "figure", "scale", "tolerance",
    ]

    func read(_ value: YAMLValue) -> Claim? {
        guard isSafeName(key.name), key.name.utf8.allSatisfy({ $0 != UInt8(ascii: ".") }) else {
            diagnostics.add(
                "the claim's name is `\(key.name)`", key.place,
                ["expected: letters, digits, - and _"])
            return nil
        }
        guard
            let members = checkedMapping(
                value, "claim `\(key.name)`", ClaimReader.members, diagnostics)
        else { return nil }
        guard let from = members["from"]?.text, !from.isEmpty else {
            diagnostics.add(
                "claim `\(key.name)` names no output", value.place,
                ["expected: from: ACTION/OUTPUT, such as law[k=1]/law"])
            return nil
        }
        let (action, output) = ClaimReader.split(from)
        guard let claimed = claimed(members, value.place), let spot = spot(members, value.place)
        else { return nil }
        return Claim(
            name: key.name, statement: members["says"]?.text ?? "", action: action,
            output: output, spot: spot, scale: number(members["scale"], above: nil) ?? 1,
            value: claimed, tolerance: number(members["tolerance"], above: 0),
            line: key.place.line)
    }

    /// `law[k=1]/law` as action and output; a slash inside the brackets belongs to a coordinate.
    private static func split(_ from: String) -> (String, String?) {
        let tail = from.lastIndex(of: "]") ?? from.startIndex
        guard let slash = from[tail...].lastIndex(of: "/") else { return (from, nil) }
        return (String(from[..<slash]), String(from[from.index(after: slash)...]))
    }

    private func claimed(_ members: [String: YAMLValue], _ place: Place) -> Claim.Value? {
        if let figure = members["figure"] {
            guard let digest = figure.text.flatMap({ try? Digest(hex: $0) }) else {
                diagnostics.add(
                    "figure is \(figure.found)", figure.place,
                    ["expected: the SHA-256 of the figure; bitlaw claims check prints it"])
                return nil
            }
            return .figure(digest)
        }
        guard let value = members["value"], let text = value.text else {
            diagnostics.add(
                "claim `\(key.name)` has no value", place,
                ["expected: value: the number as it is printed, or figure: a digest"])
            return nil
        }
        if case .scalar(.unfit(_, let why), _, _) = value.content {
            diagnostics.add("value is \(value.found)", value.place, [why.advice])
            return nil
        }
        if value.json.double != nil, let number = WrittenNumber(text) { return .number(number) }
        return .text(text)
    }

    private func spot(_ members: [String: YAMLValue], _ place: Place) -> Claim.Spot? {
        if members["figure"] != nil { return .whole }
        if let at = members["at"] {
            guard let path = at.text.flatMap({ JSONPath($0) }) else {
                diagnostics.add(
                    "at is \(at.found)", at.place,
                    ["expected: a path such as parameters.alpha.value"])
                return nil
            }
            return .path(path)
        }
        var row: [String: JSON] = [:]
        for (key, value) in members["row"]?.members ?? [] { row[key.name] = value.json }
        if let column = members["count"]?.text { return .count(row: row, column: column) }
        guard let column = members["column"]?.text else {
            diagnostics.add(
                "claim `\(key.name)` says nowhere in the output", place,
                [
                    "expected: at: a path in a JSON document, row: and column: of a table, or row: and "
                        + "count: a column"
                ])
            return nil
        }
        return .cell(row: row, column: column)
    }

    private func number(_ value: YAMLValue?, above bound: Double?) -> Double? {
        guard let value else { return nil }
        guard let number = value.json.double, bound.map({ number >= $0 }) ?? (number != 0) else {
            diagnostics.add(
                "\(value.found)", value.place,
                ["expected: a number\(bound.map { " of at least \($0)" } ?? " other than 0")"])
            return nil
        }
        return number
    }
}
