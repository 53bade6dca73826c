/// A place as words had them before `${…}`: `{0}`, `{inputs}`, `{output}`, `{seed}`.
///
/// Braces are text for the program now. A lone old place is a mistake; a name in braces that stands in other
/// text, where it may be meant, is told. A number there is a regular expression's, or a set's.
struct OldPlace {
    /// The place as it stands.
    let text: String
    /// What is written now.
    let now: String
    /// Whether it stands alone, or at the border of a word of a shell.
    let isAlone: Bool

    /// The old places in a text.
    static func all(in text: String, isCode: Bool) -> [OldPlace] {
        let bytes = Array(text.utf8)
        var found: [OldPlace] = []
        for (at, byte) in bytes.enumerated() where byte == UInt8(ascii: "{") {
            // `$${seed}` is written for a shell.
            guard at == 0 || bytes[at - 1] != UInt8(ascii: "$"),
                let end = bytes[at...].prefix(10).firstIndex(of: UInt8(ascii: "}")),
                let now = replacement(String(decoding: bytes[(at + 1)..<end], as: UTF8.self))
            else { continue }
            let isWhole = at == 0 && end == bytes.count - 1
            let isBordered =
                (at == 0 || " \t\n=<>\"'".utf8.contains(bytes[at - 1]))
                && (end == bytes.count - 1 || " \t\n;|&)\"'".utf8.contains(bytes[end + 1]))
            let isAlone = isWhole || isBordered && !isCode
            let isNumber = bytes[at + 1] < UInt8(ascii: "A")
            if isNumber && !isAlone { continue }
            found.append(
                OldPlace(
                    text: String(decoding: bytes[at...end], as: UTF8.self), now: now,
                    isAlone: isAlone))
        }
        return found
    }

    private static func replacement(_ name: String) -> String? {
        switch name {
        case "inputs": "${inputs.NAME}"
        case "output": "${outputs.NAME}"
        case "seed": "${seed}"
        default:
            !name.isEmpty && name.utf8.count < 4
                && name.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                ? "${inputs.NAME}" : nil
        }
    }
}
