import ArgumentParser
import Canon
import Evidence
import Experiment
import Glibc
import LocalStore
import Run
import System
import Trust

/// Writes a bundle.
struct CreateBundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Write the bundle of an experiment whose results are complete.",
        discussion: """
            Equal results give equal bytes (and with another version of zstd an equal tar inside). Where \
            you have a key (bitlaw keys new), the results that you made here are signed, as a push signs \
            them; signatures of others that the store has travel along.

            EXAMPLE
              bitlaw bundle pipelines/spiral.yaml --attestation mine.intoto.json
              bitlaw bundle pipelines/spiral.yaml --meta-only --to spiral-meta.tar.zst
            """)

    @OptionGroup var options: ExperimentOptions

    @Option(help: "Write it into this file (default: EXPERIMENT.bundle.tar.zst).")
    var to: String?

    @Flag(help: "Leave the outputs' bytes out: digests, keys and recipes alone.")
    var metaOnly = false

    @Option(help: "A signed audit to put in; may be repeated.")
    var attestation: [String] = []

    @Flag(help: "Do not sign the results, though you have a key.")
    var unsigned = false

    @Flag(help: "Put the programs' logs in too; they may name folders, users and hosts.")
    var logs = false

    @Flag(help: "Put in files that stand outside the project, where links lead, too.")
    var includeOutside = false

    @Option(help: "The licence of the data: a URI or a sentence.")
    var license = "No licence is stated; ask the authors."

    @Option(
        help: "Who made it, NAME or \"NAME <https://orcid.org/...>\" (default: nobody is named).")
    var author: String?

    /// What a reader need not learn: where the project and its owner's files are.
    private func folders(of graph: ActionGraph) -> [String] {
        let home = EnvironmentVariables.person["HOME"] ?? ""
        return [graph.project, home].filter { $0.utf8.count > 1 && $0.hasPrefix("/") }
    }

    func run() throws {
        let (graph, store) = try options.open(creating: false)
        let results = try ResultList.complete(graph: graph, store: store, registry: allKinds)
        try requireAsLocked(results, graph, store)
        let signed = try attestation.map { try audit(at: $0, of: results, graph) }
        let outside = includeOutside ? .none : try FilesOutside(of: graph)
        try requireNoCopies(of: outside, results, store)
        let path = to ?? "\(graph.experiment).bundle.tar.zst"
        try requireNoOther(at: path)
        let scratch = try ScratchFolder(store)
        defer { scratch.remove() }
        let signer = unsigned ? nil : try KeyStore().signingKey()
        let account = signer == nil ? nil : try Account.known()
        let (files, telling, notSigned) = try BundleWriter(
            graph: graph, store: store, results: results, attestations: signed,
            signer: signer.map { ($0, of: account) }, outside: outside, isMetaOnly: metaOnly,
            hasLogs: logs, license: license, author: author
        ).write(to: path, scratch: scratch.path, folders: folders(of: graph))
        for name in telling.prefix(10) {
            Output.error("note: \(name) names a folder of this machine\n")
        }
        if telling.count > 10 {
            Output.error("note: and so do \(telling.count - 10) more\n")
        }
        for line in NotSigned.lines(notSigned, of: options.experiment) {
            Output.error((line.hasPrefix(" ") ? line : "note: \(line)") + "\n")
        }
        for file in outside.files {
            Output.error(
                "left out: \(printable(file.path)) stands outside the project; readers can check what "
                    + "reads it, and not make that again\n  fix: if it may be published, "
                    + "--include-outside\n")
        }
        let digest = try store.digest(ofExternalFile: path)
        if options.common.json {
            Output.document(
                [
                    "bundle": .string(path), "files": .number(Double(files)),
                    "bytes": .number(Double(digest.size)), "sha256": .string(digest.digest.hex),
                    "leftOut": .array(outside.files.map { .string(printable($0.path)) }),
                ], .bundleCreate)
        } else {
            Output.line(
                "\(path): \(counted(files, "file")), \(ByteCount.text(digest.size)), "
                    + "sha256 \(digest.digest.hex)")
        }
    }

    /// Refuses to publish as an output what is left out as a file.
    private func requireNoCopies(of outside: FilesOutside, _ results: ResultList, _ store: Store)
        throws
    {
        if outside.files.isEmpty || metaOnly { return }
        for entry in results.entries {
            guard let key = entry.key, let result = try store.result(for: key)?.result,
                let file = try outside.copy(in: result, of: store)
            else { continue }
            throw UsageError(
                text:
                    "\(printable(entry.name)): an output is \(printable(file.path)) byte for byte, "
                    + "which stands outside the project; nothing was written\n"
                    + "  fix: if it may be published, --include-outside; or --meta-only")
        }
    }

    /// Refuses to take the place of a file that is no bundle: every bundle begins as zstd says.
    private func requireNoOther(at path: String) throws {
        guard let file = try PlainFile.open(path), file.size > 0 else { return }
        guard try file.read(4) == [0x28, 0xB5, 0x2F, 0xFD] else {
            throw UsageError(
                text: "\(path): expected nothing or an earlier bundle there, found another file\n"
                    + "  fix: name another file with --to, or move this one")
        }
    }

    /// Ends the command where the results are not those of the lock file.
    private func requireAsLocked(_ results: ResultList, _ graph: ActionGraph, _ store: Store) throws
    {
        guard let lock = try LockFile.readIfAny(LockFile.path(of: graph.file)) else { return }
        let differences = ResultDifference.list(lock, results, document: store.keyDocument)
        if differences.isEmpty { return }
        for difference in differences {
            for line in difference.lines { Output.error("not as locked: \(line)\n") }
        }
        Output.error("fix: bitlaw lock \(graph.file), if the new results are meant\n")
        throw ExitCode(Code.difference)
    }

    /// The bytes of a signed audit, which has to be one of some of these results.
    private func audit(at path: String, of results: ResultList, _ graph: ActionGraph) throws
        -> [UInt8]
    {
        guard let bytes = try readWholeFile(path) else {
            throw UsageError(text: "--attestation \(path): no such file")
        }
        let envelope = try DSSEEnvelope(parsing: bytes, origin: path)
        let audit = try Attestation(try Statement(in: envelope, origin: path), origin: path)
        let keys = Set(results.entries.compactMap { $0.key })
        guard audit.results.contains(where: { keys.contains($0.key) }) else {
            throw UsageError(
                text:
                    "--attestation \(path): expected an audit of results of \(graph.file), found "
                    + "one of \(audit.experiment) with none of their keys")
        }
        return bytes
    }
}
