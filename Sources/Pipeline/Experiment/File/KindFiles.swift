import Canon

/// The kinds that files of a project describe, read as stages name them.
final class KindFiles {
    private let diagnostics: Diagnostics
    private let read: (String) throws -> [UInt8]?
    private var known: [ExactText: KindFile?] = [:]
    /// The files that were read, by their paths below the project.
    private(set) var sources: [ExperimentSource.Include] = []
    /// The names that files of the project describe.
    let all: [String]
    private let names: Set<ExactText>

    /// Reads files by a function that takes their paths below the project; `nil` is for no such file.
    init(
        diagnostics: Diagnostics, names: [String] = [],
        read: @escaping (String) throws -> [UInt8]?
    ) {
        self.diagnostics = diagnostics
        self.read = read
        all = names
        self.names = Set(names.map { ExactText($0) })
    }

    /// What is found for a name.
    struct Found {
        /// The kind; `nil` after a mistake, which is told.
        var file: KindFile?
        /// Whether a file describes it.
        var isThere = false
    }

    /// Whether a file of the project describes a kind of a name.
    func describes(_ name: String) -> Bool { names.contains(ExactText(name)) }

    /// The kind of a name, as it stands at a place of the experiment.
    func kind(_ name: String, namedAt place: Place) -> Found {
        if let found = known[ExactText(name)] { return Found(file: found, isThere: true) }
        guard isSafeName(name) else { return Found() }
        let path = KindFile.path(of: name)
        let bytes: [UInt8]
        do {
            guard let found = try read(path) else { return Found() }
            bytes = found
        } catch {
            diagnostics.add("the file \(path) of this kind cannot be read", place, ["\(error)"])
            known[ExactText(name)] = .some(nil)
            return Found(isThere: true)
        }
        sources.append(ExperimentSource.Include(path: path, digest: Digest(of: bytes.span)))
        let file = YAMLReader.tree(path, bytes, diagnostics).flatMap {
            KindFileReader(name: name, diagnostics: diagnostics).read($0)
        }
        known[ExactText(name)] = .some(file)
        return Found(file: file, isThere: true)
    }
}
