import System
import Workbench

/// Formulas in running text: `l^(−1−β)` with what is raised raised, `N_l` and `σ_J` with what is
/// lowered lowered.
enum Typeset {
    /// HTML of a text: what follows ^ or _ up to the next character that is no letter, digit or
    /// sign, or what stands in parentheses there.
    static func markup(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            let tag = character == "^" ? "sup" : character == "_" ? "sub" : nil
            guard let tag, let part = part(&rest) else {
                result += Markup.escape(String(character))
                continue
            }
            result += "<\(tag)>\(Markup.escape(part))</\(tag)>"
        }
        return result
    }

    /// Takes what is raised or lowered off the front; `nil` where nothing is.
    private static func part(_ rest: inout Substring) -> String? {
        if rest.first == "(" {
            var depth = 0
            for place in rest.indices {
                if rest[place] == "(" { depth += 1 }
                if rest[place] == ")" { depth -= 1 }
                if depth == 0 {
                    let inside = rest[rest.index(after: rest.startIndex)..<place]
                    rest = rest[rest.index(after: place)...]
                    return String(inside)
                }
            }
            return nil
        }
        let word = rest.prefix {
            $0.isLetter || ($0.isASCII && $0.isNumber) || $0 == "−" || $0 == "+"
        }
        if word.isEmpty { return nil }
        rest = rest[word.endIndex...]
        return String(word)
    }
}
