import Canon
import System

extension StoreInspection {
    /// Reads results, and holds each against the blobs that it names, the description of its key and the
    /// outputs of its kind.
    mutating func readResults() {
        for file in resultFiles.misplaced { putBackResult(file) }
        let files = resultFiles.named
        for ((key, name), read) in zip(files, resultsAsWritten(files)) {
            let path = "\(store.path)/actions/\(key.hex.prefix(2))/\(name)"
            var result = read
            if result == nil {
                attempt(path) { result = try store.readResult(path, key: key, isOwn: true) }
            }
            found.results += 1
            guard let result else { continue }
            if let reason = mistake(in: result) {
                attempt(path) { try store.setAside(path, reason: reason, isOwn: true) }
                continue
            }
            keys.insert(key)
            if !Self.isConflict(Substring(name.utf8.dropFirst(62))) {
                notePartsMissing(of: result)
            }
        }
    }

    /// Reads what this version wrote by all processors; `nil` for all else.
    private func resultsAsWritten(_ files: [(digest: Digest, name: String)]) -> [ActionResult?] {
        let folder = "\(store.path)/actions"
        let read = try? files.map { Named(key: $0.digest, name: $0.name) }.concurrentMap { part in
            part.map { file -> ActionResult? in
                let bytes = try? readWholeFile(
                    "\(folder)/\(file.key.hex.prefix(2))/\(file.name)", limit: Store.largestResult,
                    followingLinks: false)
                return (bytes ?? nil).flatMap { ActionResult(asWritten: $0, key: file.key) }
            }
        }
        return read ?? files.map { _ in nil }
    }

    private struct Named: Sendable {
        let key: Digest
        let name: String
    }

    /// Whether the end of a name is that of a second result with other bits.
    static func isConflict(_ end: Substring) -> Bool {
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
        if let found = described(result.key),
            (found.kind, found.version) != (result.kind, result.version)
        {
            return "its key describes \(visible(found.kind))/\(found.version), it says "
                + "\(result.kind)/\(result.version)"
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

    /// What the description of a key says of the kind; of a sample it may not be read yet.
    private func described(_ key: Digest) -> DescribedKind? {
        described[key]
            ?? (try? scratch.smallBytes(of: key, layer: store.path)).flatMap { $0 }
            .flatMap(DescribedKind.init)
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
        if let log = result.log, sizes[log] == nil, !store.contains(log) {
            found.missing.append(MissingPart(digest: log, role: .log(result)))
        }
        if sizes[result.key] == nil, !store.contains(result.key) {
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
