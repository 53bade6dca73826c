import Canon
package import Experiment

/// Checked claims as text for papers: what the outputs give now, written as the claims are.
package enum ClaimsExport: String, Sendable, CaseIterable {
    case latex, csv, markdown

    /// The text for the checks, in their order.
    package func text(_ checks: [ClaimCheck]) -> String {
        switch self {
        case .latex: latex(checks)
        case .csv: csv(checks)
        case .markdown: markdown(checks)
        }
    }

    /// The macro of a claim: `polar-k1` is `\claimPolarKOne`, for a macro's name has letters only.
    package static func macro(_ name: String) -> String {
        let digits = [
            "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine",
        ]
        var macro = "claim"
        var isStart = true
        for character in name {
            if let digit = character.wholeNumberValue {
                macro += digits[digit]
                isStart = true
            } else if character.isLetter {
                macro += isStart ? character.uppercased() : String(character)
                isStart = false
            } else {
                isStart = true
            }
        }
        return "\\" + macro
    }

    /// Two claims whose names give one macro, if there are any: LaTeX would refuse the second.
    package static func clash(_ claims: [Claim]) -> (first: String, second: String, macro: String)?
    {
        var names: [String: String] = [:]
        for claim in claims {
            let macro = macro(claim.name)
            if let first = names.updateValue(claim.name, forKey: macro) {
                return (first, claim.name, macro)
            }
        }
        return nil
    }

    private func latex(_ checks: [ClaimCheck]) -> String {
        var text = "% Written by bitlaw claims export; every number comes from a checked output.\n"
        for check in checks {
            if case .figure = check.claim.expectation { continue }
            let value = LaTeXText.escaped(check.found ?? "??")
            text += "\\newcommand{\(ClaimsExport.macro(check.claim.name))}{\(value)}"
            text += check.verdict == .holds ? "\n" : "  % \(check.verdict.rawValue)\n"
        }
        return text
    }

    private func csv(_ checks: [ClaimCheck]) -> String {
        func field(_ text: String) -> String {
            // A spreadsheet would execute such a text; a number, with its sign, stays one.
            let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
            let text = isFormula && Double(text) == nil ? "'\(text)" : text
            guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return text }
            return "\"\(text.replacing("\"", with: "\"\""))\""
        }
        var text = "claim,claimed,found,number,verdict,action,output\n"
        for check in checks {
            text +=
                [
                    check.claim.name, check.claim.printed, check.found ?? "",
                    check.number.map { JSON.number($0).canonicalText } ?? "",
                    check.verdict.rawValue,
                    check.actions.joined(separator: " "), check.claim.output ?? "",
                ].map(field).joined(separator: ",") + "\n"
        }
        return text
    }

    private func markdown(_ checks: [ClaimCheck]) -> String {
        func cell(_ text: String) -> String {
            var out = ""
            for character in text {
                switch character {
                case "|", "\\", "*", "_", "`": out += "\\\(character)"
                case "<": out += "&lt;"
                case "&": out += "&amp;"
                default: out += character.isNewline ? " " : String(character)
                }
            }
            return out
        }
        func value(_ text: String) -> String {
            // The digest of a figure: its beginning tells figures apart.
            (try? Digest(hex: text)).map { "`\($0.short)`" } ?? cell(text)
        }
        var text =
            "| claim | says | claimed | found | verdict | from |\n|---|---|---|---|---|---|\n"
        for check in checks {
            let place = check.place
            text +=
                "| \(cell(check.claim.name)) | \(cell(check.claim.statement)) | "
                + "\(value(check.claim.printed)) | \(check.found.map(value) ?? "–") | "
                + "\(check.verdict.rawValue) | `\(place.replacing("|", with: "\\|"))` |\n"
        }
        return text
    }
}
