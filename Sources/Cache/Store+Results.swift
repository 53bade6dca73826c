import Glibc

/// What became of a result that was published.
package enum Publication: Equatable, Sendable {
    /// It is the first under its key.
    case stored
    /// An equal one stood there.
    case alreadyThere
    /// One with other bits stood there; both are kept.
    case conflict(ActionResult)
}

extension Store {
    static func resultPath(_ layer: String, _ key: Digest) -> String {
        let hex = key.hex
        return "\(layer)/actions/\(hex.prefix(2))/\(hex.dropFirst(2)).json"
    }

    /// The result of an action, from the first layer that has one, and that layer's number.
    ///
    /// A malformed file is set aside, noted in ``damage``, and treated as missing.
    package func result(for key: Digest) throws -> (result: ActionResult, layer: Int)? {
        for (index, layer) in layers.enumerated() {
            let path = Store.resultPath(layer, key)
            guard let bytes = try readSmallFile(path) else { continue }
            if let result = ActionResult(asWritten: bytes, key: key) { return (result, index) }
            do {
                return (try ActionResult(json: try JSON(parsing: bytes), key: key), index)
            } catch let error as JSONError {
                try setAside(path, reason: error.description, isOwn: index == 0)
            } catch let error as ResultFormatError {
                try setAside(path, reason: error.reason, isOwn: index == 0)
            }
        }
        return nil
    }

    /// Makes a result known, durably; every blob that it names has to be stored before.
    ///
    /// A result that is there is never overwritten: where the bits differ, both are kept.
    package func publish(_ result: ActionResult) throws -> Publication {
        try requireWritable()
        let target = Store.resultPath(path, result.key)
        let hex = result.key.hex
        let folder = "\(path)/actions/\(hex.prefix(2))"
        let bytes = result.json.canonical()
        let draft = "\(path)/tmp/result-\(randomName())"
        let file = try FileHandle.required(draft, O_WRONLY | O_CREAT | O_EXCL, mode: 0o444)
        defer { _ = unsafe unlink(draft) }
        try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, path: draft) }
        try file.synchronize(path: draft)
        while true {
            // link(2), unlike rename(2), refuses to replace what is there.
            if unsafe link(draft, target) == 0 {
                try synchronizeFolder(folder)
                return .stored
            }
            switch errno {
            case ENOENT:
                try makeFolder(folder)
                try synchronizeFolder("\(path)/actions")
            case EEXIST:
                guard let present = try self.result(for: result.key), present.layer == 0 else {
                    continue  // it was malformed and has been set aside
                }
                if present.result.outputs == result.outputs { return .alreadyThere }
                let digest = Digest(of: bytes.span).short
                try writeDurably(
                    bytes, folder: folder, name: "\(hex.dropFirst(2)).conflict-\(digest).json",
                    temporary: "\(path)/tmp")
                return .conflict(present.result)
            case EPERM, EMLINK, EOPNOTSUPP:
                // A file system without hard links: rename is the best there is.
                guard unsafe rename(draft, target) == 0 else {
                    throw StoreError.system("write", target)
                }
                try synchronizeFolder(folder)
                return .stored
            default: throw StoreError.system("write", target)
            }
        }
    }

    /// Copies a result and all it names from a lower layer into the store, verified.
    ///
    /// - Returns: whether everything was there and good.
    package func copyUp(_ result: ActionResult) throws -> Bool {
        for output in result.outputs where layer(of: output.digest) != 0 {
            guard try bytes(of: output.digest) != nil else { return false }
        }
        if let log = result.log, layer(of: log) != 0 { _ = try bytes(of: log) }
        if layer(of: result.key) != 0 { _ = try bytes(of: result.key) }
        _ = try publish(result)
        return true
    }

    /// Sets a result aside whose outputs turned out to be missing or damaged.
    package func forget(_ key: Digest, reason: String) throws {
        let path = Store.resultPath(self.path, key)
        if unsafe access(path, F_OK) == 0 { try setAside(path, reason: reason, isOwn: true) }
    }
}
