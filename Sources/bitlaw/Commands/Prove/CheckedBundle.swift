import Canon
import Evidence
import LocalStore
import Run
import Trust

/// A bundle from outside, checked, with who vouches for what in it.
struct CheckedBundle {
    let bundle: BundleReader
    /// The keys of the command line.
    let given: [VerifyingKey]
    /// Every key that is known here, by the name that it has here.
    let known: [(name: String, key: VerifyingKey, isRevoked: Bool)]
    private let agreement: Agreement
    private let atLeast: Int

    init(_ path: String, _ trust: BundleTrust, project: String) throws {
        let keyStore = try KeyStore()
        let configuration = try ProjectConfiguration.load(project: project, for: .person)
        given = try Set(trust.key.map { try SignerArgument.key($0, keyStore) }).sorted {
            $0.id < $1.id
        }
        var names: [VerifyingKey: String] = [:]
        for key in given { names[key] = String(key.id.short) }
        for (name, key) in configuration.keys { names[key] = name }
        for (name, key) in keyStore.trusted { names[key] = name }
        for (name, key) in keyStore.revoked { names[key] = "\(name) (revoked)" }
        known = names.map { ($0.value, $0.key, keyStore.isRevoked($0.key)) }.sorted {
            $0.0 < $1.0
        }
        let counting = known.filter { !$0.isRevoked }.map { $0.key }
        atLeast = trust.atLeast
        var bundle = try BundleReader(path: path, limits: trust.limits)
        bundle.checkExperiment(registry: allKinds)
        bundle.checkSignatures(by: counting)
        agreement = try bundle.agreement(keys: counting)
        self.bundle = bundle
    }

    /// Why a result is not vouched for by enough of the given keys; `nil` where it is, or none are given.
    func refusal(of result: ActionResult) -> String? {
        if given.isEmpty { return nil }
        let count = vouchers(for: result, among: given).count
        return count >= atLeast ? nil : "fewer than \(atLeast) given keys attest it"
    }

    /// Who vouches for results, in words: the known signers with how many results each.
    func signers() -> [(name: String, id: Digest, isRevoked: Bool, results: Int)] {
        var counts: [Digest: Int] = [:]
        for result in bundle.results.values {
            for id in vouchers(for: result, among: known.map { $0.key }) {
                counts[id, default: 0] += 1
            }
        }
        return known.compactMap { name, key, isRevoked in
            counts[key.id].map { (name, key.id, isRevoked, $0) }
        }
    }

    private func vouchers(for result: ActionResult, among keys: [VerifyingKey]) -> Set<Digest> {
        let ids = Set(keys.map { $0.id })
        return bundle.vouchers(for: result, among: keys, agreement: agreement).intersection(ids)
    }
}
