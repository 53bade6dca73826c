import Canon

/// Picks one of several ways to write a constant or an axis by the value of a constant.
///
/// `{choose: scale, S: 256, paper: 4096}` is 256 where the constant `scale` is `S`. What was not
/// chosen is not read, so it reaches no key.
struct ChoiceReader {
    let diagnostics: Diagnostics
    /// The constants that stand above.
    let constants: Names

    /// The chosen case; a value that is no choice as it is; `nil` after a mistake, which is told.
    func resolve(_ value: YAMLValue) -> YAMLValue? {
        guard let members = value.members,
            let (key, chooser) = members.first(where: { $0.key.name == "choose" })
        else { return value }
        guard let name = chooser.text, let constant = constants[name] else {
            diagnostics.add(
                "`choose` names \(chooser.found), which is no constant above", chooser.place,
                notes(forUnknown: chooser.text ?? "", allowed: constants.json.keys.sorted()))
            return nil
        }
        let wanted = constant.inText
        let cases = members.filter { $0.key.name != "choose" }
        guard let (_, chosen) = cases.first(where: { isCase($0.key.name, of: constant) }) else {
            diagnostics.add(
                "no case for `\(wanted)`, the value of the constant `\(name)`", key.place,
                notes(forUnknown: wanted, allowed: cases.map { $0.key.name }))
            return nil
        }
        return resolve(chosen)
    }

    /// Whether a case is meant by a value: it is written as the value is, or is the same number.
    private func isCase(_ name: String, of value: Value) -> Bool {
        if JSON.string(name) == JSON.string(value.inText) { return true }
        guard value.json.double != nil, let number = PlainScalar.number(name) else { return false }
        return number.json == value.json
    }
}
