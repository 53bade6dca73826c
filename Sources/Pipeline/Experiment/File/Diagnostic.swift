import Canon

/// What is to be said of a place in an experiment file: what was found, what is allowed.
package struct Diagnostic: Sendable, Equatable {
    /// How bad it is.
    package enum Severity: String, Sendable {
        /// The file cannot be used.
        case error
        /// The file can be used; a person should know what it does.
        case warning
    }

    /// How bad it is.
    package let severity: Severity
    /// The file.
    package let path: String
    /// Where; `nil` for the file as a whole.
    package let place: Place?
    /// What was found.
    package let message: String
    /// The line that it stands in.
    package let source: String?
    /// What is allowed, what to do, the nearest spelling: one line each.
    package let notes: [String]

    /// Names a place in a text, and what is to be said of it.
    package init(
        _ message: String, at place: Place?, in source: SourceText, notes: [String] = [],
        severity: Severity = .error
    ) {
        self.severity = severity
        path = source.path
        self.place = place
        self.message = message
        self.notes = notes
        if let place, place.line >= 1, place.line <= source.lines.count {
            self.source = String(source.lines[place.line - 1])
        } else {
            self.source = nil
        }
    }

    /// The text for people: `file:line:column: error: …`, the line, a caret, the notes.
    package var text: String {
        var text = path
        if let place { text += ":\(place.line):\(place.column)" }
        text += ": \(severity.rawValue): \(message)"
        if let place, let source {
            let number = String(place.line)
            let margin = String(repeating: " ", count: max(0, 5 - number.count)) + number
            let shown = source.count > 160 ? source.prefix(157) + "..." : source[...]
            text += "\n\(margin) | \(shown)"
            if place.column <= shown.count + 1 {
                let lead = source.prefix(place.column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
                let room = max(1, min(place.length, shown.count - place.column + 1))
                let line = String(repeating: "~", count: room - 1)
                text += "\n      | \(lead)^\(line)"
            }
        }
        for note in notes { text += "\n  \(note)" }
        return text
    }
}
