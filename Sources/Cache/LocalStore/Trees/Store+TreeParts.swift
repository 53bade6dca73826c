package import Canon
import Synchronization
import System

/// What trees consist of: their manifests, and the blobs of their files.
extension Store {
    /// Whether all that an output consists of is there, as far as looks tell.
    ///
    /// The manifest of a tree is read, once by a process.
    package func contains(_ output: ActionResult.Output) throws -> Bool {
        guard contains(output.digest) else { return false }
        return try !output.isTree || isWhole(tree: output.digest)
    }

    /// Whether a tree has its manifest and all of its files, as far as looks tell.
    package func isWhole(tree digest: Digest) throws -> Bool {
        if wholeTrees.withLock({ $0.contains(digest) }) { return true }
        guard let tree = try tree(digest), tree.blobs.allSatisfy({ contains($0.digest) }) else {
            return false
        }
        wholeTrees.withLock { _ = $0.insert(digest) }
        return true
    }

    /// Looks at a tree: at its manifest and at each of its files, as closely as `look` does.
    ///
    /// - Returns: the last layer that something of it comes from, where all is whole.
    package func look(
        atTree digest: Digest, size: Int?, _ look: (WantedBlob) throws -> BlobLook
    ) throws -> BlobLook {
        let manifest = try look(WantedBlob(digest, size: size))
        guard case .whole(var last) = manifest else { return manifest }
        guard let tree = try tree(digest) else { return .absent }
        for blob in tree.blobs {
            guard case .whole(let layer) = try look(blob) else { return .absent }
            last = max(last, layer)
        }
        return .whole(layer: last)
    }

    /// The files of the trees among a result's outputs, each once.
    ///
    /// `nil` where a manifest has no good copy, or is none.
    package func filesOfTrees(in result: ActionResult) throws -> [WantedBlob]? {
        var files: [WantedBlob] = []
        var seen: Set<Digest> = []
        for output in result.outputs where output.isTree {
            guard let tree = try tree(output.digest) else { return nil }
            files += tree.blobs.filter { seen.insert($0.digest).inserted }
        }
        return files
    }

    /// The blobs that the outputs of a result consist of, each once; of a tree whose manifest is lost, or is
    /// none, the manifest alone.
    package func parts(of result: ActionResult) throws -> [WantedBlob] {
        var seen: Set<Digest> = []
        return try result.outputs.flatMap { try parts(of: $0) }
            .filter { seen.insert($0.digest).inserted }
    }

    /// The same of one output.
    package func parts(of output: ActionResult.Output) throws -> [WantedBlob] {
        let blob = WantedBlob(output.digest, size: output.size)
        guard output.isTree, let tree = try tree(output.digest) else { return [blob] }
        return [blob] + tree.blobs
    }

    /// The files of a tree; `nil` where its manifest has no good copy, or is none.
    package func files(ofTree digest: Digest) throws -> [Digest]? {
        try tree(digest)?.blobs.map { $0.digest }
    }

    /// The bytes of all that an output consists of; of a tree whose manifest is lost, those of the manifest.
    package func bytes(ofAll output: ActionResult.Output) throws -> Int {
        guard output.isTree, let tree = try tree(output.digest) else { return output.size }
        return output.size + tree.bytes
    }
}
