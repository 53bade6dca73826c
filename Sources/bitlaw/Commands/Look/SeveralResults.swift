import Canon
import LocalStore
import System
import Trust

/// Results with different bits under one key, and who signed which.
struct SeveralResults {
    /// All of them, with their signers' names; empty where there is one result or none.
    let results: [(result: ActionResult, signers: [String])]
    /// Whether what made the result that counts could do no more than a confined program; `nil` for none.
    let isConfined: Bool?
    /// The account that asks, for what it made itself.
    private let account: AccountSecret?

    /// Reads the results of a key.
    init(_ key: Digest?, _ store: Store) throws {
        account = try Account.known()
        let found = try key.map { try store.candidates(for: $0, layer: 0) } ?? []
        isConfined = found.first?.isConfined
        guard found.count > 1 else {
            results = []
            return
        }
        let keys = TrustPolicy(required: 1, signers: try KeyStore().trusted)
        results = try found.map { ($0, keys.approvers(of: try store.signed($0))) }
    }

    /// For people.
    var lines: [String] {
        let confined =
            isConfined == false ? ["  its result was made by a program that was not confined"] : []
        if results.isEmpty { return confined }
        var lines = ["  \(results.count) results with different bits stand under this key:"]
        for (place, (result, names)) in results.enumerated() {
            let signers =
                names.isEmpty
                ? "signed by nobody you trust" : "signed by \(names.joined(separator: ", "))"
            lines.append(
                "    \(place == 0 ? "first" : "other")  made \(result.madeAt)"
                    + (result.isMade(by: account) ? " here" : "") + ", \(signers)"
                    + (result.isConfined ? "" : ", not confined"))
            lines += result.outputs.map { output in
                let isDifferent = results.contains {
                    $0.result.output(output.name)?.digest != output.digest
                }
                return "      \(output.name)  \(output.digest.short)  "
                    + ByteCount.text(output.size) + (isDifferent ? "  differs" : "")
            }
        }
        return confined + lines + [
            "    fix: bitlaw audit makes it again here and says which of them is right"
        ]
    }
}
