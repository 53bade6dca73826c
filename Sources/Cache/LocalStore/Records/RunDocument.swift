package import Canon

/// The record of a run, whose actions are read one after the other: together, those of a large graph would
/// take more memory than all else.
package struct RunDocument: Sendable {
    /// All members but the actions.
    package let head: JSON
    private let bytes: [UInt8]
    /// Where the lines of the actions stand; none in a record that has no last line, or another layout.
    private let lines: Range<Int>
    /// The actions of such a record.
    private let actions: [JSON]

    /// Reads a record, as this version writes it or not.
    ///
    /// - Throws: ``JSONError`` where it is no whole document.
    init(_ bytes: [UInt8]) throws {
        if RecordSeal.isWhole(bytes), let (head, lines) = RunDocument.parts(of: bytes) {
            (self.head, self.lines, self.bytes, actions) = (head, lines, bytes, [])
            return
        }
        let json = try JSON(parsing: bytes)
        var members = json.members ?? [:]
        actions = members.removeValue(forKey: "actions")?.elements ?? []
        (head, lines, self.bytes) = (.object(members), 0..<0, [])
    }

    /// What comes after the actions, and where their lines are; `nil` for another layout.
    private static func parts(of bytes: [UInt8]) -> (head: JSON, lines: Range<Int>)? {
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

    /// Goes through the actions in the record's order.
    package func forEachAction(_ body: (JSON) throws -> Void) rethrows {
        for action in actions { try body(action) }
        for line in bytes[lines].lazy.split(separator: 10) {
            let isLast = line.endIndex + 1 == lines.upperBound
            // A comma parts it from the next; the last one ends the list too.
            if let action = try? JSON(parsing: Array(line.dropLast(isLast ? 2 : 1))) {
                try body(action)
            }
        }
    }
}
