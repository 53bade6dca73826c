import Canon
import Experiment
import LocalStore
import Remotes
import Run
import System
import Workbench

/// Compares the bytes of outputs that differ, as an audit does, where stores have both.
struct ValueComparison {
    private let lists: [ResultList]
    private let stores: [Store]
    /// The largest output that is read.
    private static let largest = 1 << 29

    init(_ first: ResultList, _ second: ResultList, _ stores: [Store]) {
        lists = [first, second]
        self.stores = stores
    }

    func lines(of difference: ResultDifference) throws -> [String] {
        try difference.outputs.compactMap { output in
            try compare(difference, output).map { "  \(output.name): \($0.text)" }
        }
    }

    func json(of difference: ResultDifference) throws -> JSON {
        .object(
            try difference.outputs.reduce(into: [:]) { members, output in
                members[output.name] = try compare(difference, output)?.json
            })
    }

    private func compare(_ difference: ResultDifference, _ output: ResultDifference.Output) throws
        -> TypedComparison?
    {
        guard let first = output.first, let second = output.second,
            let old = try bytes(of: first), let new = try bytes(of: second)
        else { return nil }
        return StandardFormats().compare(
            old, new, fileName: fileName(of: output.name, difference.action), tolerance: nil)
    }

    private func bytes(of digest: Digest) throws -> [UInt8]? {
        for store in stores {
            guard let size = try store.size(of: digest), size <= ValueComparison.largest else {
                continue
            }
            if let bytes = try store.bytes(of: digest) { return bytes }
        }
        return nil
    }

    /// The file name that the kind gives the output: its extension is the format.
    private func fileName(of output: String, _ action: String) -> String {
        for list in lists {
            guard let entry = list[action] else { continue }
            let document = entry.key.flatMap { key in
                stores.lazy.compactMap { $0.keyDocument(key) }.first
            }
            let kind =
                document?["kind"]?.text
                ?? entry.kind.flatMap { $0.split(separator: "/").first.map(String.init) }
            let port = kind.flatMap { allKinds.kind($0) }?.outputs.first { $0.name == output }
            if let port { return port.fileName }
        }
        return ""
    }
}
