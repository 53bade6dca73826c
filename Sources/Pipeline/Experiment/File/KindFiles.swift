import Canon

/// The kinds that files of a project describe, read as stages name them.
final class KindFiles {
    private let diagnostics: Diagnostics
    private let names: () -> [String]
    private let read: (String) throws -> [UInt8]?
    private var known: [String: KindFile?] = [:]
    /// The files that were read, by their paths below the project.
    private(set) var sources: [ExperimentSource.Include] = []

    /// Reads files by a function that takes their paths below the project; `nil` is for no such file.
    init(
        diagnostics: Diagnostics, names: @escaping () -> [String] = { [] },
        read: @escaping (String) throws -> [UInt8]?
    ) {
        self.diagnostics = diagnostics
        self.names = names
        self.read = read
    }

    /// What is found for a name.
    struct Found {
        /// The kind; `nil` after a mistake, which is told.
        var file: KindFile?
        /// Whether a file describes it.
        var isThere = false
    }

    /// The names that files of the project describe.
    var all: [String] { names() }

    /// The kind of a name.
    func kind(_ name: String) -> Found {
        if let found = known[name] { return Found(file: found, isThere: true) }
        guard isSafeName(name) else { return Found() }
        let path = KindFile.path(of: name)
        let bytes: [UInt8]
        do {
            guard let found = try read(path) else { return Found() }
            bytes = found
        } catch {
            diagnostics.add("the file \(path) cannot be read: \(error)", Place(line: 1, column: 1))
            return Found(isThere: true)
        }
        sources.append(ExperimentSource.Include(path: path, digest: Digest(of: bytes.span)))
        let file = YAMLReader.tree(path, bytes, diagnostics).flatMap {
            KindFileReader(name: name, diagnostics: diagnostics).read($0)
        }
        known[name] = .some(file)
        return Found(file: file, isThere: true)
    }
}
