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
    /// What it names; other runs may have the same parts.
    private(set) var parts: [RecordedPart]

    /// The keys of its actions.
    var keys: [Digest] { parts.flatMap { $0.keys } }

    /// The name of the run.
    var name: String {
        file.hasSuffix(".json") ? String(file.dropLast(5)) : file
    }

    /// Reads a file of `runs/`; `shelf` has the parts that other runs have too.
    ///
    /// - Throws: ``UnreadableFile``, and ``OperationalError`` of the store.
    init(file: String, _ bytes: [UInt8], _ shelf: RecordedShelf) throws {
        self.file = file
        let own = RecordedPart()
        parts = [own]
        if file.hasSuffix(RunJournal.suffix) {
            let end = bytes.firstIndex(of: 10) ?? bytes.endIndex
            let header = try RecordedRun.object(Array(bytes[..<end]), formats: [RunJournal.format])
            (experiment, isComplete) = (header["experiment"]?.text ?? "", false)
            time = Store.seconds(of: file)
            own.keys = try RecordedRun.keys(ofLines: bytes[end...].dropFirst())
            return
        }
        guard file.hasSuffix(".json") else {
            throw UnreadableFile(reason: "expected a run's record NAME.json, found another name")
        }
        if RecordSeal.isBroken(bytes) {
            throw UnreadableFile(reason: "its bytes have another SHA-256 than its last line says")
        }
        let record = try RecordedRun.object(
            bytes, formats: [RunDocument.format, RunDocument.dividedFormat])
        let isPending: Bool
        switch record["actions"] {
        case .array(let actions):
            for (place, action) in actions.enumerated() { try own.add(action, place) }
            isPending = actions.contains { $0["state"] == "pending" }
        case .object(let actions):
            let found = try RunParts(.object(actions))
            parts += try shelf.parts(of: found) { own.blobs.append($0) }
            isPending = found.states.contains("pending")
        default: throw UnreadableFile(reason: "expected a list of `actions`, found none")
        }
        experiment = record["experiment"]?.text ?? ""
        isComplete =
            record["outcome"] == "done" && record["isWhole"] != .bool(false) && !isPending
        // Not by the name, which a later run may have got from a clock that is ahead.
        time = record["endedAt"]?.text.flatMap { Store.seconds(of: $0) } ?? Store.seconds(of: file)
        for file in record["files"]?.elements ?? [] {
            own.blobs.append(try Digest(recorded: file, "`files`"))
        }
    }

    private static func object(_ bytes: [UInt8], formats: [String]) throws -> JSON {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw UnreadableFile(reason: "it is no whole JSON document (\(error))")
        }
        let found = json["format"]?.text
        guard json.members != nil, formats.contains(where: { $0 == found }) else {
            let expected = formats.map { "\"\($0)\"" }.joined(separator: " or ")
            throw UnreadableFile(
                reason: "expected `format` \(expected), found "
                    + (found.map { "\"\(visible($0))\": a newer bitlaw may have written it" }
                        ?? "none"))
        }
        return json
    }

    /// The keys of the notes; a last line that a kill cut off is none.
    private static func keys(ofLines bytes: ArraySlice<UInt8>) throws -> [Digest] {
        guard let end = bytes.lastIndex(of: 10) else { return [] }
        return try bytes[..<end].split(separator: 10).map { line in
            try Digest(recorded: .string(String(decoding: line, as: UTF8.self)), "a line")
        }
    }
}
