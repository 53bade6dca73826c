/// What `file:` may stand for at a place in the file.
struct FileForm: Hashable {
    /// Whether several files may stand there: those of a folder, or of a pattern.
    let isMany: Bool
    /// Whether a folder is one thing, and not the files in it.
    let isWhole: Bool
    /// What is left out of folders, beside `.git` and `__pycache__`.
    let without: [String]
}
