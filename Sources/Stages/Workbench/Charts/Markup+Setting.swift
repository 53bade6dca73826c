extension Markup {
    /// Text as a printer sets it: powers are raised, indices lowered, what stands between backticks is code.
    ///
    /// `n^−0.5`, `C^(1/3)`, `4.5e-7` and `σ_J` lose their carets, their `e` and their underscore; everything
    /// else stays as it is.
    package static func set(_ text: String) -> String { set(text) { $0 } }

    /// A value as a printer sets it: as ``set(_:)`` does, with names as the data have them, such as `c_5`.
    package static func setValue(_ text: String) -> String { set(text, isProse: false) { $0 } }

    /// Text, what is no code of it in other words.
    private static func set(
        _ text: String, isProse: Bool = true, _ words: (String) -> String
    ) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        // A backtick without its partner is one.
        guard parts.count % 2 == 1 else { return levelled(words(text), isProse) }
        return parts.enumerated().map { place, part in
            place % 2 == 0
                ? levelled(words(part), isProse)
                : part.isEmpty ? "``" : "<code>\(escape(part))</code>"
        }.joined()
    }

    /// A formula as a printer sets it: as ``set(_:)`` does, with Greek letters for their names, and with the
    /// signs of products and differences.
    package static func setFormula(_ text: String) -> String { set(text) { signs(greek($0)) } }

    /// A star between factors becomes a dot and a hyphen between terms a minus; `N*` keeps its star.
    private static func signs(_ text: String) -> String {
        let characters = Array(text)
        func isFactor(_ place: Int, _ bracket: Character) -> Bool {
            guard characters.indices.contains(place) else { return false }
            let character = characters[place]
            return character.isLetter || character.isNumber || "_.]".contains(character)
                || character == bracket
        }
        return String(
            characters.indices.map { place -> Character in
                switch characters[place] {
                case "*" where isFactor(place - 1, ")") && isFactor(place + 1, "("): return "·"
                case "-"
                where place > 0 && "(^ ".contains(characters[place - 1])
                    && characters.indices.contains(place + 1)
                    && (isFactor(place + 1, "(")
                        || characters[place + 1] == " "
                            && characters[place - 1] == " "):
                    return "−"
                default: return characters[place]
                }
            })
    }

    private static func levelled(_ text: String, _ isProse: Bool) -> String {
        PowerText(text, lowersIndices: isProse).runs.map { run in
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
