import Canon
import Experiment

/// Outputs by name: `law[features=polar]/plot`.
extension Results {
    /// The places of the outputs that a selection means.
    ///
    /// Where it names no output, the stage's first that fits is meant; nothing where none does.
    /// - Throws: ``ResultError`` for a stage, an output or an axis that there is not.
    func selection(_ text: String, fits: (Int) -> Bool) throws(ResultError) -> [Int] {
        let reference = try selected(text)
        let names = reference.output.map { [$0] } ?? outputs(of: reference.stage)
        let places = names.lazy.map { self.inputs(of: reference.stage, output: $0) }
            .first { $0.first.map(fits) ?? false }
        return try filtered(places ?? [], reference)
    }

    private func selected(_ text: String) throws(ResultError) -> ResultReference {
        let scan = try ResultScanner(text, self)
        let isAlone = scan.text.allSatisfy { $0.isWhitespace || scan.references[String($0)] != nil }
        if isAlone, scan.references.count == 1, let reference = scan.references.values.first,
            reference.steps.isEmpty
        {
            return reference
        }
        guard scan.references.isEmpty else {
            throw ResultError(
                "expected a selection of outputs, found `\(text)`", at: 0,
                ["such as law[k=1]/plot; several stand with commas between them"])
        }
        let word = String(text.prefix { !"[/ ".contains($0) })
        throw ResultError(
            "nothing is called `\(word)` here", at: 0,
            ["expected a stage: \(ForeignTable.names(stages))"] + nearest(word, among: stages))
    }

    private func filtered(_ all: [Int], _ reference: ResultReference) throws(ResultError) -> [Int] {
        var places = all
        for condition in reference.conditions where !places.isEmpty {
            let verdicts = places.map { condition.holds(labels: labels(of: $0), record: [:]) }
            guard verdicts.contains(where: { $0 != nil }) else {
                let axes = JSON.sorted(Set(places.flatMap { labels(of: $0).keys }))
                throw ResultError(
                    "`\(reference.stage)` has no axis `\(condition.path.joined(separator: "."))`",
                    at: condition.offset,
                    ["expected: \(ForeignTable.names(axes))"]
                        + nearest(condition.path[0], among: axes))
            }
            places = zip(places, verdicts).filter { $1 == true }.map { $0.0 }
        }
        return places
    }

    /// The coordinates of an output by their axes.
    func labels(of place: Int) -> [String: JSON] {
        Dictionary(inputs[place].coordinates.map { ($0.axis, $0.value) }) { first, _ in first }
    }
}
