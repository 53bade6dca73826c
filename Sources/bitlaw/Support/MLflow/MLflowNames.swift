/// Names as MLflow takes them: letters, digits, `_`, `-`, `.` and blanks, at most 250, none twice.
struct MLflowNames {
    /// What could not be named, in words.
    var remarks: [String] = []
    private var taken: Set<String> = []

    private static let mostLetters = 250

    /// Gives the name that MLflow takes for a parameter or metric; nothing where another has it already.
    mutating func add(_ name: String, of sort: String, _ use: (String) -> Void) {
        let safe = MLflowNames.safe(name)
        guard taken.insert("\(sort) \(safe)").inserted else {
            remarks.append("\(sort) `\(name)` is left out: MLflow would call two of them `\(safe)`")
            return
        }
        use(safe)
    }

    private static func safe(_ name: String) -> String {
        var safe = ""
        for letter in name.prefix(mostLetters) {
            let isKnown = letter.isLetter || letter.isNumber || "_-. ".contains(letter)
            safe.append(isKnown ? letter : "_")
        }
        // MLflow reads a name as a path.
        return safe.allSatisfy { $0 == "." } ? "_" + safe : safe
    }
}
