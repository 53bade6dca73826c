import Canon

/// A text file that diagnostics point into.
package struct SourceText: Sendable {
    /// The path, as the person gave it.
    package let path: String
    /// The lines, without their ends.
    package let lines: [Substring]

    /// Splits a text into lines.
    package init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}

/// A place in a text, counted from 1, in characters.
package struct Place: Sendable, Hashable {
    /// The line.
    package var line: Int
    /// The column.
    package var column: Int
    /// How many characters the caret underlines.
    package var length: Int

    /// Names a place.
    package init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = length
    }
}

/// A mistake in an experiment file: where, what was found, what is allowed.
package struct Diagnostic: Sendable, Equatable {
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

    /// Names a mistake in a text.
    package init(_ message: String, at place: Place?, in source: SourceText, notes: [String] = []) {
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
        text += ": error: \(message)"
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

/// An experiment file that cannot be used, with every mistake that was found in it.
package struct ExperimentError: Error, CustomStringConvertible {
    /// The mistakes, by line; at most 20.
    package let diagnostics: [Diagnostic]

    /// Collects mistakes.
    package init(_ diagnostics: [Diagnostic]) {
        let ordered = diagnostics.enumerated().sorted { left, right in
            let (a, b) = (left.element.place, right.element.place)
            return (a?.line ?? 0, a?.column ?? 0, left.offset)
                < (b?.line ?? 0, b?.column ?? 0, right.offset)
        }
        self.diagnostics = ordered.prefix(20).map { $0.element }
    }

    /// The mistakes, as the command line prints them.
    package var description: String { diagnostics.map { $0.text }.joined(separator: "\n") }
}
