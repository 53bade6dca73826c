import Canon

/// Which names stages, axes, constants and parameters may have.
struct NameRule {
    /// Whether the name stands in expressions, where `-` subtracts.
    let isInExpressions: Bool

    /// Whether a name can be used; one that cannot is told.
    func allows(_ key: YAMLKey, _ diagnostics: Diagnostics) -> Bool {
        guard let first = key.name.utf8.first, first >= 0x41 || first == UInt8(ascii: "_"),
            isSafeName(key.name), !key.name.contains("."),
            !["and", "or", "not", "true", "false"].contains(key.name),
            !isInExpressions || !key.name.contains("-")
        else {
            var advice = ["expected: a letter, then letters, digits, `_`"]
            if isInExpressions && key.name.contains("-") {
                advice.append(
                    "`-` subtracts in an expression: write `\(key.name.replacing("-", with: "_"))`")
            } else if !isInExpressions {
                advice = ["expected: a letter, then letters, digits, `_`, `-`"]
            }
            diagnostics.add("the name `\(key.name)` is not allowed", key.place, advice)
            return false
        }
        return true
    }
}
