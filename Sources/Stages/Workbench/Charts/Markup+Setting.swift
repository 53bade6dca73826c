extension Markup {
    /// Text as a printer sets it: powers are raised, indices lowered, what stands between backticks is code.
    ///
    /// `n^−0.5`, `C^(1/3)`, `4.5e-7` and `σ_J` lose their carets, their `e` and their underscore; everything
    /// else stays as it is.
    package static func set(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        // A backtick without its partner is one.
        guard parts.count % 2 == 1 else { return levelled(text) }
        return parts.enumerated().map { place, part in
            place % 2 == 0 ? levelled(part) : part.isEmpty ? "``" : "<code>\(escape(part))</code>"
        }.joined()
    }

    /// A formula as a printer sets it: as ``set(_:)`` does, with Greek letters for their names.
    package static func setFormula(_ text: String) -> String { set(greek(text)) }

    private static func levelled(_ text: String) -> String {
        PowerText(text).runs.map { run in
            switch run.level {
            case .line: escape(run.text)
            case .raised: "<sup>\(escape(bare(run.text)))</sup>"
            case .lowered: "<sub>\(escape(run.text))</sub>"
            }
        }.joined()
    }

    /// A power without the brackets that only a line needs.
    private static func bare(_ power: String) -> String {
        guard power.hasPrefix("("), power.hasSuffix(")") else { return power }
        let inside = power.dropFirst().dropLast()
        var depth = 0
        for character in inside {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if depth < 0 { return power }
        }
        return String(inside)
    }

    private static let letters: [String: Substring] = [
        "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eta": "η", "lambda": "λ", "mu": "μ",
        "sigma": "σ", "tau": "τ",
    ]

    private static func greek(_ text: String) -> String {
        var out = ""
        var word = ""
        func close() {
            let stem = word.prefix { $0 != "_" }
            out += (letters[String(stem)] ?? stem) + word.dropFirst(stem.count)
            word = ""
        }
        for character in text {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
            } else {
                close()
                out.append(character)
            }
        }
        close()
        return out
    }
}
