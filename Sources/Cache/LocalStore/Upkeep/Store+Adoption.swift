import Canon
import System
package import Trust

/// Taking over what an account made where it had another secret, or none.
extension Store {
    /// Writes the account's code on every result whose blobs are all good, and on every record that is whole.
    ///
    /// Everything that a result names is read and hashed. Nothing is executed: that the bits are what their
    /// key gives is the account's own word. Results with other bits beside the one that counts stay what they
    /// are. Without `writing`, nothing is changed.
    ///
    /// - Complexity: reads every result and every blob that one names, each once.
    /// - Throws: ``OperationalError``, among others where the store is read-only.
    package func adopt(
        for account: AccountSecret, writing: Bool, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> AdoptionReport {
        if writing { try requireWritable() }
        var report = AdoptionReport()
        var checked: [Digest: Int?] = [:]
        var adopted: [ActionResult] = []
        let before = damage.count
        let keys = try keysOfResults()
        for (place, key) in keys.enumerated() {
            progress(place, keys.count)
            let path = Store.resultPath(self.path, key)
            guard let result = try readResult(path, key: key, isOwn: writing) else {
                report.refuse("result \(key.short)", damage.last?.reason ?? "it is gone")
                continue
            }
            if result.isMade(by: account) {
                report.known.results += 1
            } else if let reason = try objection(to: result, &checked, setsAside: writing) {
                report.refuse("result \(key.short) of \(result.kind)", reason)
            } else {
                adopted.append(result)
            }
        }
        if writing { try claim(adopted, by: account) }
        report.adopted.results = adopted.count
        report.blobs = checked.count
        report.damaged = damage.count - before
        for name in try runNames() {
            try adopt(run: name, for: account, writing: writing, &report)
        }
        return report
    }

    /// Why a result is not taken over; `nil` where all that it names is good.
    private func objection(
        to result: ActionResult, _ checked: inout [Digest: Int?], setsAside: Bool
    ) throws -> String? {
        for output in result.outputs {
            guard let size = try size(ofGood: output.digest, &checked, setsAside: setsAside) else {
                return "output \(output.name) (\(output.digest.short)) has no good copy"
            }
            guard size == output.size else {
                return "output \(output.name) has \(size) bytes, the result says \(output.size)"
            }
            guard output.isTree else { continue }
            guard let tree = try tree(output.digest) else {
                return "output \(output.name) (\(output.digest.short)) is no manifest of a folder"
            }
            for file in tree.blobs
            where try self.size(ofGood: file.digest, &checked, setsAside: setsAside) != file.size {
                return "a file of output \(output.name) (\(file.digest.short)) has no good copy"
            }
        }
        guard try size(ofGood: result.key, &checked, setsAside: setsAside) != nil else {
            return "the description of its key has no good copy"
        }
        guard let document = keyDocument(result.key), document["kind"]?.text == result.kind,
            document["version"]?.integer == result.version
        else { return "the description of its key is of another kind" }
        if let log = result.log, try size(ofGood: log, &checked, setsAside: setsAside) == nil {
            return "its log (\(log.short)) has no good copy"
        }
        return nil
    }

    /// The size of a blob that was read and hashed, in whatever layer; `nil` where no copy is good.
    private func size(
        ofGood digest: Digest, _ checked: inout [Digest: Int?], setsAside: Bool
    ) throws -> Int? {
        if let known = checked[digest] { return known }
        var found: Int?
        for (index, layer) in layers.enumerated() where found == nil {
            var size = 0
            let isGood = try unsafe read(digest, in: layer, isOwn: index == 0 && setsAside) {
                piece in
                size += piece.count
            }
            if isGood { found = size }
        }
        checked[digest] = .some(found)
        return found
    }

    private func adopt(
        run name: String, for account: AccountSecret, writing: Bool, _ report: inout AdoptionReport
    ) throws {
        let before = damage.count
        guard let bytes = try record(name) else {
            guard damage.count > before, let found = damage.last else { return }
            report.damaged += 1
            return report.refuse("record \(name)", found.reason)
        }
        if RecordSeal.isMade(bytes, by: account) {
            report.known.records += 1
            return
        }
        guard !RecordSeal.isBroken(bytes), let record = try? JSON(parsing: bytes),
            [RunDocument.format, RunDocument.dividedFormat].contains(record["format"]?.text)
        else {
            report.damaged += 1
            return report.refuse("record \(name)", "it is damaged, or of a newer version")
        }
        report.adopted.records += 1
        if writing {
            try writeWholeFile(
                RecordSeal.renewed(bytes, by: account), to: "\(path)/runs/\(name).json", .durable,
                drafts: "\(path)/tmp")
        }
    }
}

extension AdoptionReport {
    fileprivate mutating func refuse(_ what: String, _ reason: String) {
        refused.append(Refused(what: what, reason: reason))
    }
}
