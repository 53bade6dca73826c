import Canon
import System

/// The actions of a record that keeps them in parts; ``RunActionList`` writes them.
struct RunParts {
    /// A blob with a line for each of some actions, or for each of some parts that have them.
    struct Part: Equatable {
        let digest: Digest
        /// How many actions it has.
        let count: Int

        var line: String { "\(digest.hex) \(count)" }
        var json: JSON { ["count": .number(Double(count)), "digest": .string(digest.hex)] }

        init(digest: Digest, count: Int) { (self.digest, self.count) = (digest, count) }

        fileprivate init?(digits: String?, count: Int?) {
            guard let digits, let digest = try? Digest(hex: digits), let count, count > 0,
                count <= RunParts.mostActions
            else { return nil }
            self.init(digest: digest, count: count)
        }

        fileprivate init?(line: ArraySlice<UInt8>) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count == 2 else { return nil }
            self.init(digits: String(words[0]), count: Int(words[1]))
        }
    }

    /// The most actions of a run that are read.
    private static let mostActions = 1 << 26
    /// The most bytes of one part.
    private static let largest = 64 << 20

    /// How many actions there are.
    let count: Int
    /// What happened to them, by their places.
    let states: StateSpans
    private let levels: Int
    private let parts: [Part]
    private let remarks: [String: JSON]

    /// Reads the member `actions` of a record.
    ///
    /// - Throws: ``UnreadableFile``.
    init(_ json: JSON) throws {
        guard let count = json["count"]?.integer, let levels = json["levels"]?.integer,
            let parts = json["parts"]?.elements, let remarks = json["remarks"]?.members,
            let states = json["states"].flatMap({ StateSpans($0) }), (1...8).contains(levels)
        else {
            throw UnreadableFile(
                reason:
                    "expected `actions` with count, levels, parts, remarks and states, found others"
            )
        }
        let read = parts.compactMap {
            Part(digits: $0["digest"]?.text, count: $0["count"]?.integer)
        }
        guard read.count == parts.count, read.reduce(0, { $0 + $1.count }) == count else {
            throw UnreadableFile(
                reason: "expected `parts` that have \(count) actions, found others")
        }
        (self.count, self.levels, self.parts) = (count, levels, read)
        (self.remarks, self.states) = (remarks, states)
    }

    /// Goes through the parts that have lines of actions, in order.
    ///
    /// - Parameters:
    ///   - store: where the parts are.
    ///   - index: is given each part that names others.
    ///   - body: is given a part and the place of its first action.
    /// - Throws: ``UnreadableFile`` of a part that names others, and whatever the bodies throw.
    func walk(
        _ store: Store, index: (Part) -> Void = { _ in }, _ body: (Part, Int) throws -> Void
    ) throws {
        var place = 0
        var open = Array(parts.reversed().map { (part: $0, level: levels) })
        while let (part, level) = open.popLast() {
            if level == 1 {
                try body(part, place)
                place += part.count
                continue
            }
            index(part)
            let below = try RunParts.lines(of: part, in: store).compactMap { Part(line: $0) }
            guard below.reduce(0, { $0 + $1.count }) == part.count else {
                throw UnreadableFile(
                    reason: "expected a part that leads to \(part.count) actions, found "
                        + "\(part.digest.short)")
            }
            open += below.reversed().map { (part: $0, level: level - 1) }
        }
    }

    /// The lines of a part.
    ///
    /// - Throws: ``UnreadableFile`` where the blob is missing or damaged, and ``OperationalError``.
    static func lines(of part: Part, in store: Store) throws -> [ArraySlice<UInt8>] {
        guard let bytes = try store.bytes(of: part.digest, limit: largest) else {
            throw UnreadableFile(
                reason:
                    "a part of its list of actions, the blob \(part.digest.hex), is missing or damaged"
            )
        }
        return bytes.split(separator: 10)
    }

    /// Some lines of actions as what they are.
    ///
    /// - Throws: ``UnreadableFile`` where there are more or fewer than the part says, or one is no JSON.
    static func actions(of part: Part, in store: Store) throws -> [JSON] {
        let actions = try lines(of: part, in: store).map { line in
            guard let action = try? JSON(parsing: Array(line)) else {
                throw UnreadableFile(
                    reason: "the part \(part.digest.hex) has a line that is no action")
            }
            return action
        }
        if actions.count == part.count { return actions }
        throw UnreadableFile(
            reason:
                "expected \(part.count) actions in the part \(part.digest.hex), found \(actions.count)"
        )
    }

    /// An action with what this run says of it.
    func told(_ action: JSON, at place: Int) -> JSON {
        var members = action.members ?? [:]
        members["state"] = .string(states[place])
        for (name, remark) in remarks[String(place)]?.members ?? [:] { members[name] = remark }
        return .object(members)
    }
}
