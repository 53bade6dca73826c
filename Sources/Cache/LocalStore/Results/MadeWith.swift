package import Canon

/// What a program that is not ours was made to run with: interpreter, processor, kernel, libraries, driver.
///
/// None of it is in the key. It is recorded with the result, so that one that came out otherwise can be
/// understood, and one that was made with something else than is here can be told. No host, person or path is
/// in it.
package struct MadeWith: Equatable, Sendable {
    /// The facts by their names: short texts of printable ASCII.
    package let facts: [String: String]

    /// The most facts of one result.
    package static let most = 160
    /// The most bytes of one fact.
    package static let longest = 200

    /// Names facts; of a text that is longer, or has other characters, what can be shown is kept.
    package init(_ facts: [String: String]) {
        let named = facts.filter { isSafeName($0.key) && !$0.value.isEmpty }
            .sorted { $0.key < $1.key }.prefix(MadeWith.most)
        self.facts = Dictionary(
            uniqueKeysWithValues: named.map { ($0.key, MadeWith.plain($0.value)) })
    }

    /// The facts as a document.
    package var json: JSON { .object(facts.mapValues { .string($0) }) }

    /// Reads facts from outside; `nil` for what is none.
    package init?(json: JSON) {
        guard let members = json.members, (1...MadeWith.most).contains(members.count) else {
            return nil
        }
        var facts: [String: String] = [:]
        for (name, value) in members {
            guard let text = value.text, isSafeName(name), MadeWith.isPlain(text) else {
                return nil
            }
            facts[name] = text
        }
        self.facts = facts
    }

    /// Whether a text is as facts are.
    package static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= longest && text.utf8.allSatisfy(isPlain)
    }

    /// Whether it is printable ASCII that JSON does not escape.
    private static func isPlain(_ byte: UInt8) -> Bool {
        32..<127 ~= byte && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func plain(_ text: String) -> String {
        let bytes = text.utf8.prefix(longest).map { isPlain($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
