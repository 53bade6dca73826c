import Canon
package import Experiment
import System

/// Judges claims by results.
package struct ClaimJudge {
    private let results: Results

    /// Prepares to judge by these results.
    package init(_ results: Results) { self.results = results }

    /// Judges a claim.
    ///
    /// - Throws: ``ClaimFailure`` for an expression that cannot be read or has more than one value, with the
    ///   line of the claims file; errors of the outputs that cannot be read.
    package func judge(_ claim: Claim) throws -> ClaimOutcome {
        if let reason = try reasonNotToJudge(claim) {
            let evidence = try claim.shows.map { try shown($0, claim) } ?? ([], [])
            return ClaimOutcome(
                .told, evidence: evidence.0, reason: reason, sources: evidence.1)
        }
        if case .figure(let digest) = claim.expectation { return try figure(claim, digest) }
        guard let measure = claim.measure else { return try condition(claim) }
        let series = try measured(measure, claim)
        guard let value = series.single else {
            return ClaimOutcome(.told, reason: ClaimJudge.lacking(series), sources: series.sources)
        }
        if case .condition = claim.expectation { return try condition(claim, value, series) }
        return try compared(claim, value, series)
    }

    private static func lacking(_ series: Series) -> String {
        "this run has no measurements for it" + (series.absence.map { ": \($0)" } ?? "")
    }

    private func reasonNotToJudge(_ claim: Claim) throws -> String? {
        guard let judged = claim.judged else { return nil }
        let series = try value(judged, claim)
        guard let value = series.single else { return ClaimJudge.lacking(series) }
        guard let truth = value.bool else {
            throw failure(claim, judged, "expected true or false, found \(value.canonicalText)")
        }
        return truth ? nil : "not judged at this size"
    }

    // MARK: Verdicts

    private func condition(_ claim: Claim, _ value: JSON? = nil, _ series: Series? = nil) throws
        -> ClaimOutcome
    {
        guard case .condition(let text) = claim.expectation else { return ClaimOutcome(.told) }
        let outcome = try self.value(text, claim)
        let (evidence, shown) = try evidence(claim, series)
        let sources = Set(outcome.sources).union(shown).sorted()
        let found = series.map { ResultTemplate.text($0, .plain) }
        guard let single = outcome.single else {
            // The reason says what is missing; words around missing numbers would say it again and again.
            return ClaimOutcome(
                .told, value: value, found: found, evidence: [],
                reason: ClaimJudge.lacking(outcome), sources: sources)
        }
        guard let truth = single.bool else {
            throw failure(claim, text, "expected true or false, found \(single.canonicalText)")
        }
        return ClaimOutcome(
            truth ? .held : .failed, value: value, found: found, evidence: evidence,
            sources: sources)
    }

    private func figure(_ claim: Claim, _ digest: Digest) throws -> ClaimOutcome {
        guard case .place(let action, let output, _) = claim.measure else {
            throw ClaimFailure(reason: "a figure is named by from: ACTION/OUTPUT")
        }
        let place = try input(action, output)
        let found = results.inputs[place].digest
        return ClaimOutcome(
            found == digest ? .held : .failed, found: found.hex, sources: [place])
    }

    private func compared(_ claim: Claim, _ value: JSON, _ series: Series) throws -> ClaimOutcome {
        let (evidence, shown) = try evidence(claim, series)
        let sources = Set(series.sources).union(shown).sorted()
        func outcome(_ verdict: ClaimOutcome.Verdict, _ value: JSON, _ found: String)
            -> ClaimOutcome
        {
            ClaimOutcome(
                verdict, value: value, found: found, evidence: evidence, sources: sources)
        }
        if case .text(let text) = claim.expectation {
            let found = value.text ?? value.canonicalText
            return outcome(found.isSameText(as: text) ? .held : .failed, value, found)
        }
        guard let number = value.double else {
            throw ClaimFailure(
                reason: "expected a number there, found \(value.canonicalText.prefix(60))")
        }
        let scaled = number * claim.scale
        let text = ResultFormat.plain.text(
            Series.Row(labels: [:], value: .number(scaled), sources: []))
        switch claim.expectation {
        case .number(let written, let tolerance):
            let holds =
                tolerance.map { (scaled - written.value).magnitude <= $0 }
                ?? written.isRounding(of: scaled)
            return outcome(holds ? .held : .failed, .number(scaled), written.writing(scaled))
        case .window(let low, let high):
            let holds =
                (low?.value ?? -.infinity) <= scaled && scaled <= (high?.value ?? .infinity)
            let like = high ?? low
            return outcome(
                holds ? .held : .failed, .number(scaled), like?.writing(scaled) ?? text)
        default: return outcome(.told, .number(scaled), text)
        }
    }

    // MARK: Values

    private func measured(_ measure: Claim.Measure, _ claim: Claim) throws -> Series {
        switch measure {
        case .expression(let text): return try value(text, claim)
        case .place(let action, let output, let spot):
            let place = try input(action, output)
            return Series(try value(at: spot, place), from: [place])
        }
    }

    private func value(at spot: Claim.Spot, _ place: Int) throws -> JSON {
        let bytes = try results.inputs[place].bytes()
        switch spot {
        case .whole: return .null
        case .path(let path):
            do {
                return try path.value(in: JSON(parsing: bytes))
            } catch let error as JSONError {
                throw ClaimFailure(reason: "the output is no JSON document: \(error)")
            }
        case .cell(let row, let column):
            return try Table(csv: bytes).cell(inRowWith: row, column: column)
        case .count(let row, let column):
            return .number(Double(try Table(csv: bytes).count(ofRowsWith: row, column: column)))
        }
    }

    /// The place of the output that a claim names.
    private func input(_ action: String, _ output: String?) throws -> Int {
        let own = results.inputs.indices.filter {
            results.inputs[$0].producer.isSameText(as: action)
        }
        guard
            let place = output.map({ name in own.first { results.inputs[$0].output == name } })
                ?? own.first
        else {
            throw ClaimFailure(
                reason: own.isEmpty
                    ? "there is no result of \(action)"
                    : "the action has no output \(output ?? "")")
        }
        return place
    }

    private func value(_ text: ClaimText, _ claim: Claim) throws -> Series {
        let series: Series
        do {
            series = try ResultExpression(text.text, about: results).value(in: results)
        } catch let error as ResultError {
            throw failure(claim, text, "\(error)")
        }
        guard series.rows.count <= 1 else {
            throw failure(
                claim, text,
                "expected one value, found \(series.rows.count) over "
                    + "\(series.axes.joined(separator: ", ")); take them together by median(…), max(…), "
                    + "all(…), or choose one by conditions in brackets")
        }
        return series
    }

    private func evidence(_ claim: Claim, _ series: Series?) throws -> (
        [ClaimOutcome.Piece], [Int]
    ) {
        if let shows = claim.shows { return try shown(shows, claim) }
        guard let series, let row = series.rows.first else { return ([], []) }
        var scaled = row
        if let number = row.value.double { scaled.value = .number(number * claim.scale) }
        return ([.init(ResultFormat.plain.text(scaled), from: series.sources)], series.sources)
    }

    private func shown(_ shows: ClaimText, _ claim: Claim) throws -> ([ClaimOutcome.Piece], [Int]) {
        do {
            var pieces: [ClaimOutcome.Piece] = []
            for piece in try ResultTemplate(shows.text, about: results).pieces {
                switch piece {
                case .text(let text): pieces.append(.init(text))
                case .value(let expression, let format):
                    let series = try expression.value(in: results)
                    pieces.append(
                        .init(ResultTemplate.text(series, format), from: series.sources))
                }
            }
            return (pieces, Set(pieces.flatMap { $0.sources }).sorted())
        } catch let error as ResultError {
            throw failure(claim, shows, "\(error)")
        }
    }

    private func failure(_ claim: Claim, _ text: ClaimText, _ message: String) -> ClaimFailure {
        ClaimFailure(
            reason: "claim `\(claim.name)`, line \(text.line): \(message)\n  in: \(text.text)")
    }
}

extension Table {
    /// The cell of the only row whose columns have these values.
    ///
    /// - Throws: ``FormatError`` where there is no such column, or not one such row.
    func cell(inRowWith values: [String: JSON], column: String) throws(FormatError) -> JSON {
        let found = try rows(with: values, column)
        guard found.rows.count == 1, let value = found[column: column]?.first else {
            throw FormatError(
                "expected one row with \(JSON.object(values).canonicalText), found "
                    + "\(found.rows.count) of \(rows.count)")
        }
        return value
    }

    /// How many rows have these values, and something in the column.
    ///
    /// - Throws: ``FormatError`` where there is no such column.
    func count(ofRowsWith values: [String: JSON], column: String) throws(FormatError) -> Int {
        let found = try rows(with: values, column)
        return (found[column: column] ?? []).count { $0 != .null && $0 != "" }
    }

    private func rows(with values: [String: JSON], _ column: String) throws(FormatError) -> Table {
        for name in JSON.sorted(values.keys) + [column] where !columns.contains(name) {
            throw FormatError(
                "expected a column `\(name)`, found \(columns.joined(separator: ", "))")
        }
        return filtered(values)
    }
}
