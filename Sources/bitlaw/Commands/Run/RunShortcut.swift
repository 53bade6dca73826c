import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System
import Trust

/// Answers a run that has nothing to do, or a command that only looks, with what the same one said before,
/// where every file that it looked at is unchanged: one look a file, and no graph
/// (docs/decisions/0009-a-receipt-answers-an-idle-run.md).
struct RunShortcut {
    /// The store that the run uses.
    let store: Store
    /// What was asked, and by whom; `nil` where the store cannot answer.
    private let asked: (request: Digest, by: AccountSecret)?
    private let begun = time(nil)
    private let start = ContinuousClock.now
    /// The files that may be missing, and which of them were there at the beginning.
    private let optional: [String: Bool]

    /// Opens the store of an experiment; `nil` where there is none, or where the run is to do more than look.
    ///
    /// What is wrong with anything is told by the run itself. What only looks is answered with all that it
    /// wrote: so it may write JSON.
    init?(_ options: ExperimentOptions, looksOnly: Bool = false) {
        let common = options.common
        guard common.folder == nil, common.also.isEmpty,
            looksOnly || !common.json && !common.verbose, options.setting.settings.isEmpty,
            // The version of a library is part of keys then, and no file of ours tells it.
            !EnvironmentVariables.person.has("BITLAW_NUMERICS"),
            let project = try? Consent.project(of: options.experiment),
            let place = try? common.place(of: project),
            unsafe access("\(place)/format", F_OK) == 0,
            let store = try? common.open(project: project, creating: false)
        else { return nil }
        self.store = store
        let isAnswering =
            !store.isReadOnly && store.layers.count == 1 && store.trust(ofLayer: 0).takesAny
        if isAnswering, let account = try? Account.known(),
            let request = RunShortcut.request(project, store, looksOnly ? Screen.json : .null)
        {
            asked = (request, account)
        } else {
            asked = nil
        }
        let folder = KeyStore.folder(of: .person)
        let paths = [
            "\(project)/bitlaw.yaml", "\(project)/\(KindFile.folder)", "\(folder)/config.yaml",
            "\(folder)/approved.json",
        ]
        optional = Dictionary(uniqueKeysWithValues: paths.map { ($0, RunShortcut.isThere($0)) })
    }

    /// What answers the words of this program, where they are `run FILE` and at most `-q`: the parser of
    /// arguments takes longer to say so than the look at a thousand files.
    static let ofPlainWords = plainRun(TrailingWords.own.parsed).flatMap { RunShortcut($0) }

    private static func plainRun(_ words: [String]) -> ExperimentOptions? {
        let quiet = ["-q", "--quiet"]
        let files = words.dropFirst().filter { !quiet.contains($0) }
        guard words.first == "run", files.count == 1, let file = files.first, !file.isEmpty,
            !file.hasPrefix("-")
        else { return nil }
        var (setting, common) = (SettingOptions(), StoreOptions())
        setting.settings = []
        (common.store, common.also, common.folder) = (nil, [], nil)
        (common.json, common.verbose) = (false, false)
        common.quiet = words.contains { quiet.contains($0) }
        var options = ExperimentOptions()
        (options.experiment, options.setting, options.common) = (file, setting, common)
        return options
    }

    private static func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// What was asked, of which program, where, by whom.
    private static func request(_ project: String, _ store: Store, _ screen: JSON) -> Digest? {
        var status = stat()
        guard unsafe stat("/proc/self/exe", &status) == 0 else { return nil }
        let program = [
            Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec,
            status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
        let person = EnvironmentVariables.person
        let environment = person.words.filter { $0.hasPrefix("BITLAW_") }
        func texts(_ texts: some Sequence<String>) -> JSON { .array(texts.map { .string($0) }) }
        let said: JSON = [
            "arguments": texts(CommandLine.arguments.dropFirst()),
            "environment": texts(
                environment.sorted() + person.words(["HOME", "XDG_CONFIG_HOME"])),
            "folder": .string(ProjectFolder.absolute("x")), "project": .string(project),
            "program": texts(program.map { String($0) }), "screen": screen,
            "store": .string(store.path),
            "user": .string(String(geteuid())), "version": .string(BitlawVersion.number),
        ]
        return Digest(of: said.canonical().span)
    }

    /// Says what the run before said; `false` where the run has to look itself.
    func answer() -> Bool {
        guard let asked, let receipt = store.receipt(of: asked.request, by: asked.by) else {
            return false
        }
        if let said = receipt.said {
            Output.repeats(said)
            return true
        }
        if let counts = receipt.counts {
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            Output.line("\(counts) in \(Duration.text(seconds))")
        }
        for line in receipt.lines { Output.line(line) }
        return true
    }

    /// Keeps what a run said that had nothing to do, where another one would look at the same files alone.
    func keep(
        _ graph: ActionGraph, _ engine: Engine, _ summary: RunSummary, _ results: RunResults,
        lines: [String], quiet: Bool
    ) {
        guard summary.run == nil, !summary.isInterrupted, summary.elsewhere.count == 0,
            results.isOfFilesAlone, !Output.hasToldErrors, let taken = engine.taken
        else { return }
        var receipt = RunReceipt()
        receipt.counts = quiet ? nil : results.counts(summary)
        receipt.lines = quiet ? lines : Array(lines.dropFirst())
        receipt.files = results.reports + ["\(store.path)/runs"]
        keep(receipt, graph, keys: taken.map { $0.key }, outputs: taken.map { $0.outputs })
    }

    /// Keeps what a command said that only looked at what is all there, and at runs that have ended.
    func keep(_ graph: ActionGraph, _ plan: Plan, _ said: RunReceipt.Said, in areas: [String]) {
        let isWhole = plan.states.allSatisfy {
            if case .cached(layer: 0) = $0 { true } else { false }
        }
        guard isWhole, let records = recordFiles() else { return }
        var receipt = RunReceipt()
        receipt.said = said
        receipt.files = records
        for area in areas {
            receipt.files += (0..<256).map { shard in
                "\(store.path)/\(area)/" + (shard < 16 ? "0" : "") + String(shard, radix: 16)
            }
        }
        keep(receipt, graph, keys: plan.keys.compactMap(\.self), outputs: plan.outputs)
    }

    /// What tells of the runs of the store; `nil` where one has not ended, or goes on elsewhere.
    private func recordFiles() -> [String]? {
        let (runs, cluster) = ("\(store.path)/runs", "\(store.path)/cluster")
        guard let names = try? namesInFolder(runs), names.allSatisfy({ $0.hasSuffix(".json") }),
            (try? namesInFolder(cluster))?.isEmpty ?? true
        else { return nil }
        return names.map { "\(runs)/\($0)" } + [runs, cluster]
    }

    /// Keeps what was said over results and outputs of the store, where it hangs on plain files alone.
    private func keep(
        _ said: RunReceipt, _ graph: ActionGraph, keys: [Digest], outputs: [[ActionResult.Output]]
    ) {
        guard let asked, store.damage.isEmpty, store.refusals.isEmpty,
            optional.allSatisfy({ RunShortcut.isThere($0) == $1 }),
            let files = RunShortcut.files(of: graph),
            !outputs.contains(where: { $0.contains { $0.isTree } })
        else { return }
        var receipt = said
        receipt.files = files + optional.keys.sorted() + said.files
        receipt.results = Set(keys).sorted()
        receipt.blobs = Set(outputs.flatMap { $0.map { $0.digest } }).sorted()
        // It is only a memory: a full disk is told by whoever has something to write.
        _ = try? store.keep(receipt, of: asked.request, begun: begun, by: asked.by)
    }

    /// The files that an experiment is made of and that its actions read; `nil` where they read more than
    /// plain files of the project, or hang on more than files.
    private static func files(of graph: ActionGraph) -> [String]? {
        guard graph.warnings.isEmpty, graph.reach.roots.isEmpty else { return nil }
        for stage in graph.stages {
            let kind = stage.kind
            if stage.freeze != nil || kind.runsForeignProgram || kind.isMeasurement
                || kind.isDownload
            {
                return nil
            }
        }
        var files = Set(graph.source.includes.map { "\(graph.project)/\($0.path)" })
        files.insert(ProjectFolder.absolute(graph.file))
        for input in graph.actions.lazy.flatMap({ $0.inputs }) {
            for source in input.sources {
                switch source {
                case .action: continue
                case .file(let path): files.insert("\(graph.project)/\(path)")
                case .folder, .replay: return nil
                }
            }
        }
        return files.allSatisfy(isThere) ? files.sorted() : nil
    }
}

/// What decides how a command writes what it has to say, beside its words.
private enum Screen {
    static var json: JSON {
        let words = EnvironmentVariables.person.words([
            "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LANG", "LC_ALL", "NO_COLOR", "PAGER",
            "TERM",
        ])
        return [
            "terminals": .array((0...2).map { .bool(isatty($0) == 1) }),
            "width": .number(Double(TerminalWidth.of(1) ?? 0)),
            "words": .array(words.map { .string($0) }),
        ]
    }
}

extension RunResults {
    /// Whether all that it tells comes from files of the store and of the project.
    fileprivate var isOfFilesAlone: Bool {
        !isDamaged && unwritten.isEmpty && frozen == 0 && repeats.isEmpty && fetched.isEmpty
            && unlocked.isEmpty
    }
}
