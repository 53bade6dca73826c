import Canon
import Numerics
import Workbench

/// The file `chain.json`: the laws of a chain, and what they say together.
///
/// The members are described in docs/MODERN-LAWS.md.
struct ChainDocument {
    let chain: LawChain
    let level: Double
    /// What each target is called.
    let labels: [String]
    /// What each step gives at each target.
    let values: [[Double]]
    /// The same for each sample.
    private let sampled: [[[Double]]]

    /// Evaluates a chain at its targets.
    ///
    /// - Throws: ``FormatError`` where a target lacks an input or its label.
    init(_ chain: LawChain, level: Double, label: String?) throws {
        self.chain = chain
        self.level = level
        labels =
            try label.map { name in
                try chain.targets.points(of: name).map { $0.text ?? $0.canonicalText }
            } ?? chain.targets.rows.indices.map(chain.targets.place(ofRow:))
        values = try chain.values(chain.steps.map { $0.law.natural })
        sampled = try chain.samples.map(chain.values)
    }

    /// The column that a step's value is compared with; `nil` where the targets have none.
    private func measured(_ step: ChainStep) throws -> [JSON]? {
        if let actual = step.text.actual { return try chain.targets.points(of: actual) }
        return chain.targets[column: step.data.yName]
    }

    /// The interval of a number over the samples; `nil` where too many of them could not be fitted.
    private func interval(_ values: [Double]) -> (low: Double, high: Double)? {
        try? BootstrapInterval.percentile(values, drawn: chain.drawn, level)
    }

    /// What one step says of one target: the value, its interval, and what was measured.
    func estimate(_ place: Int, _ target: Int) throws -> [String: JSON] {
        let value = values[place][target]
        let interval = interval(sampled.map { $0[place][target] })
        var members: [String: JSON] = [
            "value": .finite(value), "low": .finite(interval?.low), "high": .finite(interval?.high),
        ]
        if let actual = try measured(chain.steps[place])?[target].double {
            members["actual"] = .number(actual)
            members["error"] = .finite(value - actual)
            members["relativeError"] = actual == 0 ? .null : .finite((value - actual) / actual)
        }
        return members
    }

    func json() throws -> JSON {
        let predictions = try labels.indices.map { target -> JSON in
            let estimates = try chain.steps.enumerated().map {
                ($0.element.text.name, JSON.object(try estimate($0.offset, target)))
            }
            return [
                "target": .string(labels[target]), "steps": .object(Dictionary(estimates) { $1 }),
            ]
        }
        return [
            "format": "bitlaw/chain/1", "confidence": .number(level),
            "summary": .string(try summary()),
            "steps": .array(chain.steps.indices.map(step)),
            "predictions": .array(predictions),
            "byTarget": .object(Dictionary(zip(labels, predictions)) { first, _ in first }),
            "bootstrap": [
                "samples": .number(Double(chain.samples.count)),
                "asked": .number(Double(chain.drawn)),
            ],
            "warnings": .array(try ChainWarnings(self).texts.map { .string($0) }),
        ]
    }

    /// The predictions of the last step in a line.
    private func summary() throws -> String {
        let last = chain.steps.count - 1
        let parts = try labels.indices.map { target -> String in
            let json = JSON.object(try estimate(last, target))
            let actual = json["actual"]?.double.map { ", measured \(Told.number($0, 4))" } ?? ""
            return "\(labels[target]) \(Told.interval(json, 4))\(actual)"
        }
        let percent = Markup.significant(level * 100, 2)
        return "\(chain.steps[last].text.gives): \(parts.joined(separator: "; "))  (\(percent) %)"
    }

    private func step(_ place: Int) -> JSON {
        let step = chain.steps[place]
        let law = step.law
        let bound = law.certificate.atBound
        let parameters = law.form.parameters.enumerated().map { index, parameter in
            let interval =
                law.held[index] ? nil : interval(chain.samples.map { $0[place][index] })
            var members: [String: JSON] = [
                "value": .finite(law.natural[index]), "low": .finite(interval?.low),
                "high": .finite(interval?.high),
            ]
            if law.held[index] { members["held"] = true }
            if bound.contains(parameter.name) { members["atBound"] = true }
            return (parameter.name, JSON.object(members))
        }
        let formula = NamedForms.formula(law.form, columns: step.data.columns)
        return [
            "name": .string(step.text.name), "gives": .string(step.text.gives),
            "formula": .string("\(step.data.yName) = \(formula)"), "y": .string(step.data.yName),
            "columns": .array(step.data.columns.map { .string($0) }),
            "parameters": .object(Dictionary(parameters) { $1 }),
            "objective": ["name": .string(law.objective.text), "value": .finite(law.value)],
            "points": .number(Double(step.data.y.count)),
            "groups": .number(Double(step.data.groups.count)),
            "data": ["sha256": .string(step.data.digest.hex)],
            "certificate": [
                "scaledGradient": .number(law.certificate.scaledGradient),
                "condition": .number(law.certificate.condition),
                "starts": .number(Double(law.certificate.starts)),
                "agreeing": .number(Double(law.certificate.agreeing)),
                "atBound": .array(bound.map { .string($0) }),
            ],
        ]
    }

    /// A row for each target: the value of every step with its interval, what was measured, the error.
    func table() throws -> Table {
        let members = ["value", "low", "high", "actual", "error"]
        let names = chain.steps.map { $0.text.name }
        var table = Table(
            columns: ["target"] + names.flatMap { name in members.map { "\(name)_\($0)" } })
        for target in labels.indices {
            let cells = try chain.steps.indices.flatMap { place -> [JSON] in
                let estimate = try estimate(place, target)
                return members.map { estimate[$0] ?? .null }
            }
            table.append([.string(labels[target])] + cells)
        }
        return table
    }
}
