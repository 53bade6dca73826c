/// A named output of a kind: one file, or a folder, stored by its content.
///
/// ```swift
/// let walk = OutputPort("walk", fileName: "walk.csv", "step, x, y.")
/// let page = OutputPort("report", fileName: "report.html", role: .page, "The page.")
/// ```
public struct OutputPort: Sendable {
    /// The name in `stage/output`, such as `weights`.
    public let name: String
    /// The file or folder that `export` writes, such as `weights.safetensors` or `figures`.
    ///
    /// The extension of a file is its format.
    public let fileName: String
    /// What a person does with it.
    public let role: OutputRole
    /// Whether it is a folder: a tree, whose files are blobs of their own.
    public let isTree: Bool
    /// One sentence.
    public let summary: String

    /// Describes an output; a `fileName` that ends in `/` is that of a folder.
    public init(_ name: String, fileName: String, role: OutputRole = .data, _ summary: String) {
        self.name = name
        isTree = fileName.hasSuffix("/")
        self.fileName = isTree ? String(fileName.dropLast()) : fileName
        self.role = role
        self.summary = summary
    }
}

/// What an output is to the person who runs the experiment.
public enum OutputRole: String, Sendable, Equatable {
    /// Something for other stages and programs: arrays, tables, weights.
    case data
    /// A page to look at: `run` and `report` put it where a browser opens it, a bundle has it on top.
    case page
    /// How claims came out: `run` ends with those that did not hold.
    case claims
    /// A fitted law: `run` ends with its formula.
    case law
    /// How compute is best spent: `run` ends with its exponents.
    case allocation
    /// Which runs come next: `run` ends with what they cost and bring.
    case design
}
