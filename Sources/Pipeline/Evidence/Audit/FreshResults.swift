import Canon
import LocalStore
import System

/// The results that stand in an audit's fresh store: by them one finds those that its engine did not make.
struct FreshResults {
    /// A file of a result.
    private struct File: Hashable {
        let key: Digest
        /// What the file says; `nil` for what is no file that could be a result.
        let bytes: Digest?
    }

    /// The files, and what those that are results say.
    private let files: [File: ActionResult?]

    /// Looks at what stands there now.
    init(_ store: Store) throws {
        var files: [File: ActionResult?] = [:]
        let folder = "\(store.path)/actions"
        for shard in try namesInFolder(folder) {
            for name in try namesInFolder("\(folder)/\(shard)") {
                guard let key = try? Digest(hex: shard + name.prefix(62)) else { continue }
                let bytes = try? readWholeFile(
                    "\(folder)/\(shard)/\(name)", limit: 4 << 20, followingLinks: false)
                let json = bytes.flatMap { try? JSON(parsing: $0) }
                let result: ActionResult? = json.flatMap { try? ActionResult(json: $0, key: key) }
                files.updateValue(
                    result, forKey: File(key: key, bytes: bytes.map { Digest(of: $0.span) }))
            }
        }
        self.files = files
    }

    /// Whether there is none.
    var isEmpty: Bool { files.isEmpty }

    /// The keys of results that came since `before`, and that are not as the audit wrote them.
    func planted(since before: FreshResults, own: [Digest: ActionResult]) -> [Digest] {
        let strange = files.filter { file, result in
            before.files[file] == nil
                && (result == nil || result?.marked([]) != own[file.key]?.marked([]))
        }
        return Set(strange.keys.map { $0.key }).sorted()
    }
}
