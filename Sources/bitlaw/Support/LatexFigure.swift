import Canon
import Experiment
import Workbench

/// A picture in a paper: the figure with its caption, and the numbers that it shows as macros.
struct LatexFigure {
    /// The file for LaTeX.
    let text: String

    private static let digitNames = [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine",
    ]

    /// Writes the file; `documents` are the JSON outputs beside the picture.
    ///
    /// Of several pictures of an action one has its numbers, for LaTeX defines a macro once.
    init(picture: String, action: String, digest: Digest, documents: [JSON], hasNumbers: Bool) {
        let shown = documents.first { $0["format"] == "bitlaw/figure/1" }
        // LaTeX has a package of its own for SVG, which takes the name without its ending.
        let isVector = picture.hasSuffix(".svg")
        let name = isVector ? String(picture.dropLast(4)) : picture
        var lines = [
            "% \(LatexFigure.oneLine(action)), SHA-256 of the picture: \(digest.hex)",
            "% Numbers as macros; needs \\usepackage{\(isVector ? "svg" : "graphicx")}.",
        ]
        let stem = LatexFigure.macro(action)
        for (name, value) in hasNumbers ? LatexFigure.numbers(documents) : [] {
            let macro = stem + LatexFigure.macro(name)
            lines.append("\\newcommand{\\\(macro)}{\\ensuremath{\(LatexFigure.number(value))}}")
        }
        lines += [
            "\\begin{figure}", "  \\centering",
            "  \\include\(isVector ? "svg" : "graphics")[width=\\linewidth]{\(name)}",
        ]
        if let caption = shown?["caption"]?.text {
            lines.append("  \\caption{\(LatexFigure.escaped(caption))}")
        }
        lines += ["  \\label{fig:\(LatexFigure.label(action))}", "\\end{figure}", ""]
        text = lines.joined(separator: "\n")
    }

    /// The parameters of laws with their intervals, and of each series how many points it has and the last.
    private static func numbers(_ documents: [JSON]) -> [(String, Double)] {
        var numbers: [(String, Double)] = []
        var laws = documents.filter { $0["format"]?.text?.hasPrefix("bitlaw/law/") ?? false }
        laws += documents.flatMap { $0["laws"]?.elements ?? [] }
        for law in laws {
            let prefix = laws.count > 1 ? law["action"]?.text ?? "" : ""
            for name in JSON.sorted((law["parameters"]?.members ?? [:]).keys) {
                let parameter = law["parameters"]?[name]
                for (end, member) in [("", "value"), (" low", "low"), (" high", "high")] {
                    if let value = parameter?[member]?.double {
                        numbers.append(("\(prefix) \(name)\(end)", value))
                    }
                }
            }
        }
        for panel in documents.flatMap({ $0["panels"]?.elements ?? [] }) {
            for series in panel["series"]?.elements ?? [] where series["kind"] == "points" {
                let points = series["points"]?.elements ?? []
                let name = "\(panel["name"]?.text ?? "") \(series["name"]?.text ?? "")"
                numbers.append(("\(name) points", Double(points.count)))
                if let last = points.last?["y"]?.double { numbers.append(("\(name) last", last)) }
            }
        }
        // Names that differ in what a macro cannot have are counted: `A` and `ATwo`.
        var seen: [String: Int] = [:]
        return numbers.map { name, value in
            seen[macro(name), default: 0] += 1
            let count = seen[macro(name)] ?? 1
            return (count == 1 ? name : "\(name) \(count)", value)
        }
    }

    /// A name of letters alone: `law[k=3] alpha` is `LawKThreeAlpha`.
    private static func macro(_ text: String) -> String {
        var name = ""
        var isStart = true
        for character in text {
            if let digit = character.wholeNumberValue, character.isASCII {
                name += digitNames[digit]
                isStart = true
            } else if character.isASCII, character.isLetter {
                name += isStart ? character.uppercased() : String(character)
                isStart = false
            } else {
                isStart = true
            }
        }
        return name
    }

    /// A number with four significant digits, its power of ten as LaTeX sets it.
    private static func number(_ value: Double) -> String {
        if value.rounded() == value, value.magnitude < 1e6 { return "\(Int(value))" }
        return LawNumber(value, 4).latex
    }

    /// Text that LaTeX sets as it is, powers raised and indices lowered.
    ///
    /// What stands between grave accents is a name.
    private static func escaped(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().map { place, part in
            if place % 2 == 1 { return "\\texttt{\(LaTeXText.escaped(String(part)))}" }
            return PowerText(String(part)).runs.map { run in
                let words = LaTeXText.escaped(run.text)
                switch run.level {
                case .line: return words
                case .raised: return "\\textsuperscript{\(words)}"
                case .lowered: return "\\textsubscript{\(words)}"
                }
            }.joined()
        }.joined()
    }

    private static func label(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" })
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
