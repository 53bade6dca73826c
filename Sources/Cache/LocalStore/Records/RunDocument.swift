package import Canon

/// The record of a run: how everybody but `gc` and `verify` reads one.
///
/// Its actions are read one after the other: together, those of a large graph would take more memory than all
/// else.
package struct RunDocument: Sendable {
    /// What a record says of its form where its actions stand in it.
    static let format = "bitlaw/run/1"
    /// The same where they stand in parts of their own.
    static let dividedFormat = "bitlaw/run/2"

    private enum Actions {
        /// Bytes, and where in them the lines of the actions are.
        case lines([UInt8], Range<Int>)
        /// Of a record that has no last line, or another layout.
        case list([JSON])
        case parts(RunParts)
        case none
    }

    /// All members but the actions.
    package let head: JSON
    private let actions: Actions
    private let store: Store
    private let name: String

    /// Reads a record, as this version writes it or not.
    ///
    /// - Throws: ``JSONError`` where it is no whole document, ``UnreadableFile`` where its list of actions is
    ///   none.
    init(_ bytes: [UInt8], name: String, in store: Store) throws {
        (self.name, self.store) = (name, store)
        if RecordSeal.isWhole(bytes), let (head, lines) = RunDocument.lines(of: bytes) {
            (self.head, actions) = (head, .lines(bytes, lines))
            return
        }
        let json = try JSON(parsing: bytes)
        var members = json.members ?? [:]
        switch members.removeValue(forKey: "actions") {
        case .array(let list): actions = .list(list)
        case .object(let parts): actions = .parts(try RunParts(.object(parts)))
        default: actions = .none
        }
        head = .object(members)
    }

    /// What comes after the actions, and where their lines are; `nil` for another layout.
    private static func lines(of bytes: [UInt8]) -> (head: JSON, lines: Range<Int>)? {
        let lead = Array("{\"actions\":[\n".utf8)
        guard bytes.starts(with: lead) else { return nil }
        var end = lead.count
        while end < bytes.count, bytes[end] == UInt8(ascii: "{"),
            let newline = bytes[end...].firstIndex(of: 10)
        {
            end = newline + 1
        }
        guard bytes[..<end].suffix(4).elementsEqual("}],\n".utf8),
            let head = try? JSON(parsing: [UInt8(ascii: "{")] + bytes[end...])
        else { return nil }
        return (head, lead.count..<end)
    }

    /// Whether it has a list of actions at all.
    package var hasActions: Bool {
        if case .none = actions { return false }
        return true
    }

    /// Goes through the actions in the record's order.
    ///
    /// Those of a part that is missing or damaged are passed over, and the store notes it: they are missing
    /// from explanations, and no result depends on them.
    package func forEachAction(_ body: (JSON) throws -> Void) rethrows {
        switch actions {
        case .none: return
        case .list(let list): for action in list { try body(action) }
        case .lines(let bytes, let lines):
            for line in bytes[lines].lazy.split(separator: 10) {
                let isLast = line.endIndex + 1 == lines.upperBound
                // A comma parts it from the next; the last one ends the list too.
                if let action = try? JSON(parsing: Array(line.dropLast(isLast ? 2 : 1))) {
                    try body(action)
                }
            }
        case .parts(let parts):
            for (part, place) in order(of: parts) {
                for (offset, action) in read(part).enumerated() {
                    try body(parts.told(action, at: place + offset))
                }
            }
        }
    }

    private func order(of parts: RunParts) -> [(part: RunParts.Part, place: Int)] {
        var order: [(part: RunParts.Part, place: Int)] = []
        do { try parts.walk(store) { order.append(($0, $1)) } } catch { note(error) }
        return order
    }

    private func read(_ part: RunParts.Part) -> [JSON] {
        do { return try RunParts.actions(of: part, in: store) } catch {
            note(error)
            return []
        }
    }

    private func note(_ error: any Error) {
        store.leaveRun(name, (error as? UnreadableFile)?.reason ?? "\(error)")
    }
}
