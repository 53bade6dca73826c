import ArgumentParser
import Canon
import Evidence
import Experiment
import LocalStore
import Remotes
import Run
import System
import Trust
import Workbench

/// Signs results, those of others once their bits agree here.
struct SignCommand: ParsableCommand {
    /// What has to agree before a result of somebody else is signed.
    enum Proof: String, ExpressibleByArgument, CaseIterable {
        case spotCheck = "spot-check"
    }

    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign an experiment's results; those of others are executed here first.",
        discussion: """
            push and bundle sign what you made here. This signs what you only pulled too, once you have \
            executed it: each action once more, from its recorded inputs, in a store of its own. A \
            signature stands for one execution by its signer, so that k signers are worth k executions: \
            with --share the rest of the results is not signed. If one bit differs, nothing is signed.

            EXIT CODES
              0 signed   4 something came out otherwise, and nothing is signed

            EXAMPLE
              bitlaw sign pipelines/spiral.yaml --after spot-check
              bitlaw sign pipelines/spiral.yaml law --after spot-check --share 10%
            """)

    @OptionGroup var options: ExperimentOptions

    @OptionGroup var chosen: TargetOptions

    @Option(help: "What has to agree first: spot-check executes them here.")
    var after: Proof

    @Option(help: "Which share of what came from elsewhere is executed, and signed.")
    var share: String = "100%"

    @Flag(name: [.customShort("n"), .long], help: "Only say what would be executed and signed.")
    var dryRun = false

    func run() throws {
        guard let part = Percentage.read(share), part > 0 else {
            throw UsageError(text: "--share \(share): expected a share such as 10%")
        }
        let (graph, store) = try options.open(creating: false)
        let (signer, account) = try signerAndAccount()
        if !dryRun { try store.requireWritable() }
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let found = try SignableResults(
            of: graph, plan: plan, store: store, wanted: chosen.selection.wanted(in: graph),
            account: account)
        let check = SpotCheck(
            found.others.keys.sorted().map { ($0, store.path) }, plan: plan, graph: graph,
            share: { _ in part })
        if dryRun { return tell(check.chosen.count, found, check) }
        let results = try execute(check, graph, store, account).compactMap { found.others[$0] }
        try store.claim(results, by: account)
        try store.add(
            signaturesOf: (found.made + results).map { result in
                SignedResult(result, signatures: [result.signature(by: signer)].compactMap(\.self))
            })
        tell(results.count, found, check)
    }

    private func signerAndAccount() throws -> (SigningKey, AccountSecret) {
        guard let signer = try KeyStore().signingKey() else {
            throw UsageError(text: "you have no key to sign with\n  fix: bitlaw keys new NAME")
        }
        let account = dryRun ? try Account.known() ?? AccountSecret() : try Account.secret()
        guard let account else {
            throw UsageError(
                text: "without a secret of your account nothing says later what you executed\n"
                    + "  fix: name a file of 32 random bytes, mode 600, in BITLAW_ACCOUNT_SECRET")
        }
        return (signer, account)
    }

    /// Executes the sample; ends the command where anything came out otherwise, or was not executed.
    ///
    /// - Returns: the actions that gave every bit as it stands in the store.
    private func execute(
        _ check: SpotCheck, _ graph: ActionGraph, _ store: Store, _ account: AccountSecret
    ) throws -> [Int] {
        if check.chosen.isEmpty { return [] }
        let consent = try Consent.require(for: graph) { check.chosen }
        let folder = try ScratchFolder(store)
        defer { folder.remove() }
        var run = RunOptions(
            jobs: Processors.count, worker: try WorkerStart.words(), person: .person,
            consent: consent)
        run.account = account
        let actions = try check.runAll(
            store: store, registry: allKinds, formats: StandardFormats(), options: run,
            scratch: folder.path)
        let same = Set(actions.filter { $0.verdict == .identical }.map { $0.name })
        let bad = actions.filter { $0.verdict != .identical }
        for action in bad {
            Output.error("\(action.name):\n" + action.lines.map { "  \($0)\n" }.joined())
        }
        guard bad.isEmpty, same.count == check.chosen.count else {
            try check.keep(bad.filter { $0.verdict == .different }, of: folder.path, in: store)
            Output.error(
                "nothing is signed: \(same.count) of \(check.chosen.count) came out the same here\n"
                    + "  fix: bitlaw why shows both results where the bits differ\n")
            throw ExitCode(Code.difference)
        }
        return check.chosen
    }

    private func tell(_ executed: Int, _ found: SignableResults, _ check: SpotCheck) {
        let left = found.others.count - check.chosen.count
        if options.common.json {
            return Output.document(
                [
                    "signed": .number(Double(executed + found.made.count)),
                    "executed": .number(Double(executed)),
                    "madeHere": .number(Double(found.made.count)),
                    "notExecuted": .number(Double(left)),
                    "notExecutable": .number(Double(found.silent.count)),
                    "missing": .number(Double(found.missing)), "dryRun": .bool(dryRun),
                ], .sign)
        }
        if options.common.quiet { return }
        Output.line(
            "\(dryRun ? "would sign" : "signed") \(counted(executed + found.made.count, "result")): "
                + "\(executed) executed again here\(dryRun ? "" : ", every output bit-identical"), "
                + "\(found.made.count) made here before")
        if left > 0 {
            Output.line(
                "not signed: \(counted(left, "result")) that came from elsewhere and "
                    + "\(left == 1 ? "is" : "are") not in the share of \(share)")
        }
        if !found.silent.isEmpty {
            Output.line(
                "not signed: \(counted(found.silent.count, "result")) that no execution can confirm "
                    + "(downloads, measurements, frozen results)")
        }
        if found.missing > 0 {
            Output.line(
                "\(counted(found.missing, "action has", "actions have")) no result yet: bitlaw run, or "
                    + "bitlaw pull")
        }
    }
}
