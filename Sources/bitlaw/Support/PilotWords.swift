/// The words with which a pilot is started: those of the person, without what is the front end's alone.
enum PilotWords {
    private static let valued: Set<String> = ["--on", "-C", "--store", "-j", "--jobs"]
    private static let plain: Set<String> = [
        "--detach", "--open", "--json", "--quiet", "-q", "--verbose", "-v", "--locked",
    ]

    /// What is left of the words after `bitlaw run`, with the store by its path.
    static func of(_ words: some Sequence<String>, store: String) -> [String] {
        var kept: [String] = []
        var isValue = false
        var isLiteral = false
        for word in words {
            if isValue {
                isValue = false
                continue
            }
            if isLiteral {
                kept.append(word)
                continue
            }
            isLiteral = word == "--"
            if isLiteral { kept += ["--store", store] }
            if valued.contains(word) {
                isValue = true
                continue
            }
            let isJoined = valued.contains { $0.hasPrefix("--") && word.hasPrefix("\($0)=") }
            let isShort = word.hasPrefix("-j") && Int(word.dropFirst(2)) != nil
            if plain.contains(word) || isJoined || isShort { continue }
            kept.append(word)
        }
        return isLiteral ? kept : kept + ["--store", store]
    }
}
