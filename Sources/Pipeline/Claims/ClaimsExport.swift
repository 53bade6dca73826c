import Cache

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

    private func latex(_ checks: [ClaimCheck]) -> String {
        var text = "% Written by bitlaw claims export; every number comes from a checked output.\n"
        for check in checks {
            if case .figure = check.claim.value { continue }
            let value = (check.found ?? "??").replacing("_", with: "\\_").replacing(
                "%", with: "\\%")
            text += "\\newcommand{\(ClaimsExport.macro(check.claim.name))}{\(value)}"
            text += check.verdict == .holds ? "\n" : "  % \(check.verdict.rawValue)\n"
        }
        return text
    }

    private func csv(_ checks: [ClaimCheck]) -> String {
        func field(_ text: String) -> String {
            guard text.contains(where: { ",\"\n".contains($0) }) else { return text }
            return "\"\(text.replacing("\"", with: "\"\""))\""
        }
        var text = "claim,claimed,found,number,verdict,action,output\n"
        for check in checks {
            text +=
                [
                    check.claim.name, check.claim.printed, check.found ?? "",
                    check.number.map { JSON.number($0).canonicalText } ?? "",
                    check.verdict.rawValue,
                    check.claim.action, check.claim.output ?? "",
                ].map(field).joined(separator: ",") + "\n"
        }
        return text
    }

    private func markdown(_ checks: [ClaimCheck]) -> String {
        func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
        var text =
            "| claim | says | claimed | found | verdict | from |\n|---|---|---|---|---|---|\n"
        for check in checks {
            let found = check.found.map { $0.count == 64 ? "`\($0.prefix(12))`" : $0 } ?? "–"
            let claimed =
                check.claim.printed.count == 64
                ? "`\(check.claim.printed.prefix(12))`" : check.claim.printed
            let place = "\(check.claim.action)\(check.claim.output.map { "/\($0)" } ?? "")"
            text +=
                "| \(check.claim.name) | \(cell(check.claim.statement)) | \(cell(claimed)) | "
                + "\(cell(found)) | \(check.verdict.rawValue) | `\(cell(place))` |\n"
        }
        return text
    }
}
