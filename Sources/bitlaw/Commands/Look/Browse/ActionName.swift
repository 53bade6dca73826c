import Canon
import Experiment

/// The coordinates that an action's name tells where its experiment file is not at hand.
enum ActionName {
    /// Reads `train[samples=100,features=polar]`: numbers and truth values as such, all else as text.
    static func coordinates(_ name: String) -> [Coordinate] {
        guard let open = name.firstIndex(of: "["), name.hasSuffix("]") else { return [] }
        var parts: [String] = [""]
        var isQuoted = false
        var isEscaped = false
        var depth = 0
        for character in name[name.index(after: open)...].dropLast() {
            if isQuoted {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isQuoted = false
                }
            } else if character == "\"" {
                isQuoted = true
            } else if "[{".contains(character) {
                depth += 1
            } else if "]}".contains(character) {
                depth -= 1
            } else if character == ",", depth == 0 {
                parts.append("")
                continue
            }
            parts[parts.count - 1].append(character)
        }
        return parts.compactMap { part in
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let text = String(part[part.index(after: equals)...])
            return Coordinate(
                axis: String(part[..<equals]), value: (try? JSON(parsing: text)) ?? .string(text))
        }
    }
}
