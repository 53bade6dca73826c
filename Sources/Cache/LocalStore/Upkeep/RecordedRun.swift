import Canon
import Glibc
import System

/// What `gc` has to know of a run: read from its record, or from the notes of a run that was killed.
///
/// Whatever is not understood whole is refused: `gc` would remove what only that names.
struct RecordedRun {
    /// The name of its file in `runs/`.
    let file: String
    /// The experiment's name.
    let experiment: String
    /// Whether it had every action of its experiment and reached all of them.
    let isComplete: Bool
    /// When it ended or began, in seconds since 1970.
    let time: Int?
    /// The keys of its actions.
    private(set) var keys: [Digest] = []
    /// Blobs that it names beside them.
    private(set) var blobs: [Digest] = []
    /// Those of its blobs and outputs that are the manifests of trees.
    private(set) var trees: [Digest] = []
    /// What actions gave that are not frozen, by their keys.
    private(set) var outputs: [Digest: [Digest]] = [:]

    /// The name of the run.
    var name: String {
        file.hasSuffix(".json") ? String(file.dropLast(5)) : file
    }

    /// Reads a file of `runs/`.
    ///
    /// - Throws: ``UnreadableFile``.
    init(file: String, _ bytes: [UInt8]) throws {
        self.file = file
        if file.hasSuffix(RunJournal.suffix) {
            let end = bytes.firstIndex(of: 10) ?? bytes.endIndex
            let header = try RecordedRun.object(Array(bytes[..<end]), format: RunJournal.format)
            (experiment, isComplete) = (header["experiment"]?.text ?? "", false)
            time = Store.seconds(of: file)
            keys = try RecordedRun.keys(ofLines: bytes[end...].dropFirst())
            return
        }
        guard file.hasSuffix(".json") else {
            throw UnreadableFile(reason: "expected a run's record NAME.json, found another name")
        }
        if RecordSeal.isBroken(bytes) {
            throw UnreadableFile(reason: "its bytes have another SHA-256 than its last line says")
        }
        let record = try RecordedRun.object(bytes, format: "bitlaw/run/1")
        guard let actions = record["actions"]?.elements else {
            throw UnreadableFile(reason: "expected a list of `actions`, found none")
        }
        experiment = record["experiment"]?.text ?? ""
        isComplete =
            record["outcome"] == "done" && record["isWhole"] != .bool(false)
            && actions.allSatisfy { $0["state"] != "pending" }
        // Not by the name, which a later run may have got from a clock that is ahead.
        time = record["endedAt"]?.text.flatMap { Store.seconds(of: $0) } ?? Store.seconds(of: file)
        for (place, action) in actions.enumerated() { try add(action, place) }
        for file in record["files"]?.elements ?? [] {
            blobs.append(try RecordedRun.digest(file, "`files`"))
        }
    }

    private mutating func add(_ action: JSON, _ place: Int) throws {
        switch action["key"] {
        case .some(.null): break
        case .some(let key): keys.append(try RecordedRun.digest(key, "the key of action \(place)"))
        case nil: throw UnreadableFile(reason: "action \(place) has no `key`")
        }
        let given = try (action["outputs"]?.members ?? [:]).values.map {
            try RecordedRun.digest($0, "an output of action \(place)")
        }
        for name in action["trees"]?.elements ?? [] {
            guard let name = name.text, let tree = action["outputs"]?[name] else {
                throw UnreadableFile(reason: "action \(place) has no output of a name in `trees`")
            }
            trees.append(try RecordedRun.digest(tree, "an output of action \(place)"))
        }
        // A frozen action has its outputs by their digests: there may be no result of it.
        if action["frozen"] == true {
            blobs += given
        } else if let key = keys.last, !given.isEmpty, action["key"] != .null {
            outputs[key] = given
        }
    }

    private static func object(_ bytes: [UInt8], format: String) throws -> JSON {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw UnreadableFile(reason: "it is no whole JSON document (\(error))")
        }
        let found = json["format"]?.text
        guard json.members != nil, found == format else {
            throw UnreadableFile(
                reason: "expected `format` \"\(format)\", found "
                    + (found.map { "\"\(visible($0))\": a newer bitlaw may have written it" }
                        ?? "none"))
        }
        return json
    }

    private static func digest(_ json: JSON, _ place: String) throws -> Digest {
        guard let digest = json.text.flatMap({ try? Digest(hex: $0) }) else {
            throw UnreadableFile(reason: "\(place) is no SHA-256")
        }
        return digest
    }

    /// The keys of the notes; a last line that a kill cut off is none.
    private static func keys(ofLines bytes: ArraySlice<UInt8>) throws -> [Digest] {
        guard let end = bytes.lastIndex(of: 10) else { return [] }
        return try bytes[..<end].split(separator: 10).map { line in
            try digest(.string(String(decoding: line, as: UTF8.self)), "a line")
        }
    }
}

/// A record or a pin that cannot be read, and why.
struct UnreadableFile: Error {
    let reason: String
}
