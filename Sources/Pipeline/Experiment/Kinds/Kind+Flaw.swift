import Canon

extension Kind {
    /// What makes a kind unfit for experiment files, and what to do about it; `nil` for one that is fit.
    ///
    /// The kinds that ship are held against it by a test; those that a program adds, when it starts.
    package var flaw: String? {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = name.utf8.first, letters ~= first | 0x20, isSafeName(name) else {
            return "its name is `\(visible(name))`"
                + "\n  expected: a letter, then letters, digits, `.`, `_`, `-`: mylab.walk"
        }
        if version < 1 { return "its version is \(version)\n  expected: 1, 2, 3 …" }
        if outputs.isEmpty {
            return "it has no output\n  expected: one OutputPort at least, which the stage writes"
        }
        let lists = [
            ("parameters", parameters.map { $0.name }), ("inputs", inputs.map { $0.name }),
            ("outputs", outputs.map { $0.name }), ("files", outputs.map { $0.fileName }),
        ]
        for (what, names) in lists {
            if let odd = names.first(where: { !isSafeName($0) }) {
                return "one of its \(what) is named `\(visible(odd))`"
                    + "\n  expected: letters, digits, `.`, `_`, `-`"
            }
            var seen: Set<String> = []
            if let twice = names.first(where: { !seen.insert($0).inserted }) {
                return "two of its \(what) are named `\(visible(twice))`"
                    + "\n  expected: a name of its own for each"
            }
        }
        return flawOfDefaults
    }

    private var flawOfDefaults: String? {
        for parameter in parameters {
            guard let value = parameter.defaultValue, !parameter.type.accepts(value) else {
                continue
            }
            return "the default of its parameter `\(parameter.name)` is "
                + visible(value.canonicalText, most: 80)
                + "\n  expected: \(parameter.type.text)"
        }
        return nil
    }
}
