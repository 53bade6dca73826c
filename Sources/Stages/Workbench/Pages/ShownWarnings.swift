/// A document's warnings as they stand below its line: the gravest, and how many more the document has.
package enum ShownWarnings {
    /// So many are shown at most, and one more where it would be the only one left.
    package static let most = 5

    /// The lines to show of warnings that come gravest first; `file` names the file with all of them.
    package static func lines(_ warnings: [String], in file: String) -> [String] {
        guard warnings.count > most + 1 else { return warnings }
        return warnings.prefix(most) + ["and \(warnings.count - most) more in \(file)"]
    }
}
