import Canon
import System

/// Reads one claim; every mistake becomes a diagnostic.
struct ClaimReader {
    let key: YAMLKey
    let diagnostics: Diagnostics

    private typealias Members = [String: YAMLValue]

    private static let members = [
        "says", "test", "basis", "source", "of", "from", "at", "row", "column", "count", "scale",
        "value", "tolerance", "within", "figure", "holds", "judged", "fails",
        "shows",
    ]

    /// The claim of the key; `nil` where there is a mistake in it.
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
        guard let expectation = expectation(members, value.place) else { return nil }
        var measure: Claim.Measure?
        if let expression = members["of"] {
            guard let text = text(expression) else { return nil }
            measure = .expression(text)
        } else if members["from"] != nil || members["holds"] == nil {
            guard let place = place(members, value.place) else { return nil }
            measure = place
        }
        return Claim(
            name: key.name, statement: members["says"]?.text ?? "",
            test: members["test"]?.text ?? "", basis: basis(members["basis"]),
            source: members["source"]?.text ?? "", measure: measure,
            scale: number(members["scale"], above: nil) ?? 1, expectation: expectation.value,
            judged: members["judged"].flatMap(text), isKnownToFail: isTrue(members["fails"]),
            shows: members["shows"].flatMap(text),
            line: key.place.line)
    }

    private func text(_ value: YAMLValue) -> ClaimText? {
        guard let text = value.text, !text.isEmpty else {
            diagnostics.add(
                "\(value.found)", value.place,
                ["expected: an expression over results, such as law[k=1].alpha < 0.5"])
            return nil
        }
        return ClaimText(text, line: value.place.line)
    }

    private func isTrue(_ value: YAMLValue?) -> Bool {
        guard let value else { return false }
        guard let truth = value.json.bool else {
            diagnostics.add(
                "fails is \(value.found)", value.place,
                ["expected: true for a claim that is known not to hold, or nothing"])
            return false
        }
        return truth
    }

    private func basis(_ value: YAMLValue?) -> Claim.Basis? {
        guard let value else { return nil }
        guard let basis = value.text.flatMap(Claim.Basis.init(rawValue:)) else {
            let allowed = Claim.Basis.allCases.map { $0.rawValue }
            diagnostics.add(
                "basis is \(value.found)", value.place,
                notes(forUnknown: value.text ?? "", allowed: allowed))
            return nil
        }
        return basis
    }

    // MARK: What has to come out

    /// An expectation, or none on purpose: what only `shows` something is told.
    private struct Expected { let value: Claim.Expectation? }

    private func expectation(_ members: Members, _ place: Place) -> Expected? {
        let given = ["value", "within", "figure", "holds"].filter { members[$0] != nil }
        if given.count > 1, let second = members[given[1]] {
            diagnostics.add(
                "claim `\(key.name)` has \(given.joined(separator: " and "))", second.place,
                ["expected: one of them"])
            return nil
        }
        switch given.first {
        case "figure": return figure(members["figure"])
        case "within": return members["within"].flatMap(window)
        case "holds":
            return members["holds"].flatMap(text).map { Expected(value: .condition($0)) }
        case nil where members["shows"] != nil && members["of"] != nil:
            return Expected(value: nil)
        default: return value(members, place)
        }
    }

    private func figure(_ value: YAMLValue?) -> Expected? {
        guard let value else { return nil }
        guard let digest = value.text.flatMap({ try? Digest(hex: $0) }) else {
            diagnostics.add(
                "figure is \(value.found)", value.place,
                ["expected: the SHA-256 of the figure; bitlaw claims check prints it"])
            return nil
        }
        return Expected(value: .figure(digest))
    }

    private func value(_ members: Members, _ place: Place) -> Expected? {
        guard let value = members["value"], let text = value.text else {
            diagnostics.add(
                "claim `\(key.name)` has no value", place,
                [
                    "expected: value: the number as it is printed, within: [LOW, HIGH], holds: a "
                        + "condition, or figure: a digest"
                ])
            return nil
        }
        if case .scalar(.unfit(_, let why), _, _) = value.content {
            diagnostics.add("value is \(value.found)", value.place, [why.advice])
            return nil
        }
        guard value.json.double != nil, let number = WrittenNumber(text) else {
            return Expected(value: .text(text))
        }
        return Expected(
            value: .number(number, tolerance: self.number(members["tolerance"], above: 0)))
    }

    private func window(_ value: YAMLValue) -> Expected? {
        let bounds = value.elements ?? []
        let numbers = bounds.map { $0.text.flatMap(WrittenNumber.init) }
        guard bounds.count == 2, numbers.contains(where: { $0 != nil }),
            zip(bounds, numbers).allSatisfy({ $1 != nil || $0.json == .null }),
            (numbers[0]?.value ?? -.infinity) <= (numbers[1]?.value ?? .infinity)
        else {
            diagnostics.add(
                "within is \(value.found)", value.place,
                ["expected: [LOW, HIGH] in this order; null for no bound, such as [0.4, null]"])
            return nil
        }
        return Expected(value: .window(low: numbers[0], high: numbers[1]))
    }

    // MARK: One place in an output

    private func place(_ members: Members, _ place: Place) -> Claim.Measure? {
        guard let from = members["from"]?.text, !from.isEmpty else {
            diagnostics.add(
                "claim `\(key.name)` names no output", place,
                ["expected: of: an expression, or from: ACTION/OUTPUT, such as law[k=1]/law"])
            return nil
        }
        let (action, output) = ClaimReader.split(from)
        return spot(members, place).map { .place(action: action, output: output, $0) }
    }

    /// `law[k=1]/law` as action and output; a slash inside the brackets belongs to a coordinate.
    private static func split(_ from: String) -> (String, String?) {
        let tail = from.lastIndex(of: "]") ?? from.startIndex
        guard let slash = from[tail...].lastIndex(of: "/") else { return (from, nil) }
        return (String(from[..<slash]), String(from[from.index(after: slash)...]))
    }

    private func spot(_ members: Members, _ place: Place) -> Claim.Spot? {
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
