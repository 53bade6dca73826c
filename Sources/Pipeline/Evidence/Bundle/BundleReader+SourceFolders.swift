import Canon
import LocalStore

extension BundleReader {
    /// Takes the folders that actions read: their files have to be here, or left out by name.
    ///
    /// - Returns: the digests of their trees.
    mutating func readFolders() -> [Digest] {
        let files = digests.merging(outside) { own, _ in own }
        for json in index["folders"]?.elements ?? [] {
            guard let folder = BundledFolder(json: json) else {
                note(
                    "bundle.json: a folder of the experiment whose tree is not what its digest says"
                )
                continue
            }
            let mistake = folder.mistake(
                files: files, executables: executables, others: ownDocuments)
            if let mistake { note(mistake) } else { folders.append(folder) }
        }
        return folders.map { $0.tree.digest }
    }

    /// The files that every bundle has, and those that its experiment file includes.
    var ownDocuments: Set<String> {
        Set([
            "manifest.sha256", "bundle.json", "verify.py", "recipes.sh", "README.md",
            "ro-crate-metadata.json", index["file"]?.text ?? "", index["lock"]?.text ?? "",
        ]).union(includedFiles.keys)
    }
}
