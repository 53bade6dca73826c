package import Canon

/// The actions of a run on their way into its record.
///
/// Few stand in the record. Of many, what holds from run to run (key, outputs, time) is put into parts, blobs
/// of some hundred lines, which the records of one experiment share; the record has the digests of the parts
/// and what happened to actions in this run. So it grows with what changed.
package struct RunActionList {
    /// What a record says of one action.
    package struct Entry {
        /// The action's name, which no other of the run has.
        package let name: String
        /// Members that hold from run to run, as JSON, a comma between them: those before `state`.
        package let facts: String
        /// The others, with a comma before each.
        package let moreFacts: String
        /// What happened to it: `cached` where nothing did.
        package let state: String
        /// Members of this run alone.
        package let remarks: [String: JSON]

        /// Describes an action.
        package init(
            name: String, facts: String, moreFacts: String, state: String, remarks: [String: JSON]
        ) {
            (self.name, self.facts, self.moreFacts) = (name, facts, moreFacts)
            (self.state, self.remarks) = (state, remarks)
        }
    }

    /// The most actions that stand in the record itself.
    package static let mostInside = PartCutter.mean
    /// So many parts are compressed together.
    private static let group = 64

    private let store: Store
    private let isDivided: Bool
    private var batch: BlobBatch?
    /// The lines of actions: all of them, or those of the part that is being filled.
    private var lines: [UInt8] = []
    private var inLines = 0
    private var cutter = PartCutter()
    /// Parts that are full and not yet in the batch.
    private var full: [(bytes: [UInt8], count: Int)] = []
    private var parts: [RunParts.Part] = []
    private var count = 0
    private var states = StateSpans()
    private var remarks: [String: JSON] = [:]

    /// Begins the list of so many actions.
    package init(_ store: Store, count: Int) {
        self.store = store
        isDivided = count > Self.mostInside
    }

    /// Adds the next action.
    package mutating func add(_ entry: Entry) throws {
        defer { count += 1 }
        if !isDivided {
            lines += Array((count == 0 ? "\n{" : ",\n{").utf8)
            lines += Array("\(entry.facts),\"state\":\"\(entry.state)\"\(entry.moreFacts)".utf8)
            for name in JSON.sorted(entry.remarks.keys) {
                guard let remark = entry.remarks[name] else { continue }
                lines += Array(",\"\(name)\":".utf8) + remark.canonical()
            }
            lines.append(UInt8(ascii: "}"))
            return
        }
        lines += Array("{\(entry.facts)\(entry.moreFacts)}\n".utf8)
        inLines += 1
        states.add(entry.state, at: count)
        if !entry.remarks.isEmpty { remarks[String(count)] = .object(entry.remarks) }
        if cutter.ends(after: entry.name.utf8) { try endPart() }
    }

    /// Puts the parts into the store, durably.
    ///
    /// - Returns: the record with these actions and other members, not yet sealed.
    package consuming func record(_ members: [String: JSON]) throws -> [UInt8] {
        var members = members
        if !isDivided {
            members["format"] = .string(RunDocument.format)
            return Array(#"{"actions":["#.utf8) + lines + Array("],\n".utf8)
                + JSON.object(members).canonical().dropFirst() + [10]
        }
        if inLines > 0 { try endPart() }
        try flush()
        let levels = try raise()
        try batch?.commit()
        members["format"] = .string(RunDocument.dividedFormat)
        members["actions"] = [
            "count": .number(Double(count)), "levels": .number(Double(levels)),
            "parts": .array(parts.map { $0.json }), "remarks": .object(remarks),
            "states": states.json,
        ]
        return JSON.object(members).canonical() + [10]
    }

    private mutating func endPart() throws {
        full.append((lines, inLines))
        (lines, inLines) = ([], 0)
        if full.count >= Self.group { try flush() }
    }

    private mutating func flush() throws {
        if full.isEmpty { return }
        let batch = try self.batch ?? BlobBatch(store: store, expecting: count / PartCutter.mean)
        self.batch = batch
        let small = full.allSatisfy { $0.bytes.count <= FrameScratch.capacity }
        let digests =
            small
            ? try batch.add(full.map { $0.bytes })
            : try full.map { part in
                let digest = Digest(of: part.bytes.span)
                if !batch.isStored(digest) { try batch.add(part.bytes, as: digest) }
                return digest
            }
        parts += zip(digests, full).map { RunParts.Part(digest: $0, count: $1.count) }
        full = []
    }

    /// Puts the list of parts into parts of its own while it is long.
    ///
    /// - Returns: how many levels there are.
    private mutating func raise() throws -> Int {
        var levels = 1
        while parts.count > PartCutter.mean {
            let below = parts
            (parts, cutter, levels) = ([], PartCutter(), levels + 1)
            var sum = 0
            for part in below {
                lines += Array("\(part.line)\n".utf8)
                sum += part.count
                guard cutter.ends(after: part.digest.hex.utf8) else { continue }
                full.append((lines, sum))
                (lines, sum) = ([], 0)
            }
            if sum > 0 { full.append((lines, sum)) }
            lines = []
            try flush()
        }
        return levels
    }
}
