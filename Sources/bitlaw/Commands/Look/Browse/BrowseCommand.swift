import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System

/// Writes a folder of pages over a store.
struct BrowseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browse",
        abstract: "Write a folder of pages: experiments, runs, actions, outputs, run beside run.",
        discussion: """
            The pages need no server and no network. Their tables sort and filter; the address of a page \
            keeps the view (#sort=-loss&filter=n>=1000). Without a FILE every experiment with \
            runs in the store gets pages; with FILEs only these.

            EXAMPLE
              bitlaw browse --open
              bitlaw browse pipelines/spiral.yaml --out pages
              bitlaw browse pipelines/spiral.yaml --watch      # beside a run, in another terminal
            """)

    @Argument(help: "Experiment files.", completion: .file(extensions: ["yaml", "yml"]))
    var files: [String] = []

    @OptionGroup var setting: SettingOptions

    @OptionGroup var common: StoreOptions

    @Option(help: "The folder for the pages, new or empty (default: out/browse in the project).")
    var out: String?

    @Option(help: "How many of the newest runs are shown.")
    var runs = 50

    @Flag(help: "Go on: keep the pages current while runs go on, until Ctrl-C.")
    var watch = false

    @Flag(help: "Open the first page (with xdg-open).")
    var open = false

    func validate() throws {
        if runs < 1 { throw ValidationError("--runs \(runs): expected 1 or more") }
    }

    func run() throws {
        try common.enter()
        let graphs = try files.map { try setting.load($0) }
        if let other = graphs.first(where: { $0.project != graphs[0].project }) {
            throw UsageError(
                text:
                    "\(printable(other.file)): expected files of one project, found another project\n"
                    + "  fix: one bitlaw browse for each")
        }
        let project = try graphs.first?.project ?? Consent.project(of: "./x")
        let store = try common.open(project: project, creating: false)
        let folder = try SiteFolder(place(in: ProjectFolder.absolute(project)))
        try write(graphs, store, folder, refresh: watch ? 5 : nil)
        tell(folder)
        if open { Browser.open("\(folder.path)/\(SiteWriter.index)") }
        if watch { try keepCurrent(graphs, store, folder) }
    }

    /// The folder of the pages.
    private func place(in project: String) throws -> String {
        if let out { return ProjectFolder.absolute(out) }
        let path = "\(project)/out/browse"
        guard ProjectFolder.isInside(path, project) else {
            throw UsageError(
                text: "\(printable(path)): a link leads out of the project\n"
                    + "  fix: name the folder with --out")
        }
        try makeFolder("\(project)/out")
        // What stands there already is as good.
        try? writeWholeFile(Array("*\n".utf8), to: "\(project)/out/.gitignore", .none, isNew: true)
        return path
    }

    private func write(
        _ graphs: [ActionGraph], _ store: Store, _ folder: SiteFolder, refresh: Int?
    ) throws {
        let content = try SiteContent(store, graphs, mostRuns: runs)
        try SiteWriter(content: content, folder: folder, refresh: refresh).write()
    }

    private func tell(_ folder: SiteFolder) {
        let path = "\(folder.path)/\(SiteWriter.index)"
        if common.json {
            return Output.document(
                [
                    "path": .string(path), "pages": .number(Double(folder.count)),
                    "largestBytes": .number(Double(folder.largest)),
                    "written": .number(Double(folder.written)),
                    "digest": .string(folder.digest.hex),
                ], .browse)
        }
        if !common.quiet {
            Output.error(
                "\(counted(folder.count, "page")), \(folder.written) of them new or changed\n")
        }
        Output.line(path)
    }

    /// Writes what changes until the person has enough; the pages stay as they were last.
    private func keepCurrent(_ graphs: [ActionGraph], _ store: Store, _ folder: SiteFolder) throws {
        Interruption.listen()
        // Written once more at once: what came while the first pages were written is in no signature.
        var last: StoreSignature?
        let clock = ContinuousClock()
        var next = clock.now
        while Interruption.requests == 0 {
            usleep(1_000_000)
            if Interruption.requests > 0 { break }
            let now = try StoreSignature(store)
            if now == last || clock.now < next { continue }
            last = now
            let start = clock.now
            try write(graphs, store, folder, refresh: 5)
            // Large stores leave a run four fifths of the time.
            let took = start.duration(to: clock.now)
            next = clock.now.advanced(by: took * 4)
        }
        // Pages of a watch that is over look for nothing any more.
        try write(graphs, store, folder, refresh: nil)
    }
}

/// What tells that pages over a store may have to change: its runs, what they noted, and what goes on.
private struct StoreSignature: Equatable {
    private let runs: [String]
    private let notes: [Int]
    private let attempts: [String]

    init(_ store: Store) throws {
        let names = try namesInFolder("\(store.path)/runs").sorted()
        runs = names
        notes = names.filter { !$0.hasSuffix(".json") }.map {
            sizeOfFile("\(store.path)/runs/\($0)") ?? 0
        }
        attempts = store.attemptsGoingOn().map { key, folder in
            "\(key.hex) \(LogParts.size(folder)) \(ProgressTrail.size(in: folder))"
        }
    }
}
