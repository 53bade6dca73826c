import Canon
import Evidence
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
        guard let first = output.first, let second = output.second else { return nil }
        if try isTree(output.name, difference.action) {
            guard let old = try tree(first), let new = try tree(second) else { return nil }
            let read: TreeComparison.Reader = { (try? bytes(of: $0)).flatMap(\.self) }
            return TreeComparison(
                formats: StandardFormats(), tolerance: nil, expected: read, found: read
            ).compare(old, new)
        }
        guard let old = try bytes(of: first), let new = try bytes(of: second) else { return nil }
        return StandardFormats().compare(
            old, new, fileName: fileName(of: output.name, difference.action), tolerance: nil)
    }

    /// Whether a result that a store has says that the output is a folder.
    private func isTree(_ output: String, _ action: String) throws -> Bool {
        for key in lists.compactMap({ $0[action]?.key }) {
            for store in stores {
                if let found = try store.result(for: key)?.result.output(output) {
                    return found.isTree
                }
            }
        }
        return false
    }

    private func tree(_ digest: Digest) throws -> Tree? {
        for store in stores {
            if let tree = try store.tree(digest) { return tree }
        }
        return nil
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
            let port = EntryPorts.ports(of: entry, in: stores).first { $0.name == output }
            if let port { return port.fileName }
        }
        return ""
    }
}
