import Canon
import Experiment
import Numerics
import Workbench

/// Laws one after the other: the value of each is an input of those behind it.
struct LawChain {
    let steps: [ChainStep]
    /// The rows that are predicted; no step was fitted to them.
    let targets: Table
    /// For each sample that could be fitted, the natural parameters of every step.
    private(set) var samples: [[[Double]]] = []
    /// How many samples were drawn.
    private(set) var drawn = 0

    /// Fits every step to the rows that are no targets.
    ///
    /// - Parameters:
    ///   - texts: the steps.
    ///   - tables: the table of each input.
    ///   - filter: what holds for a target.
    /// - Throws: ``FormatError``.
    init(_ texts: [ChainStepText], _ tables: [String: Table], targets filter: Expression) throws {
        let points = tables["points"] ?? Table(columns: [])
        var isTarget: [Int] = []
        for row in points.rows.indices
        where try LawChain.holds(filter, points, row, needsColumns: true) {
            isTarget.append(row)
        }
        guard !isTarget.isEmpty else {
            throw FormatError(
                "targets: expected a row of `points` for which it holds, found none in "
                    + "\(points.rows.count)")
        }
        targets = points.selected(isTarget)
        var steps: [ChainStep] = []
        for text in texts {
            guard let table = tables[text.input] else {
                throw FormatError(
                    "steps: \(text.name): input: expected an input `\(text.input)` of the stage, "
                        + "found none")
            }
            let rest = try table.rows.indices.filter {
                try !LawChain.holds(filter, table, $0, needsColumns: text.input == "points")
            }
            steps.append(try ChainStep(text, table.selected(rest)))
        }
        self.steps = steps
        try checkLinks()
    }

    /// Whether a row is a target.
    ///
    /// One that lacks what the filter asks for is none; where it needs no columns, neither is one of a table
    /// without them.
    private static func holds(
        _ filter: Expression, _ table: Table, _ row: Int, needsColumns: Bool
    ) throws -> Bool {
        do {
            let answer = try filter.value(table.names(ofRow: row))
            if let holds = answer.bool { return holds }
            if answer == .null { return false }
            throw FormatError(
                "\(table.place(ofRow: row)): targets: expected true or false, found "
                    + visible(answer.canonicalText, most: 60))
        } catch let error as ExpressionError {
            if error.isMissingValue { return false }
            if error.unknownName != nil && !needsColumns { return false }
            throw FormatError("\(table.place(ofRow: row)): targets: \(error)")
        }
    }

    /// Every step but the last gives something that a later one takes.
    private func checkLinks() throws {
        for (place, step) in steps.dropLast().enumerated() {
            let later = steps[(place + 1)...]
            guard !later.contains(where: { $0.request.columns.contains(step.text.gives) }) else {
                continue
            }
            let taken = later.map {
                "\($0.text.name) takes \($0.request.columns.joined(separator: ", "))"
            }
            throw FormatError(
                "steps: \(step.text.name): no later step takes its value `\(step.text.gives)`; "
                    + "\(taken.joined(separator: "; ")); name it with `as`")
        }
    }

    /// What every step gives at every target.
    ///
    /// - Throws: ``FormatError`` where a target lacks an input.
    func values(_ natural: [[Double]]) throws -> [[Double]] {
        var given: [String: [Double]] = [:]
        var all: [[Double]] = []
        for (step, parameters) in zip(steps, natural) {
            let law = step.law
            let values = law.form.predict(
                parameters, try step.inputs(targets, given: given), law.scale)
            given[step.text.gives] = values
            all.append(values)
        }
        return all
    }

    /// Refits every step to samples of the groups that all steps share.
    mutating func resample(_ count: Int, seed: UInt64, progress: (Int) -> Void) {
        let draws = SharedDraws(steps.map { $0.data }, seed: seed)
        let own = steps.map { $0.data.weights }
        for sample in 0..<count {
            let weights = draws.weights(own, sample: sample)
            let natural = zip(steps, weights).compactMap { $0.refitted($1) }
            if natural.count == steps.count { samples.append(natural) }
            progress(sample + 1)
        }
        drawn = count
    }
}
