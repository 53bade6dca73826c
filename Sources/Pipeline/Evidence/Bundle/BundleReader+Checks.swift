import Canon
import Experiment
import LocalStore
import System

/// What is checked once all of a bundle was read: places, and the lock file.
extension BundleReader {
    /// Every file has to be what its place says: nothing travels along that nothing names.
    mutating func checkPlaces(_ known: Set<Digest>, _ read: Set<Digest>) {
        let documents = ownDocuments
        let read = folders.filter { read.contains($0.tree.digest) }.reduce(into: read) {
            $0.formUnion($1.files)
        }
        let logs = Set(results.values.compactMap { $0.log })
        for (name, digest) in digests.sorted(by: { $0.key < $1.key }) {
            if documents.contains(name) { continue }
            let isKnown: Bool
            switch name.split(separator: "/", maxSplits: 1).first {
            case "data":
                isKnown =
                    name == "data/\(digest.hex)"
                    && (known.contains(digest) || logs.contains(digest))
            case "experiment": isKnown = listed.contains(name) && read.contains(digest)
            case "keys", "results":
                isKnown =
                    BundleReader.key(of: name, in: name.hasPrefix("keys/") ? "keys/" : "results/")
                    .map { results[$0] != nil } ?? false
            case "signatures": isKnown = true
            default: isKnown = name == BundleWriter.pageName && known.contains(digest)
            }
            if !isKnown { note("\(name): belongs to no action of this bundle") }
        }
    }

    mutating func checkLock(_ path: String?) throws {
        guard let lock, let path else {
            return note("bundle.json names no lock file of the bundle")
        }
        let list: ResultList
        do {
            list = try ResultList(lock: lock, path: path)
        } catch { return note(error.message) }
        let locked = Set(
            list.entries.compactMap { entry in entry.key.map { Named(name: entry.name, key: $0) } })
        if locked != named { note("\(path): its actions are not those of bundle.json") }
        if list.experiment != experiment { note("\(path): is of another experiment") }
        for entry in list.entries {
            if let key = entry.key, let own = kind(of: key) {
                let profile = keyDocuments[key]?["profile"]?.text
                if own != entry.kind || profile != entry.profile {
                    note("\(path): \(entry.name): the key says \(own), profile \(profile ?? "-")")
                }
            }
            let outputs = entry.key.flatMap { results[$0] }?.outputs.map {
                ResultList.Output(name: $0.name, digest: $0.digest)
            }
            if let outputs, outputs != entry.outputs {
                note("\(path): \(entry.name) is not as its result says")
            }
        }
    }
}
