import ArgumentParser
import Canon
import Evidence
import Experiment
import Glibc
import LocalStore
import Run
import System
import Trust
import Workbench

/// Makes results again apart from the store, and compares bits.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Make results again from the sources, apart from the store, and compare the bits.",
        discussion: """
            Everything runs in a fresh store that never reads the results under audit. The report \
            lists every difference (elements, cells, values, pixels, lines), and where it entered. A \
            stage may say what may differ: `deterministic: false`, `compare`. Where programs cannot be \
            confined, only --unconfined audits them. With --merge the files are signed audits of \
            several people.

            EXIT CODES
              0 identical, within tolerance, or different as stages say
              1 something could not be run or compared   2 programs would not be confined
              4 different, or a program wrote results into the audit's store

            EXAMPLE
              bitlaw audit pipelines/spiral.yaml
              bitlaw audit pipelines/spiral.yaml --sample 5% --seed 7
              bitlaw audit pipelines/spiral.yaml --against pipelines/spiral.yaml.lock
              bitlaw audit pipelines/spiral.yaml 'law[k=1]' --each-alone
              bitlaw audit pipelines/spiral.yaml --sign my.key --attestation mine.json
              bitlaw audit --merge mine.json yours.json --key my.key.pub --key yours.pub
            """)

    @Argument(
        help: """
            The experiment file, then actions, stages, or parts of sweeps such as 'law[k<=2]' (default: all).
            """)
    var paths: [String] = []

    @OptionGroup var conditions: ConditionOptions

    @OptionGroup var setting: SettingOptions

    @OptionGroup var common: StoreOptions

    @Option(help: "How many actions, or which part of them: 10 or 5%; stratified.")
    var sample: String?

    @Option(help: "What the sample is drawn with.")
    var seed: UInt64 = 0

    @Flag(help: "Give each action its recorded inputs instead of making them again: cheaper.")
    var eachAlone = false

    @Flag(help: "Make the actions at which differences enter twice: are they deterministic here?")
    var twice = false

    @Option(help: "Compare with this lock file or run, not with what the store has.")
    var against: String?

    @Option(help: "A relative error that is called `within tolerance`: a third verdict.")
    var tolerance: Double?

    @Option(help: "An absolute error that is called `within tolerance`.")
    var absoluteTolerance: Double?

    @Option(help: "Write the report as JSON to this file.")
    var report: String?

    @Option(help: "Write the report as JUnit XML to this file.")
    var junit: String?

    @Option(help: "Sign what was made with this private key; needs --attestation.")
    var sign: String?

    @Option(help: "Write the signed audit (in-toto, DSSE) to this file.")
    var attestation: String?

    @Flag(help: "Also where programs cannot be confined; the report says so.")
    var unconfined = false

    @Option(help: "Keep the fresh store in this folder; the same command goes on there.")
    var scratch: String?

    @Flag(help: "Count what several people's signed audits say of each action.")
    var merge = false

    @Option(
        help: "With --merge: a public key (file, digits or name) that counts; may be repeated.")
    var key: [String] = []

    @Option(help: "With --merge: how many distinct signers have to agree on each action.")
    var atLeast: Int = 1

    @Option(
        name: [.customShort("j", allowingJoined: true), .long],
        help: "How many workers (default: the CPUs).")
    var jobs: Int?

    func validate() throws {
        if merge && key.isEmpty {
            throw ValidationError("--merge needs the public keys that count: --key FILE.pub")
        }
        if !merge && !key.isEmpty {
            throw ValidationError("--key names whose signatures count, and goes with --merge")
        }
        if atLeast < 1 { throw ValidationError("--at-least \(atLeast): expected 1 or more") }
        if (sign == nil) != (attestation == nil) {
            throw ValidationError("--sign KEY and --attestation FILE go together")
        }
        if paths.isEmpty {
            throw ValidationError("expected the path of an experiment file")
        }
        if let sample, SampleSize(sample) == nil {
            throw ValidationError(
                "--sample \(sample): expected a count or a part, such as 10 or 5%")
        }
        if sample != nil && (paths.count > 1 || !conditions.all.isEmpty) {
            throw ValidationError("--sample and named actions exclude each other")
        }
        for bound in [tolerance, absoluteTolerance] {
            if let bound, !(bound >= 0) {
                throw ValidationError("a tolerance of \(bound): expected 0 or more")
            }
        }
    }

    func run() throws {
        try common.enter()
        if merge { return try printAgreement() }
        let graph = try setting.load(paths[0])
        let store = try openStore(graph)
        // A key that cannot be used is told before hours of work, not after.
        let signer = try sign.map { try SigningKey(fileAt: $0) }
        for path in [self.report, junit, attestation].compactMap({ $0 }) {
            try AuditCommand.requireFolder(of: path)
        }
        let folder = try ScratchFolder(store, at: scratch)
        defer { folder.remove() }
        let report = try audit(graph, store, in: folder)
        if report.isInterrupted {
            Output.error(
                scratch.map { "interrupted; with --scratch \($0) the same command goes on\n" }
                    ?? "interrupted; with --scratch FOLDER an audit can go on where it was\n")
            throw ExitCode(Code.interrupted)
        }
        try write(report, signer)
        try AuditText.show(report, asJSON: common.json, fix: try fix(graph, store))
    }

    private func audit(_ graph: ActionGraph, _ store: Store, in folder: ScratchFolder) throws
        -> AuditReport
    {
        let plan = try Plan.make(graph: graph, store: store, registry: allKinds)
        let display = display(graph, store)
        var run = RunOptions(
            jobs: workers, worker: try WorkerStart.words(), person: .person,
            environment: Environment.foundAnew)
        run.account = try Account.secret()
        let audit = Audit(
            graph: graph, store: store, registry: allKinds, formats: StandardFormats(),
            expected: try expected(graph, plan, store),
            options: AuditOptions(
                selection: selection, isEachAlone: eachAlone, isTwice: twice,
                tolerance: bounds,
                scratch: folder.path, isScratchKept: scratch != nil,
                run: run),
            observe: { if case .failed = $0 {} else { display.show($0) } })
        defer { display.end() }
        let consent = try Consent.require(for: graph) {
            try audit.executed(seconds: plan.seconds)
        }
        if consent.programs == .unconfined && !unconfined {
            try AuditCommand.refuse(try audit.startedPrograms(seconds: plan.seconds), paths[0])
        }
        return try audit.allowing(consent).run(seconds: plan.seconds)
    }

    /// Certifies nothing of stages whose programs could change what the audit sees.
    private static func refuse(_ stages: [String], _ file: String) throws {
        if stages.isEmpty { return }
        throw UsageError(
            text: "\(printable(file)): nothing was audited, for the programs of "
                + "\(counted(stages.count, "stage")) would not be confined (\(firstFew(stages))): they could "
                + "change what the audit sees\n  why: \(printable(Confinement.reason))\n"
                + "  fix: \(Confinement.remedy); or audit with --unconfined, and the report says so"
        )
    }

    /// The store of the experiment; a lock file says what to expect also where there is none yet.
    private func openStore(_ graph: ActionGraph) throws -> Store {
        let lock = LockFile.path(of: graph.file)
        do {
            return try common.open(
                project: graph.project, creating: against?.hasSuffix(".lock") == true)
        } catch let error as OperationalError
            where error.code == .missing && against == nil && common.also.isEmpty
            && (try? LockFile.readIfAny(lock)) != nil
        {
            throw OperationalError(
                code: .missing, message: error.message,
                remedy:
                    "compare with the lock file, --against \(lock); or name another store with --store"
            )
        }
    }

    /// What helps where results are missing: a result upstream that was changed hides those that follow from
    /// it, but a record still names them.
    private func fix(_ graph: ActionGraph, _ store: Store) throws -> String {
        let lock = LockFile.path(of: graph.file)
        if against != nil { return "bitlaw run \(paths[0]), or --against another record" }
        if try LockFile.readIfAny(lock) != nil {
            return "bitlaw run \(paths[0]); or compare with the lock file, --against \(lock)"
        }
        let newest = try RunHistory.newest(in: store, experiment: graph.experiment)?.name
        return "bitlaw run \(paths[0])"
            + (newest.map { "; or compare with what a run recorded, --against \($0)" } ?? "")
    }

    private var selection: AuditOptions.Selection {
        let targets = Targets(Array(paths.dropFirst()), where: conditions.all)
        if !targets.isAll { return .named(targets) }
        return sample.flatMap { SampleSize($0) }.map { .sample($0, seed: seed) } ?? .all
    }

    private var bounds: Tolerance? {
        guard tolerance != nil || absoluteTolerance != nil else { return nil }
        return Tolerance(relative: tolerance ?? 0, absolute: absoluteTolerance ?? 0)
    }

    private var workers: Int { jobs.map { max(1, $0) } ?? Processors.count }

    private func expected(_ graph: ActionGraph, _ plan: Plan, _ store: Store) throws -> ResultList {
        if let against {
            var sources = ResultSources(common: common, setting: setting)
            let list = try sources.list(against)
            if list.experiment == nil {
                throw UsageError(
                    text: "--against \(against): expected a lock file or a run, found a store\n"
                        + "  fix: audit it with --store \(against)")
            }
            return list
        }
        return ResultList(
            plan: plan, graph: graph, profile: try graph.profile(allKinds), origin: store.path)
    }

    /// Failures are told in the report, with the differences.
    private func display(_ graph: ActionGraph, _ store: Store) -> any RunDisplay {
        guard !common.json, !common.quiet, isatty(2) == 1 else { return QuietDisplay(graph: graph) }
        return LiveDisplay(
            graph: graph, wanted: graph.actions.map { _ in selection == .all },
            history: DurationHistory(store: store, experiment: graph.experiment), jobs: workers)
    }

    /// What cannot be written is told before hours of work as well.
    private static func requireFolder(of path: String) throws {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.isEmpty ? "." : parts.joined(separator: "/") + "/"
        guard unsafe access(folder, W_OK) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw UsageError(
                text: "\(path): expected a folder to write into, \(folder): \(reason)")
        }
    }

    private func write(_ report: AuditReport, _ signer: SigningKey?) throws {
        if let path = self.report {
            try writeWholeFile(Array(report.json.pretty().utf8), to: path, .durable)
        }
        if let path = junit { try writeWholeFile(Array(report.junit.utf8), to: path, .durable) }
        if let signer, let path = attestation {
            guard report.actions(.planted).isEmpty else {
                return Output.error(
                    "--sign: nothing is signed, for results were planted in this audit\n")
            }
            guard let statement = Attestation(report).statement else {
                throw UsageError(text: "--sign: expected a result to sign, found none was made")
            }
            let envelope = statement.signed(with: signer)
            try writeWholeFile(Array(envelope.json.pretty().utf8), to: path, .durable)
        }
    }

    private func printAgreement() throws {
        let keyStore = try KeyStore()
        let keys = try key.map { try SignerArgument.key($0, keyStore) }
        let files = try paths.map { path in
            guard let bytes = try readWholeFile(path) else {
                throw UsageError(text: "\(path): no such file")
            }
            return (path: path, bytes: bytes)
        }
        let agreement = try Agreement(files, keys: keys)
        try AuditText.show(agreement, atLeast: atLeast, asJSON: common.json)
    }
}
