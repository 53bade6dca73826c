import Canon
import Experiment

/// The text of the page: Markdown with placings, as an author would write it.
extension AutomaticPage {
    /// How many laws and other documents that tell themselves are placed for a stage.
    private static let mostDocuments = 24
    /// How many columns and rows a table of results has.
    private static let most = (columns: 8, rows: 40)
    /// Of how many actions the names of values are taken.
    private static let mostLookedAt = 200

    mutating func text() throws -> String {
        let title = JSON.string(AutomaticPage.line(experiment)).canonicalText
        var parts = [
            "---\ntitle: \(title)\nsubtitle: made from its results by bitlaw report\n---"
        ]
        if !warnings.isEmpty {
            parts.append("## Warnings")
            parts.append(AutomaticPage.list(warnings))
        }
        let pictures = pictures()
        if let story = AutomaticPage.story(pictures) { parts += ["## In one picture", story] }
        parts += try laws(pictures)
        parts += tables()
        let rest = pictures.map { $0.placing }.filter { !parts.contains($0) }
        if !rest.isEmpty { parts += ["## Pictures"] + rest }
        parts.append("## How it was made")
        parts.append(
            "{figure: \(own)/graph; caption: Stages and what they read, and how many actions}")
        parts.append(
            "{table: \(own)/stages; columns: stage, kind, axes, actions, done, failed, seconds; "
                + "limit: 200}")
        parts.append(
            AutomaticPage.list(facts.map { "\($0.name): \($0.value)" }))
        if outputs.count > 0 {
            parts.append("### Digests")
            parts.append("{table: \(own)/outputs; columns: action, output, digest; limit: 200}")
        }
        if outputs.count > AutomaticPage.mostDigests {
            notShown.append(
                "\(GroupedDigits.text(outputs.count - AutomaticPage.mostDigests)) more digests: "
                    + "bitlaw lock lists all.")
        }
        if !notShown.isEmpty {
            parts.append("## What this page does not show")
            parts.append(AutomaticPage.list(notShown))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    // MARK: Laws

    private mutating func laws(_ pictures: [Picture]) throws -> [String] {
        var laws: [String] = []
        var others: [String] = []
        for stage in stages {
            for name in results.outputs(of: stage.name) where AutomaticPage.isWord(name) {
                let places = results.inputs(of: stage.name, output: name)
                let documents = places.compactMap { try? results.document($0) }
                let known = ["bitlaw/allocation/1", "bitlaw/design/1"]
                let isLaw = documents.contains { $0["format"] == "bitlaw/law/1" }
                let tells = documents.contains {
                    known.contains($0["format"]?.text ?? "") || $0["summary"]?.text != nil
                }
                guard isLaw || tells else { continue }
                if places.count > AutomaticPage.mostDocuments {
                    notShown.append(
                        "The \(places.count) documents of \(stage.name) in a line each: their "
                            + "table has the first ones.")
                } else if isLaw {
                    laws += AutomaticPage.ofLaw(pictures, stage.name).map { $0.placing }
                    laws.append("{law: \(stage.name)/\(name)}")
                } else {
                    others.append("{results: \(stage.name)/\(name)}")
                }
            }
        }
        return (laws.isEmpty ? [] : ["## Laws"] + laws)
            + (others.isEmpty ? [] : ["## Findings"] + others)
    }

    // MARK: Tables

    private mutating func tables() -> [String] {
        let all = stages.flatMap { table(of: $0) }
        return all.isEmpty ? [] : ["## Results"] + all
    }

    /// A table of the numbers of a stage, or the first rows of its tables.
    private mutating func table(of stage: StageSummary) -> [String] {
        var columns: [(title: String, source: String, spread: Int, count: Int)] = []
        var unnamed = 0
        for output in results.outputs(of: stage.name) where AutomaticPage.isWord(output) {
            if stage.axes.isEmpty && tellsItself(stage.name, output) { continue }
            var values: [String: Set<JSON>] = [:]
            var counts: [String: Int] = [:]
            var order: [String] = []
            for place in results.inputs(of: stage.name, output: output)
                .prefix(AutomaticPage.mostLookedAt)
            {
                guard let scalars = try? OutputScalars(results.inputs[place]) else { continue }
                for (name, value) in scalars.values where value.double != nil {
                    if counts[name] == nil { order.append(name) }
                    counts[name, default: 0] += 1
                    values[name, default: []].insert(value)
                }
            }
            // Of a law its parameters: the rest of the document tells how they were found.
            let isLaw = tellsItself(stage.name, output) && order.contains(where: isParameter)
            for name in order where !isLaw || isParameter(name) {
                guard let member = AutomaticPage.member(name) else {
                    unnamed += 1
                    continue
                }
                let title = isLaw ? AutomaticPage.parameter(name) : name
                let repeats = columns.contains { $0.title == title }
                columns.append(
                    (
                        repeats ? "\(output).\(title)" : title,
                        "\(stage.name)/\(output)\(member)", values[name]?.count ?? 0,
                        counts[name] ?? 0
                    ))
            }
        }
        if columns.isEmpty { return rows(of: stage) }
        return numbers(of: stage, columns, unnamed)
    }

    private func isParameter(_ name: String) -> Bool {
        name.hasPrefix("parameters.") && name.hasSuffix(".value")
    }

    /// What a law calls the parameter of a path.
    private static func parameter(_ path: String) -> String {
        String(path.dropFirst("parameters.".count).dropLast(".value".count))
    }

    /// Whether a document of an output is placed in a line of its own.
    private func tellsItself(_ stage: String, _ output: String) -> Bool {
        let places = results.inputs(of: stage, output: output)
        guard places.count <= AutomaticPage.mostDocuments else { return false }
        return places.contains { place in
            guard let document = try? results.document(place) else { return false }
            return document["format"]?.text.map(AutomaticPage.told.contains) ?? false
                || document["summary"]?.text != nil
        }
    }

    /// The formats of documents that a page tells in a line.
    private static let told = ["bitlaw/law/1", "bitlaw/allocation/1", "bitlaw/design/1"]

    private mutating func numbers(
        of stage: StageSummary,
        _ columns: [(title: String, source: String, spread: Int, count: Int)], _ unnamed: Int
    ) -> [String] {
        let over = stage.replicates.isEmpty ? "" : ", " + stage.replicates.joined(separator: ", ")
        func source(_ text: String) -> String { over.isEmpty ? text : "median(\(text)\(over))" }
        let works = columns.filter { column in
            let series = try? ResultExpression(source(column.source), about: results)
                .value(in: results)
            return series?.rows.isEmpty == false
        }
        // What varies says more than what does not; of equals the first.
        let ordered =
            works.filter { $0.spread > 1 || $0.count == 1 }
            + works.filter { !($0.spread > 1 || $0.count == 1) }
        let shown = ordered.prefix(AutomaticPage.most.columns)
        guard let base = shown.max(by: { $0.count < $1.count }) else { return rows(of: stage) }
        let rest = columns.count - shown.count + unnamed
        if rest > 0 {
            notShown.append(
                "\(counted(rest, "more number")) of \(stage.name): bitlaw table FILE \(stage.name)."
            )
        }
        let axes = stage.axes.filter { !stage.replicates.contains($0) }
        let cells = axes + shown.map { "\"\($0.title)\" = \(source($0.source))" }
        let what =
            stage.replicates.isEmpty
            ? "\(stage.name)"
            : "\(stage.name), medians over \(stage.replicates.joined(separator: ", "))"
        return [
            "{table: \(source(base.source)); columns: \(cells.joined(separator: ", ")); "
                + "limit: \(AutomaticPage.most.rows); caption: \"\(what)\"}"
        ]
    }

    /// The first rows of the tables of a stage that has no numbers of its own.
    private func rows(of stage: StageSummary) -> [String] {
        results.outputs(of: stage.name).compactMap { output -> String? in
            guard AutomaticPage.isWord(output) else { return nil }
            let places = results.inputs(of: stage.name, output: output)
            // Of a few actions alone: a table of thousands is no page's.
            guard places.count <= 12, let first = places.first,
                let document = try? results.document(first), document.elements != nil,
                let columns = results.tableColumns(first)
            else { return nil }
            let named = columns.filter { AutomaticPage.isPlain($0) }
                .prefix(AutomaticPage.most.columns)
            guard !named.isEmpty else { return nil }
            let axes = places.count > 1 ? stage.axes : []
            return "{table: \(stage.name)/\(output); columns: "
                + (axes + named).joined(separator: ", ")
                + "; limit: 10; caption: \"\(stage.name)/\(output), the first rows\"}"
        }
    }

    // MARK: Names of strangers

    /// Whether a reference may name an output so.
    static func isWord(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.properties.isAlphabetic && byte < 128
                    || "0123456789_-".unicodeScalars
                        .contains(scalar)
            }
    }

    /// Whether a name says nothing to a placing but itself.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 60
            && name.allSatisfy { character in
                character.isASCII
                    && (character.isLetter || character.isNumber || "_-. %/".contains(character))
            }
    }

    /// A path as steps of a reference; `nil` where a name is one that no placing can hold.
    private static func member(_ name: String) -> String? {
        guard isPlain(name) else { return nil }
        return name.split(separator: ".", omittingEmptySubsequences: false)
            .map { ".\"\($0)\"" }.joined()
    }

    /// A list of sentences.
    private static func list(_ sentences: [String]) -> String {
        sentences.map { "- \(escaped($0))" }.joined(separator: "\n")
    }

    /// A text on one line.
    static func line(_ text: String) -> String {
        String(
            text.map { character in
                character.isNewline || PageScanner.isReserved(character) ? " " : character
            })
    }

    /// Text that Markdown shows as it is: every mark becomes its number.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in line(text).unicodeScalars {
            let isPlain =
                scalar.value > 127 || scalar.properties.isAlphabetic
                || (48...57).contains(scalar.value) || scalar == " "
            if isPlain { out.unicodeScalars.append(scalar) } else { out += "&#\(scalar.value);" }
        }
        return out
    }
}
