import Canon

/// An experiment file that cannot be used, with every mistake that was found in it.
package struct ExperimentError: Error, CustomStringConvertible {
    /// The mistakes, by line; at most 20.
    package let diagnostics: [Diagnostic]

    /// Collects mistakes; one that several stages ran into is told once.
    package init(_ all: [Diagnostic]) {
        let diagnostics = all.enumerated().filter { number, one in
            !all[..<number].contains(one)
        }.map { $0.element }
        let ordered = diagnostics.enumerated().sorted { left, right in
            let (a, b) = (left.element.place, right.element.place)
            return (a?.line ?? 0, a?.column ?? 0, left.offset)
                < (b?.line ?? 0, b?.column ?? 0, right.offset)
        }
        self.diagnostics = ordered.prefix(20).map { $0.element }
    }

    /// A file that is not there; with the one that may be meant.
    package static func noSuchFile(_ path: String, expected: String) -> ExperimentError {
        var notes = ["expected: \(expected)"]
        if let nearest = MissingExperiment.nearest(path) {
            notes.append("did you mean `\(nearest)`?")
        }
        return at(path, "no such file", notes)
    }

    /// A mistake that is one of the whole file.
    static func at(_ path: String, _ message: String, _ notes: [String]) -> ExperimentError {
        ExperimentError([
            Diagnostic(message, at: nil, in: SourceText(path: path, text: ""), notes: notes)
        ])
    }

    /// The mistakes, as the command line prints them.
    package var description: String { diagnostics.map { $0.text }.joined(separator: "\n") }
}
