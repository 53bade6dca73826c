import Canon
import System
package import Trust

/// What an account made, among all that a store holds.
extension Store {
    /// Writes the account's code on these results where they stand, and on none with other bits.
    ///
    /// The file is written whole and takes the place of the one that says the same.
    package func claim(_ results: [ActionResult], by account: AccountSecret) throws {
        try requireWritable()
        for start in stride(from: 0, to: results.count, by: 4096) {
            let some = results[start..<min(start + 4096, results.count)]
            let files = try some.flatMap { try unclaimed($0, by: account) }
            if files.isEmpty { continue }
            let batch = try DraftBatch(self, area: "actions", expecting: files.count)
            try batch.add(files) {
                ($0.result.key, $0.suffix)
            } bytes: {
                $0.result.claimed(by: account).json.canonical()
            }
            try batch.synchronize()
            try batch.move { _, draft in try place(draft.path, at: draft.target, replacing: true) }
        }
    }

    /// The files with what a result says and without the account's code.
    private func unclaimed(_ result: ActionResult, by account: AccountSecret) throws -> [(
        result: ActionResult, suffix: String
    )] {
        let hex = result.key.hex
        let folder = "\(path)/actions/\(hex.prefix(2))"
        return try namesInFolder(folder).compactMap { name in
            guard name.hasPrefix("\(hex.dropFirst(2))."), name.hasSuffix(".json"),
                let present = try readResult("\(folder)/\(name)", key: result.key, isOwn: true),
                present.statement == result.statement, !present.isMade(by: account)
            else { return nil }
            return (present, String(name.dropFirst(62)))
        }
    }
}
