import Canon
import Experiment

/// `{claims: rate*}`, `{claim: rate}`, `{claims: published*; as: table}`.
extension PageWriter {
    /// Judges claims and places them, one block each or as a table.
    mutating func claims(_ placing: Placing) throws {
        let layouts = ["blocks", "table", "verdicts"]
        let layout = placing["as"] ?? Placing.Part(text: "blocks", offset: 0)
        guard layouts.contains(layout.text) else {
            throw ResultError(
                "no layout is called `\(layout.text)`", at: layout.offset,
                ["expected: \(layouts.joined(separator: ", "))"]
                    + nearest(layout.text, among: layouts))
        }
        if layout.text == "verdicts" { return try verdicts(placing) }
        let first = judged.count
        for part in Placing.split(Array(placing.value.text), at: placing.value.offset, ",") {
            for (claim, path) in try claims.named(part) {
                guard !judged.contains(where: { $0.claim.name == claim.name }) else {
                    throw ResultError(
                        "the claim `\(claim.name)` is placed twice", at: part.offset,
                        ["expected: once on the page"])
                }
                judged.append((claim, try outcome(claim, of: path, at: part.offset)))
            }
        }
        let placed = first..<judged.count
        if layout.text == "table" { table(placed) } else { for place in placed { block(place) } }
        if placed.count > 1 { page.paragraph(summary(placed)) }
    }

    /// All claims at a glance, which are placed elsewhere.
    private mutating func verdicts(_ placing: Placing) throws {
        var rows: [[String]] = []
        for part in Placing.split(Array(placing.value.text), at: placing.value.offset, ",") {
            for (claim, path) in try claims.named(part) {
                let outcome = try outcome(claim, of: path, at: part.offset)
                rows.append([
                    PageWriter.phrase(of: claim),
                    basis(claim), verdict(outcome).badge,
                ])
            }
        }
        page.table(["claim", "basis", "verdict"], rows, className: "cards")
    }

    private func outcome(_ claim: Claim, of path: String, at offset: Int) throws -> ClaimOutcome {
        do { return try outcome(claim) } catch let failure as ClaimFailure {
            throw ResultError(
                "the claim cannot be judged by what the page is given", at: offset,
                ["\(path):\(claim.line): \(failure.reason)"])
        }
    }

    private func outcome(_ claim: Claim) throws -> ClaimOutcome {
        let outcome = try ClaimJudge(results).judge(claim)
        if isJudged || outcome.verdict == .told { return outcome }
        return ClaimOutcome(
            .told, value: outcome.value, found: outcome.found, evidence: outcome.evidence,
            reason: "not judged at this size", sources: outcome.sources)
    }

    private func verdict(_ outcome: ClaimOutcome) -> Verdict {
        Verdict(rawValue: outcome.verdict.rawValue) ?? .told
    }

    private mutating func block(_ place: Int) {
        let (claim, outcome) = judged[place]
        var html = measured(outcome)
        if !claim.source.isEmpty || claim.basis != nil {
            html += "</p><p class=\"test\">Basis: \(basis(claim))."
        }
        page.claim(
            place + 1,
            TestedClaim(
                statement: claim.statement.isEmpty ? claim.name : claim.statement,
                test: claim.expectation == nil
                    ? "reported"
                    : claim.test.isEmpty
                        ? claim.printed : claim.test,
                verdict: verdict(outcome), evidence: html))
    }

    /// What was measured, and why it was not judged, as markup.
    private mutating func measured(_ outcome: ClaimOutcome) -> String {
        var html = ""
        var absent: [String] = []
        for piece in outcome.evidence {
            if let why = ResultTemplate.absence(piece.text) {
                html += "–"
                if !absent.contains(why) { absent.append(why) }
                continue
            }
            html +=
                piece.sources.isEmpty
                ? Markup.set(piece.text) : number(piece.text, from: piece.sources)
        }
        // A dash stands for each value that is missing; why is told once.
        if !absent.isEmpty { html += " (–: \(Markup.set(absent.joined(separator: "; "))))" }
        if html.isEmpty, let found = outcome.found { html = number(found, from: outcome.sources) }
        if let reason = outcome.reason {
            let first = reason.prefix(1).uppercased()
            // What was measured ends as its writer ended it.
            let end = outcome.evidence.last?.text.last ?? "0"
            html += html.isEmpty ? "" : ".!?;:".contains(end) ? " " : ". "
            html += Markup.set("\(first)\(reason.dropFirst()).")
        }
        return html
    }

    private func basis(_ claim: Claim) -> String {
        let ground: String? =
            switch claim.basis {
            case .paper: "the work says so"
            case .code: "its published code does so"
            case .theory: "it follows from mathematics"
            case .ours: "our expectation"
            case nil: nil
            }
        let parts = [ground, claim.source.isEmpty ? nil : claim.source].compactMap { $0 }
        return Markup.set(parts.joined(separator: ", "))
    }

    // MARK: Numbers beside each other

    private mutating func table(_ places: Range<Int>) {
        var rows: [[String]] = []
        for place in places {
            let (claim, outcome) = judged[place]
            let ours = outcome.value?.double
            rows.append([
                PageWriter.phrase(of: claim),
                Markup.set(claim.source), Markup.set(PageWriter.claimed(claim)),
                ours.map { number(Markup.significant($0, 7), from: outcome.sources) }
                    ?? measured(outcome),
                Markup.set(PageWriter.difference(claim, ours)), verdict(outcome).badge,
            ])
        }
        let header = ["claim", "source", "claimed", "measured", "difference", "verdict"]
        // What none of the claims has is no column.
        let shown = header.indices.filter { place in rows.contains { !$0[place].isEmpty } }
        page.table(
            shown.map { header[$0] }, rows.map { row in shown.map { row[$0] } },
            className: "cards")
    }

    private static func difference(_ claim: Claim, _ ours: Double?) -> String {
        guard case .number(let claimed, _) = claim.expectation, let ours else { return "" }
        if claimed.value == 0 { return Markup.significant(ours) }
        let percent = 100 * (ours - claimed.value) / claimed.value.magnitude
        if percent != 0 && percent.magnitude < 0.001 { return "below 0.001\u{A0}%" }
        return Markup.significant(percent, 2) + "\u{A0}%"
    }

    /// What is claimed, with the sign that the numbers beside it have.
    private static func claimed(_ claim: Claim) -> String {
        claim.printed.hasPrefix("-") ? "−\(claim.printed.dropFirst())" : claim.printed
    }

    private func summary(_ places: Range<Int>) -> String {
        func numbers(_ verdict: ClaimOutcome.Verdict) -> [String] {
            places.filter { judged[$0].outcome.verdict == verdict }.map { "\($0 + 1)" }
        }
        let (held, failed, told) = (numbers(.held), numbers(.failed), numbers(.told))
        if held.isEmpty && failed.isEmpty {
            return "None of these \(places.count) claims is judged."
        }
        return "\(held.count) of \(places.count) claims held"
            + (failed.isEmpty ? "" : "; did not hold: \(failed.joined(separator: ", "))")
            + (told.isEmpty ? "" : "; not judged: \(told.joined(separator: ", "))") + "."
    }

    /// Tells which claims of the files stand nowhere on the page.
    mutating func notePlaced() {
        let placed = Set(judged.map { $0.claim.name })
        let rest = claims.all.map { $0.claim }.filter { !placed.contains($0.name) }
        guard !rest.isEmpty else { return }
        page.add(
            "<details class=\"checklist\"><summary>\(counted(rest.count, "claim")) of the file that "
                + "this page does not place; <code>bitlaw claims check</code> judges all</summary><ul>\n"
        )
        for claim in rest { page.add("<li>\(PageWriter.phrase(of: claim))</li>\n") }
        page.add("</ul></details>\n")
    }

    /// What is claimed as markup, without the stop of a sentence: it stands in a list or a table.
    private static func phrase(of claim: Claim) -> String {
        let text = words(of: claim)
        return Markup.setFormula(text.hasSuffix(".") ? String(text.dropLast()) : text)
    }

    /// What is claimed; of a claim without a statement its name as words.
    private static func words(of claim: Claim) -> String {
        claim.statement.isEmpty
            ? claim.name.split(separator: "-").joined(separator: " ") : claim.statement
    }

    /// A claim for programs.
    func json(_ claim: Claim, _ outcome: ClaimOutcome) -> JSON {
        let told = outcome.evidence.map { $0.text }.joined()
        return [
            "name": .string(claim.name), "statement": .string(claim.statement),
            "test": .string(claim.test),
            "basis": claim.basis.map { .string($0.rawValue) } ?? .null,
            "source": .string(claim.source), "expected": .string(claim.printed),
            "measured": .string(told.isEmpty ? outcome.found ?? "" : told),
            "value": outcome.value ?? .null,
            "verdict": .string(outcome.verdict.rawValue),
            "reason": outcome.reason.map { .string($0) } ?? .null,
            "from": .array(
                outcome.sources.map { place in
                    let input = results.inputs[place]
                    return [
                        "action": .string(input.producer), "output": .string(input.output),
                        "digest": .string(input.digest.hex),
                    ]
                }),
        ]
    }
}
