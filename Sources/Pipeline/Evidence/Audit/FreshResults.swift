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

    private let files: Set<File>

    /// Looks at what stands there now.
    init(_ store: Store) throws {
        var files: Set<File> = []
        let folder = "\(store.path)/actions"
        for shard in try namesInFolder(folder) {
            for name in try namesInFolder("\(folder)/\(shard)") {
                guard let key = try? Digest(hex: shard + name.prefix(62)) else { continue }
                let bytes = try? readWholeFile(
                    "\(folder)/\(shard)/\(name)", limit: 4 << 20, followingLinks: false)
                files.insert(File(key: key, bytes: bytes.map { Digest(of: $0.span) }))
            }
        }
        self.files = files
    }

    /// Whether there is none.
    var isEmpty: Bool { files.isEmpty }

    /// The keys of results that came since `before`, and that are not as the audit wrote them.
    func planted(since before: FreshResults, own: [Digest: ActionResult]) -> [Digest] {
        let ours = own.mapValues { Digest(of: $0.json.canonical().span) }
        let strange = files.subtracting(before.files).filter {
            $0.bytes == nil || $0.bytes != ours[$0.key]
        }
        return Set(strange.map { $0.key }).sorted()
    }
}
