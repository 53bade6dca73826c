import Canon

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

    /// A file that is not there.
    package static func noSuchFile(_ path: String, expected: String) -> ExperimentError {
        at(path, "no such file", ["expected: \(expected)"])
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
