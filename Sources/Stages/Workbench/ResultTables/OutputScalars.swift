import Canon
import Experiment

/// The numbers, texts and truth values of one output, each by its path.
struct OutputScalars: Sendable {
    /// The values by their names, in the order of the document; members of objects are sorted by name.
    private(set) var values: [(name: String, value: JSON)] = []
    /// The names of lists, and of texts that are no cell's.
    private(set) var leftOut: [String] = []

    /// The names of what few ask of a law: all but parameters, intervals, points and goodness of fit.
    private(set) var details: Set<String> = []

    /// What else a table of laws begins with.
    private static let ofLaws: Set<String> = [
        "data.excluded", "form", "heldOut.logError", "heldOut.points", "interval", "logError",
        "points",
        "residuals.scale",
    ]

    /// Whether a member of a law is told at first sight.
    private static func isMain(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        let isEstimate =
            parts.count == 3 && ["parameters", "derived"].contains(parts[0])
            && ["value", "low", "high"].contains(parts[2])
        return isEstimate || ofLaws.contains(name)
    }

    /// The most bytes of a text in a cell.
    private static let longest = 200

    /// Whether an output of this file name may hold such values.
    static func mayHold(_ fileName: String) -> Bool {
        let ending = fileName.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let readable = ["json", "csv", "tsv", "jsonl", "out", "txt"]
        return !fileName.contains(".") || readable.contains(ending)
    }

    /// Reads an output: the members of a JSON object, or the columns of a table of one row.
    ///
    /// - Throws: errors of reading it; a file that is neither gives nothing.
    init(_ input: StageInput) throws {
        let bytes = try input.bytes()
        guard !PlotDocument.isOne(bytes) else {
            leftOut.append(input.output)
            return
        }
        if let document = try? JSON(parsing: bytes) {
            collect(document, input.output)
            if document["format"] == "bitlaw/law/1" {
                details = Set(values.map { $0.name }.filter { !OutputScalars.isMain($0) })
            }
            return
        }
        let table = try? ForeignTable(bytes, from: input.producer).whole(from: input.producer)
        if let table, table.rows.count == 1 {
            values = zip(table.columns, table.rows[0]).map { ($0, $1) }
        } else {
            leftOut.append(input.output)
        }
    }

    private mutating func collect(_ document: JSON, _ output: String) {
        guard let members = document.members else {
            if document.isScalar {
                values.append((output.isEmpty ? "value" : output, document))
            } else {
                leftOut.append(output)
            }
            return
        }
        add(members, "")
    }

    private mutating func add(_ members: [String: JSON], _ lead: String) {
        for name in JSON.sorted(members.keys) {
            let value = members[name] ?? .null
            if let inner = value.members {
                add(inner, "\(lead)\(name).")
            } else if value.elements != nil
                || (value.text?.utf8.count ?? 0) > OutputScalars.longest
            {
                leftOut.append(lead + name)
            } else {
                values.append((lead + name, value))
            }
        }
    }
}
