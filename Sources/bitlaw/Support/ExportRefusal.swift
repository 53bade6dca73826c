import Canon

/// Files that Bitlaw did not write, where it was to write: nothing was written.
struct ExportRefusal: Error {
    /// One such file, and what is the matter with it.
    struct Standing {
        let path: String
        let reason: String
    }

    let files: [Standing]
    /// Whether it was asked to replace them.
    let isForced: Bool

    /// What is the matter, and what to do.
    var text: String {
        var lines = files.prefix(10).map { "\($0.path): \($0.reason)" }
        if files.count > 10 { lines.append("and \(counted(files.count - 10, "more file"))") }
        lines.append("nothing was written, so that nothing of yours is lost")
        let force = isForced ? "" : ", or replace with --force"
        lines.append("  fix: move what stands there, name another folder with --to\(force)")
        return lines.joined(separator: "\n")
    }
}
