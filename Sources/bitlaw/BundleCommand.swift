import ArgumentParser
import Cache
import Glibc
import Pipeline
import Stages

/// One file with everything that proves an experiment.
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Write, check or import one file with everything that proves an experiment.",
        discussion: """
            A bundle is a tar archive in zstd: experiment, lock file, key documents, results, signed
            audits, a script of every recipe, and verify.py, which checks it without bitlaw.

            EXAMPLE
              bitlaw bundle pipelines/spiral.yaml
              bitlaw bundle verify spiral.bundle.tar.zst
              bitlaw bundle import spiral.bundle.tar.zst
            """,
        subcommands: [CreateBundle.self, VerifyBundle.self, ImportBundle.self],
        defaultSubcommand: CreateBundle.self)
}

/// Writes a bundle.
struct CreateBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Write the bundle of an experiment whose results are complete.",
        discussion: """
            Equal results give equal bytes (and with another version of zstd an equal tar inside).

            EXAMPLE
              bitlaw bundle pipelines/spiral.yaml --attestation mine.intoto.json
              bitlaw bundle pipelines/spiral.yaml --meta-only --to spiral-meta.tar.zst
            """)

    @OptionGroup var options: ExperimentOptions

    @Option(help: "Where to (default: EXPERIMENT.bundle.tar.zst).")
    var to: String?

    @Flag(help: "Leave the outputs' bytes out: digests, keys and recipes alone.")
    var metaOnly = false

    @Option(help: "A signed audit to put in; may be repeated.")
    var attestation: [String] = []

    @Option(help: "The licence of the data: a URI or a sentence.")
    var license = "No licence is stated; ask the authors."

    func run() throws {
        let (graph, store) = try options.open(creating: false)
        let results = try ResultList.complete(graph: graph, store: store, registry: allKinds)
        if let lock = try LockFile.readIfAny(LockFile.path(of: graph.file)) {
            let differences = ResultDifference.list(lock, results, document: store.keyDocument)
            if !differences.isEmpty {
                for difference in differences {
                    for line in difference.lines { Output.error("not as locked: \(line)\n") }
                }
                Output.error("fix: bitlaw lock \(graph.file), if the new results are meant\n")
                throw ExitCode(Code.difference)
            }
        }
        let signed = try attestation.map { path in
            guard let bytes = try readWholeFile(path) else {
                throw UsageError(text: "--attestation \(path): no such file")
            }
            let envelope = try DSSEEnvelope(parsing: bytes, origin: path)
            _ = try Attestation(try Statement(in: envelope, origin: path), origin: path)
            return bytes
        }
        let path = to ?? "\(graph.experiment).bundle.tar.zst"
        let scratch = try ScratchFolder(store)
        defer { scratch.remove() }
        let files = try BundleWriter(
            graph: graph, store: store, results: results, attestations: signed,
            isMetaOnly: metaOnly, license: license
        ).write(to: path, scratch: scratch.path)
        let digest = try store.digest(ofExternalFile: path)
        if options.common.json {
            Output.line(
                JSON.object([
                    "bundle": .string(path), "files": .number(Double(files)),
                    "bytes": .number(Double(digest.size)), "sha256": .string(digest.digest.hex),
                ]).canonicalText)
        } else {
            Output.line(
                "\(path): \(files) files, \(digest.size) bytes, sha256 \(digest.digest.hex)")
        }
    }
}

/// What bounds a bundle from outside, and whose signatures count.
struct BundleTrust: ParsableArguments {
    @Option(help: "A public key whose signed audits count; may be repeated.")
    var key: [String] = []

    @Option(help: "How many distinct signers every result needs.")
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

    /// The bundle, checked, and who attests what; the latter only where keys were given.
    func read(_ path: String) throws -> (bundle: BundleReader, agreement: Agreement?) {
        let keys = try key.map { try VerifyingKey(fileAt: $0) }
        var bundle = try BundleReader(path: path, limits: limits)
        let agreement = keys.isEmpty ? nil : try bundle.agreement(keys: keys)
        return (bundle, agreement)
    }
}

/// Checks a bundle.
struct VerifyBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Check every digest, the chain back to the sources, and signatures by given keys.",
        discussion: """
            Exit code 4 where anything is wrong. verify.py inside the bundle does the same alone.

            EXAMPLE
              bitlaw bundle verify spiral.bundle.tar.zst --key ann.key.pub --key bob.key.pub --at-least 2
            """)

    @Argument(help: "The bundle.")
    var file: String

    @OptionGroup var common: StoreOptions

    @OptionGroup var trust: BundleTrust

    func run() throws {
        try common.enter()
        let (bundle, agreement) = try trust.read(file)
        let short = bundle.results.values.filter { result in
            agreement.map { BundleReader.signers(of: result, in: $0) < trust.atLeast } ?? false
        }
        if common.json {
            Output.line(
                JSON.object([
                    "experiment": .string(bundle.experiment),
                    "files": .number(Double(bundle.files)),
                    "results": .number(Double(bundle.results.count)),
                    "problems": .array(bundle.problems.map { .string($0) }),
                    "notSignedByEnough": .array(
                        short.map { .string(bundle.names[$0.key] ?? $0.key.hex) }),
                ]).canonicalText)
        } else {
            for problem in bundle.problems { Output.line(problem) }
            if let agreement {
                Output.line(
                    "\(bundle.results.count - short.count) of \(bundle.results.count) results are "
                        + "attested by at least \(trust.atLeast) of \(agreement.signers.count) signers"
                )
            }
            let verdict =
                bundle.problems.isEmpty
                ? "every digest is right" : "\(bundle.problems.count) problems"
            Output.line("\(bundle.files) files, \(bundle.results.count) results: \(verdict)")
        }
        if !bundle.problems.isEmpty || !short.isEmpty { throw ExitCode(Code.difference) }
    }
}

/// Takes a bundle's results into the store.
struct ImportBundle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Check a bundle and take its results into the store.",
        discussion: """
            With --key, only results that enough distinct signers attest are taken.

            EXAMPLE
              bitlaw bundle import spiral.bundle.tar.zst --key ann.key.pub
            """)

    @Argument(help: "The bundle.")
    var file: String

    @OptionGroup var common: StoreOptions

    @OptionGroup var trust: BundleTrust

    func run() throws {
        try common.enter()
        let (bundle, agreement) = try trust.read(file)
        let store = try common.open(project: ProjectFolder.of("./x"))
        let scratch = try ScratchFolder(store)
        defer { scratch.remove() }
        let outcome = try BundleImport.run(
            bundle, path: file, into: store, scratch: scratch.path, limits: trust.limits
        ) { result in
            agreement.map { BundleReader.signers(of: result, in: $0) >= trust.atLeast } ?? true
        }
        if common.json {
            Output.line(
                JSON.object([
                    "stored": .number(Double(outcome.stored)),
                    "known": .number(Double(outcome.known)),
                    "blobs": .number(Double(outcome.blobs)),
                    "conflicts": .array(outcome.conflicts.map { .string($0) }),
                    "refused": .array(outcome.refused.map { .string($0) }),
                ]).canonicalText)
        } else {
            for name in outcome.conflicts {
                Output.line("\(name): the store has other bits under this key; both are kept")
            }
            for name in outcome.refused {
                Output.line("\(name): not taken, fewer than \(trust.atLeast) given keys attest it")
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
