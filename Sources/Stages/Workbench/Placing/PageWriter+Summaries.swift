import Canon
import Experiment

/// `{law: law[k=1]}` and `{results: allocation}`: documents that tell themselves in a line.
extension PageWriter {
    /// Places each document's line with its warnings; of a law also what a reader should ask of it.
    mutating func summaries(_ placing: Placing, isLaw: Bool) throws {
        let places: [Int]
        if placing.value.text.isEmpty {
            places = results.inputs.indices.filter {
                line(of: $0) != nil && self.isLaw($0) == isLaw
            }
        } else {
            let what = isLaw ? "a fitted law" : "a law, an allocation, a design or a chain of laws"
            places = try selected(placing, what) { isLaw ? self.isLaw($0) : line(of: $0) != nil }
        }
        if places.isEmpty { page.paragraph("<em>This run has no such result.</em>") }
        for place in places { try summary(place) }
    }

    private func isLaw(_ place: Int) -> Bool {
        (try? results.document(place))?["format"] == "bitlaw/law/1"
    }

    private func line(of place: Int) -> String? {
        guard let json = try? results.document(place) else { return nil }
        switch json["format"]?.text {
        case "bitlaw/law/1": return LawSummary.text(json)
        case "bitlaw/allocation/1": return AllocationSummary.text(json)
        case "bitlaw/design/1": return DesignSummary.text(json)
        default: return json["summary"]?.text
        }
    }

    private mutating func summary(_ place: Int) throws {
        let json = try results.document(place)
        let coordinates = coordinates(of: place)
        let name = results.inputs[place].stage + (coordinates.isEmpty ? "" : ", \(coordinates)")
        page.paragraph(
            "<strong>\(Markup.escape(name)):</strong> "
                + lineHTML(line(of: place) ?? "", from: place))
        let warnings = (json["warnings"]?.elements ?? []).compactMap { $0.text }
        for warning in ShownWarnings.lines(warnings, in: "its JSON document") {
            page.paragraph("⚠ \(Markup.setFormula(warning))")
        }
        let moved = (json["influence"]?.elements ?? []).compactMap { row -> String? in
            guard let name = row["parameter"]?.text, let left = row["leftOut"]?.text,
                let shift = row["standardErrors"]?.double
            else { return nil }
            return "\(name) by \(Markup.significant(shift)) standard errors (\(left))"
        }
        if !moved.isEmpty {
            page.paragraph(
                "What moves most when one is left out: "
                    + Markup.setFormula(moved.joined(separator: "; ")) + ".")
        }
        self.checklist(json["checklist"]?.elements ?? [])
    }

    /// A law's line, formula and parameters apart, that links to the output it was read from.
    private mutating func lineHTML(_ text: String, from place: Int) -> String {
        let parts = text.split(separator: "   ", omittingEmptySubsequences: true)
        let html = parts.map { Markup.setFormula(String($0)) }.joined(separator: " &emsp;")
        return page.link(html, from: [results.inputs[place]])
    }

    /// What a reader should ask of a law, with the answers; questions without an answer stand together.
    private mutating func checklist(_ entries: [JSON]) {
        if entries.isEmpty { return }
        func question(_ entry: JSON) -> String { Markup.escape(entry["question"]?.text ?? "") }
        var lines = entries.filter { $0["answer"] != "not stated" }.map {
            "<em>\(question($0))</em>: \(Markup.setFormula($0["answer"]?.text ?? ""))"
        }
        let open = entries.filter { $0["answer"] == "not stated" }.map(question)
        if !open.isEmpty { lines.append("<em>not stated</em>: \(open.joined(separator: "; "))") }
        page.add("<p class=\"checklist\">\(lines.joined(separator: "<br>"))</p>\n")
    }
}
