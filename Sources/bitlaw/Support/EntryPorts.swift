import Canon
import Experiment
import LocalStore

/// The outputs that the kind of a listed action declares.
enum EntryPorts {
    /// Those of the kind that the key's document names, or else the entry; none where it is not known.
    static func ports(of entry: ResultList.Entry, in stores: [Store]) -> [OutputPort] {
        let document = entry.key.flatMap { key in
            stores.lazy.compactMap { $0.keyDocument(key) }.first
        }
        let kind =
            document?["kind"]?.text
            ?? entry.kind.flatMap { $0.split(separator: "/").first.map(String.init) }
        return kind.flatMap { allKinds.kind($0) }?.outputs ?? []
    }
}
