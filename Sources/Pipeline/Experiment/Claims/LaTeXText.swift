/// Texts in documents of LaTeX.
package enum LaTeXText {
    /// A text that LaTeX prints as it is.
    package static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "\\": out += "\\textbackslash{}"
            case "{", "}", "&", "#", "$", "%", "_": out += "\\\(character)"
            case "^": out += "\\textasciicircum{}"
            case "~": out += "\\textasciitilde{}"
            case "<": out += "\\textless{}"
            case ">": out += "\\textgreater{}"
            case "|": out += "\\textbar{}"
            default: out += character.isNewline || character == "\t" ? " " : String(character)
            }
        }
        return out
    }
}
