import ArgumentParser
import Canon
import Evidence
import LocalStore
import Run
import System
import Trust

/// What bounds a bundle from outside, and whose signatures count.
struct BundleTrust: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A public key (a file, 64 digits, or a name of `bitlaw keys`) whose signatures count.",
            discussion: "May be repeated."))
    var key: [String] = []

    @Option(help: "How many distinct signers of these every result needs.")
    var atLeast = 1

    @Option(help: "The most uncompressed bytes that are read.")
    var maxSize = 64 << 30

    var limits: ArchiveLimits { ArchiveLimits(bytes: maxSize) }

    func validate() throws {
        if maxSize < 1 || maxSize > 1 << 60 {
            throw ValidationError("--max-size \(maxSize): expected 1 to \(1 << 60)")
        }
        if atLeast < 1 { throw ValidationError("--at-least \(atLeast): expected 1 or more") }
    }
}

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
        let configuration = try ProjectConfiguration.load(project: project)
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

/// A public key, as people name it on the command line.
enum SignerArgument {
    /// The key of a file, of 64 digits, or of a name of `bitlaw keys`.
    ///
    /// - Throws: ``OperationalError``; a key that was revoked here is refused by any of its names.
    static func key(_ text: String, _ keyStore: KeyStore) throws -> VerifyingKey {
        let named = keyStore.trusted[text] ?? keyStore.revoked[text]
        let isDigits = text.utf8.count == 64 && !text.contains(where: { "./".contains($0) })
        let key =
            try named
            ?? (isDigits
                ? VerifyingKey(text: text, origin: "--key") : VerifyingKey(fileAt: text))
        if let name = keyStore.revoked.first(where: { $0.value == key })?.key {
            throw OperationalError(
                code: .untrusted, message: "--key \(text): this key was revoked, as \(name)",
                remedy: "ask its owner for a new one; a revoked key stays revoked")
        }
        return key
    }
}

/// Checks a bundle.
struct VerifyBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Check every digest, the chain back to the sources, and signatures by known keys.",
        discussion: """
            Signatures are checked by the keys that you trust (bitlaw keys), and by --key. Exit code 4
            where anything is wrong, or where a result lacks signatures: those that --at-least asks for,
            or those that the policy of the project's store asks for (`trust:` in bitlaw.yaml).
            verify.py inside the bundle does the same alone.

            EXAMPLE
              bitlaw bundle verify spiral.bundle.tar.zst --key ann.key.pub --key bob.key.pub --at-least 2
            """)

    @Argument(help: "The bundle.")
    var file: String

    @OptionGroup var common: StoreOptions

    @OptionGroup var trust: BundleTrust

    func run() throws {
        try common.enter()
        let project = ProjectFolder.of("./x")
        let checked = try CheckedBundle(file, trust, project: project)
        let (bundle, total) = (checked.bundle, checked.bundle.results.count)
        let configuration = try ProjectConfiguration.load(project: project)
        let policy =
            configuration.trust == .any
            ? .any : try configuration.trust.policy(try KeyStore(), configuration.keys)
        let short = bundle.results.values.filter { checked.refusal(of: $0) != nil }
        let untrusted = bundle.results.values.filter { !policy.accepts(bundle.signed($0)) }
        let signers = checked.signers()
        if common.json {
            Output.line(
                JSON.object([
                    "experiment": .string(bundle.experiment),
                    "files": .number(Double(bundle.files)),
                    "results": .number(Double(total)),
                    "problems": .array(bundle.problems.map { .string($0) }),
                    "remarks": .array(bundle.remarks.map { .string($0) }),
                    "signers": .array(
                        signers.map {
                            [
                                "name": .string($0.name), "key": .string($0.id.hex),
                                "results": .number(Double($0.results)),
                            ]
                        }),
                    "notSignedByEnough": names(short, bundle),
                    "notTrusted": names(untrusted, bundle),
                ]).canonicalText)
        } else {
            for problem in bundle.problems { Output.line(problem) }
            for signer in signers {
                Output.line("signed by \(signer.name): \(signer.results) of \(total) results")
            }
            if !checked.given.isEmpty {
                Output.line(
                    "\(total - short.count) of \(total) results are attested by at least "
                        + "\(trust.atLeast) of \(checked.given.count) signers")
            }
            if !policy.takesAny {
                Output.line(
                    "\(total - untrusted.count) of \(total) results have what the store asks for, "
                        + policy.text)
            }
            for remark in bundle.remarks { Output.line("note: \(remark)") }
            let verdict =
                bundle.problems.isEmpty
                ? "every digest is right" : "\(bundle.problems.count) problems"
            Output.line("\(bundle.files) files, \(total) results: \(verdict)")
        }
        if !bundle.problems.isEmpty || !short.isEmpty || !untrusted.isEmpty {
            throw ExitCode(Code.difference)
        }
    }

    private func names(_ results: [ActionResult], _ bundle: BundleReader) -> JSON {
        .array(results.map { bundle.names[$0.key] ?? $0.key.hex }.sorted().map { .string($0) })
    }
}

/// Takes a bundle's results into the store.
struct ImportBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Check a bundle and take its results into the store.",
        discussion: """
            Only results that the store's policy lets through are taken (`trust:` in bitlaw.yaml), and
            with --key only those that enough distinct signers attest. Exit code 4 where some were not.

            EXAMPLE
              bitlaw bundle import spiral.bundle.tar.zst --key ann.key.pub
            """)

    @Argument(help: "The bundle.")
    var file: String

    @OptionGroup var common: StoreOptions

    @OptionGroup var trust: BundleTrust

    func run() throws {
        try common.enter()
        let project = ProjectFolder.of("./x")
        let checked = try CheckedBundle(file, trust, project: project)
        let store = try common.open(project: project)
        let outcome = try BundleImport.run(
            checked.bundle, path: file, into: store, limits: trust.limits,
            known: checked.known.map { $0.key }, refusal: checked.refusal)
        let revoked = checked.signers().filter { $0.isRevoked }
        if common.json {
            Output.line(
                JSON.object([
                    "stored": .number(Double(outcome.stored)),
                    "known": .number(Double(outcome.known)),
                    "blobs": .number(Double(outcome.blobs)),
                    "conflicts": .array(outcome.conflicts.map { .string($0) }),
                    "refused": .array(outcome.refused.map { .string($0.name) }),
                    "reasons": .array(outcome.refused.map { .string($0.reason) }),
                ]).canonicalText)
        } else {
            for signer in revoked {
                Output.line("\(signer.results) results are signed by \(signer.name)")
            }
            for name in outcome.conflicts {
                Output.line("\(name): the store has other bits under this key; both are kept")
            }
            for refused in outcome.refused {
                Output.line("\(refused.name): not taken, \(refused.reason)")
            }
            Output.line(
                "\(outcome.stored) results taken, \(outcome.known) were there, \(outcome.blobs) blobs"
            )
        }
        if !outcome.conflicts.isEmpty || !outcome.refused.isEmpty {
            throw ExitCode(Code.difference)
        }
    }
}

/// Prints the verifier that needs no bitlaw.
struct PrintVerifier: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verifier",
        abstract: "Print verify.py, which checks bundles with Python and zstd alone.",
        discussion: """
            The one inside a bundle comes from whoever made the bundle; this one comes from here.

            EXAMPLE
              bitlaw bundle verifier > verify.py
              python3 verify.py spiral.bundle.tar.zst ann.key.pub
            """)

    func run() { Output.write(BundleVerifierScript.text) }
}
