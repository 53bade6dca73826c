import Canon
import System

extension StoreInspection {
    /// Reads results, and holds each against the blobs that it names, the description of its key and the
    /// outputs of its kind.
    mutating func readResults() {
        let (files, misplaced) = shardFiles("actions") { $0 == ".json" || Self.isConflict($0) }
        for file in misplaced { putBackResult(file) }
        for (key, name) in files {
            let path = "\(store.path)/actions/\(key.hex.prefix(2))/\(name)"
            var result: ActionResult?
            attempt(path) { result = try store.readResult(path, key: key, isOwn: true) }
            found.results += 1
            guard let result else { continue }
            if let reason = mistake(in: result) {
                attempt(path) { try store.setAside(path, reason: reason, isOwn: true) }
                continue
            }
            keys.insert(key)
            if !Self.isConflict(name.dropFirst(62)) { notePartsMissing(of: result) }
        }
    }

    /// Whether the end of a name is that of a second result with other bits.
    private static func isConflict(_ end: Substring) -> Bool {
        end.hasPrefix(".conflict-") && end.hasSuffix(".json")
    }

    /// Why a result cannot be right, though each of its members is of the right form.
    private func mistake(in result: ActionResult) -> String? {
        if let names = declared(result.kind, result.version)?.sorted(),
            names != result.outputs.map({ $0.name })
        {
            let found = result.outputs.map { $0.name }.joined(separator: ", ")
            return "expected the outputs \(names.joined(separator: ", ")) of \(result.kind), found "
                + (found.isEmpty ? "none" : found)
        }
        if let bytes = try? scratch.smallBytes(of: result.key, layer: store.path),
            let document = try? JSON(parsing: bytes), let kind = document["kind"]?.text,
            let version = document["version"]?.integer,
            (kind, version) != (result.kind, result.version)
        {
            return
                "its key describes \(visible(kind))/\(version), it says \(result.kind)/\(result.version)"
        }
        for output in result.outputs {
            if let size = size(of: output.digest), size != output.size {
                return "it says that `\(output.name)` has \(output.size) bytes, it has \(size)"
            }
            if output.isTree, size(of: output.digest) != nil, tree(output) == nil {
                return "it says that `\(output.name)` is a folder, its blob is no manifest of one"
            }
        }
        return nil
    }

    /// The tree that an output is; `nil` where its manifest cannot be read, or is none.
    private func tree(_ output: ActionResult.Output) -> Tree? {
        var tree: Tree?
        attempt(Store.blobPath(store.path, output.digest)) { tree = try store.tree(output.digest) }
        return tree
    }

    private mutating func notePartsMissing(of result: ActionResult) {
        for output in result.outputs {
            guard size(of: output.digest) != nil else {
                found.missing.append(
                    MissingPart(digest: output.digest, role: .output(result, output.name)))
                continue
            }
            if output.isTree { noteFilesMissing(from: output, of: result) }
        }
        if let log = result.log, !store.contains(log) {
            found.missing.append(MissingPart(digest: log, role: .log(result)))
        }
        if !store.contains(result.key) {
            found.missing.append(MissingPart(digest: result.key, role: .keyDocument(result)))
        }
    }

    private mutating func noteFilesMissing(
        from output: ActionResult.Output, of result: ActionResult
    ) {
        for entry in tree(output)?.entries ?? [] {
            guard case .file(let digest, let size, _) = entry.content, self.size(of: digest) != size
            else { continue }
            found.missing.append(
                MissingPart(digest: digest, role: .file(result, output.name, path: entry.path)))
        }
    }

    /// Gives a result in a shard of another name the place of its key.
    private func putBackResult(_ file: String) {
        let path = "\(store.path)/\(file)"
        attempt(path) {
            let bytes = try readWholeFile(path, limit: Store.largestResult, followingLinks: false)
            guard let bytes, let json = try? JSON(parsing: bytes),
                let key = json["key"]?.text.flatMap({ try? Digest(hex: $0) }),
                file.hasSuffix("\(key.hex.dropFirst(2)).json"),
                (try? ActionResult(json: json, key: key)) != nil
            else {
                return try store.setAside(
                    path, reason: "expected a result in the folder of its key", isOwn: true)
            }
            let target = Store.resultPath(store.path, key)
            let reason = "its key is \(key)"
            if store.isReadOnly { return leave(path, reason) }
            try makeFolder(ProjectFolder.folder(of: target))
            guard try place(path, at: target, replacing: false) else {
                return try store.setAside(path, reason: reason, isOwn: true)
            }
            store.note(Damage(path: path, reason: reason, outcome: .putBack(target)))
        }
    }
}
