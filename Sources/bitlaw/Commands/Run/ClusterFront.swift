import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System

/// The front end of a run on a cluster: begins it or goes on with it, and ends what is left of it.
struct ClusterFront {
    let dispatch: ClusterDispatch
    let executor: ExecutorConfiguration
    private let graph: ActionGraph
    private let program: String

    /// Finds the executor, and the run of these words that was left, or begins one.
    init(_ name: String, _ options: ClusterOptions, _ graph: ActionGraph, _ store: Store) throws {
        self.graph = graph
        executor = try ClusterFront.executor(name, project: graph.project)
        guard let program = linkTarget("/proc/self/exe") else {
            throw UsageError(text: "--on \(name): the path of this program cannot be read")
        }
        self.program = program
        let place = ProjectFolder.absolute(".")
        if options.stageThrough != nil && executor.store == nil {
            throw UsageError(
                text: "--stage-through: executor \(name) names no store for its pilots\n"
                    + "  fix: store: /PATH/ON/THE/NODES in ~/.config/bitlaw/config.yaml")
        }
        let staging = try options.stageThrough.map { try StagingRemote($0, graph, store) }
        try staging?.pushCached()
        let words = PilotWords.of(
            CommandLine.arguments.dropFirst(2),
            store: staging == nil ? store.path : executor.store ?? store.path)
        let left = ClusterRun.open(
            graph.experiment, words: words, place: place, executor: name, in: store)
        let run =
            try left
            ?? ClusterRun(
                graph.experiment, words: words, place: place, executor: executor,
                isDetached: options.detach && staging == nil, in: store)
        if left != nil {
            Output.error("goes on with run \(run.folder.name) on \(name)\n")
        }
        do {
            dispatch = try ClusterDispatch(
                run, executor, executor.opened(for: .person, folder: place), graph: graph,
                store: store, program: program,
                staged: staging.map { staging in
                    StagedWork(of: run.folder) { try staging.look($0, of: run.folder.name) }
                })
        } catch let error as LauncherError {
            if left == nil { try? removeTree(run.folder.path) }
            throw error
        }
        if !dispatch.isLeading {
            Output.error("another front end leads run \(run.folder.name); this one watches\n")
        }
        ClusterRun.clear(graph.experiment, in: store)
    }

    /// An executor by the name that `--on` gives.
    static func executor(_ name: String, project: String) throws -> ExecutorConfiguration {
        let known = try ProjectConfiguration.load(project: project, for: .person).executors
        if let found = known.first(where: { $0.name.isSameText(as: name) }) { return found }
        if name == "slurm" { return .slurm }
        let names = (known.map { $0.name } + ["slurm"]).joined(separator: ", ")
        throw UsageError(
            text: "--on \(name): expected an executor, one of \(names)\n"
                + "  fix: name it in ~/.config/bitlaw/config.yaml: "
                + "executors: {\(name): {slurm: {partition: …}}}")
    }

    /// The part that the front end's engine has.
    var part: ClusterPart {
        ClusterPart(folder: dispatch.run.folder, usualSeconds: dispatch.run.usualSeconds)
    }

    /// Starts pilots for all that is missing, and says how to go on.
    func detach(_ missing: [Int], asJSON: Bool) throws {
        if dispatch.isStaged { return try leaveBehind(asJSON) }
        try dispatch.orderAll(
            missing.map { index in
                let limits = graph.stage(of: graph.actions[index]).rules.limits
                return DelegatedAction(
                    index: index, need: NeedClass(limits, usual: dispatch.run.usualSeconds))
            })
        if asJSON { return tell(pilots: dispatch.liveCount, process: nil) }
        Output.line(
            "run \(dispatch.run.folder.name): \(counted(dispatch.liveCount, "pilot")) on "
                + "\(executor.name); the same command without --detach goes on with it, "
                + "bitlaw status \(graph.file) --watch shows it, bitlaw cancel \(graph.file) ends it"
        )
    }

    /// Says for programs what goes on behind this front end.
    private func tell(pilots: Int?, process: Int?) {
        Output.document(
            [
                "run": .string(dispatch.run.folder.name), "executor": .string(executor.name),
                "pilots": pilots.map { .number(Double($0)) } ?? .null,
                "process": process.map { .number(Double($0)) } ?? .null,
            ], .runDetached)
    }

    /// Lets a process without a terminal divide the work, where pilots share no store.
    private func leaveBehind(_ asJSON: Bool) throws {
        dispatch.handOver()
        let run = dispatch.run.folder
        let words =
            [program, "run"] + CommandLine.arguments.dropFirst(2).filter { $0 != "--detach" }
        let start = ShellWords.leaving(words, logs: "\(run.logs)/front-")
        let answer = try TimedProgram(
            ["sh", "-c", start], environment: EnvironmentVariables.person.words, seconds: 30
        ).wait()
        guard answer.isGood, let process = Int(answer.output.split(separator: "\n").last ?? "")
        else {
            throw UsageError(text: "--detach: no process could be started: \(answer.words)")
        }
        if asJSON { return tell(pilots: nil, process: process) }
        Output.line(
            "run \(run.name): process \(process) of this machine divides its work until it is done; "
                + "the same command without --detach watches it, bitlaw log \(graph.file) --pilots "
                + "shows what it says, bitlaw cancel \(graph.file) ends it")
    }

    /// Ends what a run that is done left; asks a person who interrupted it.
    func end(isInterrupted: Bool) throws {
        if !isInterrupted { return try dispatch.end(kindly: false) }
        let name = dispatch.run.folder.name
        if isatty(0) == 1 && isatty(2) == 1 {
            // Their answer decides; what interrupts the question too leaves the pilots.
            Output.error("\nrun \(name): leave its pilots at work, or cancel them? [leave/cancel] ")
            if readLine()?.lowercased().hasPrefix("c") == true {
                try dispatch.end(kindly: true)
                Output.error("run \(name) is cancelled; what finished is kept\n")
                return
            }
        }
        Output.error(
            "run \(name) goes on without this front end: the same command attaches, "
                + "bitlaw cancel \(graph.file) ends it\n")
    }
}
