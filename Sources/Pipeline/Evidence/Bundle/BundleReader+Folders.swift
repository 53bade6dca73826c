import Canon
import LocalStore

/// Outputs that are folders: their manifests are read, and their files are part of the bundle.
extension BundleReader {
    /// Hashes an output or a log; the manifest of a folder is read, for its files are outputs too.
    ///
    /// Results come before the data.
    mutating func readData(_ name: String, _ size: Int, _ archive: TarReader) throws
        -> Digest
    {
        guard let digest = try? Digest(hex: String(name.dropFirst(5))), manifests.contains(digest)
        else { return try archive.digest() }
        try budget.take(size, for: name)
        let bytes = try archive.bytes(limit: Tree.largestManifest)
        let found = Digest(of: bytes.span)
        if found == digest { trees[digest] = try? Tree(parsing: bytes) }
        return found
    }

    /// The files of an output that is a folder have to be in the data.
    mutating func checkFolder(_ output: ActionResult.Output, of key: Digest) {
        guard let tree = trees[output.digest] else {
            return note(
                "\(name(key)): output \(output.name) is a folder; its bytes in data/ are no manifest of "
                    + "one, or come before the results")
        }
        for blob in tree.blobs {
            let place = "data/\(blob.digest.hex)"
            if digests[place] != blob.digest || sizes[place] != blob.size {
                note(
                    "\(name(key)): output \(output.name): the file \(blob.digest.short) of the folder "
                        + "is not in data/ under its digest, with \(blob.size ?? 0) bytes")
            }
        }
    }
}
