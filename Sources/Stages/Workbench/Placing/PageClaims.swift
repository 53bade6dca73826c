import Canon
import Experiment

/// The claims that a page may place, from one file or several.
struct PageClaims {
    /// The claims in their order, each with the path of its file.
    let all: [(claim: Claim, path: String)]

    /// Reads claims files.
    ///
    /// - Throws: ``ExperimentError`` with every mistake; ``FormatError`` for a name that two files give.
    init(_ files: [StageInput]) throws {
        var all: [(claim: Claim, path: String)] = []
        var paths: [String: String] = [:]
        for file in files {
            let read = try ClaimsFile(
                path: file.producer, bytes: file.bytes(), isStandingAlone: false)
            for claim in read.claims {
                if let other = paths[claim.name] {
                    throw FormatError(
                        "\(file.producer):\(claim.line): the claim `\(claim.name)` is in \(other) too; "
                            + "expected another name")
                }
                paths[claim.name] = file.producer
                all.append((claim, file.producer))
            }
        }
        self.all = all
    }

    /// The claims of a pattern: a name, or the beginning of names before a `*`.
    ///
    /// - Throws: ``ResultError`` where none is called so.
    func named(_ pattern: Placing.Part) throws(ResultError) -> [(claim: Claim, path: String)] {
        let found =
            pattern.text.hasSuffix("*")
            ? all.filter { $0.claim.name.hasPrefix(pattern.text.dropLast()) }
            : all.filter { $0.claim.name == pattern.text }
        guard found.isEmpty else { return found }
        let names = all.map { $0.claim.name }
        throw ResultError(
            "no claim is called `\(pattern.text)`", at: pattern.offset,
            names.isEmpty
                ? ["the page is given no claims: inputs: {claims: file:NAME.claims.yaml}"]
                : ["expected: \(ForeignTable.names(names))"]
                    + nearest(pattern.text, among: names))
    }
}
