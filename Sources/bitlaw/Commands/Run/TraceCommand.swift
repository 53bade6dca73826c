import ArgumentParser
import Canon
import Experiment
import Glibc
import LocalStore
import Run
import System

/// Runs stages once to see what their programs read.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Run a program once, see what it reads, and print what its stage has to declare.",
        discussion: """
            Executes one action of each named stage under strace, not confined: the program sees your whole \
            machine, and the files of the project at their own names. It can write only into its work folder \
            and /tmp. Nothing that it makes is kept. The command prints the lines `files`, `tools` and \
            `inputs` for what the program read, ready to paste; look at them first. The stage's inputs have \
            to be cached. You have to approve the program, as any that is not confined.

            EXAMPLE
              bitlaw trace pipelines/mine.yaml train
              bitlaw trace pipelines/mine.yaml 'train[n=100]'
            """)

    @OptionGroup var options: ExperimentOptions

    @Argument(help: "Stages whose programs are traced, or actions.")
    var stages: [String]

    func run() throws {
        try requirePrograms()
        let (graph, store) = try options.open()
        let chosen = try actions(of: graph)
        let consent = try Consent.requireUnconfined(chosen, of: graph)
        var hasFailed = false
        for index in chosen {
            let scratch = try ScratchFolder(store)
            defer { scratch.remove() }
            let needs = try trace(
                index, of: graph, store, in: ProjectFolder.real(scratch.path), consent, &hasFailed)
            show(needs, of: graph.actions[index], in: graph)
        }
        if hasFailed { throw ExitCode(Code.failed) }
    }

    private func requirePrograms() throws {
        for (program, package) in [("strace", "strace"), ("bwrap", "bubblewrap")]
        where ChildProcess.find(program, EnvironmentVariables.person["PATH"]) == nil {
            throw UsageError(
                text: "bitlaw trace needs \(program), which is not on PATH\n"
                    + "  fix: install it: apt-get install \(package), dnf install \(package)")
        }
    }

    /// The first action of each stage that is named, in the order of the file.
    private func actions(of graph: ActionGraph) throws -> [Int] {
        var seen: Set<String> = []
        return try Targets(stages).actions(in: graph).sorted().filter { index in
            let stage = graph.stage(of: graph.actions[index])
            guard stage.kind.runsForeignProgram else {
                throw UsageError(
                    text: "stage `\(stage.name)` starts no program: it is of our own kind "
                        + "\(stage.kind.name), which reads its inputs alone")
            }
            return seen.insert(stage.name).inserted
        }
    }

    private func trace(
        _ index: Int, of graph: ActionGraph, _ store: Store, in scratch: String,
        _ consent: RunConsent, _ hasFailed: inout Bool
    ) throws -> TracedNeeds {
        let project = ProjectFolder.real(graph.project)
        let record = "\(scratch)/record"
        try writeWholeFile([], to: record, .none)
        let fresh = try Store.open(
            "\(scratch)/store", also: [store.path] + store.also, isDurable: false)
        let options = RunOptions(
            selection: RunSelection(.only([graph.actions[index].name]), isForced: true),
            worker: try WorkerStart.words()
                + ["--trace-into", record, "--trace-project", project],
            person: .person, consent: consent)
        var failure: String?
        let engine = try Engine(graph: graph, store: fresh, registry: allKinds, options: options) {
            if case .failed(_, let reason, let log) = $0 { failure = "\(log)\n\(reason)\n" }
        }
        _ = try engine.run()
        if let failure {
            hasFailed = true
            Output.error(
                "\(graph.actions[index].name) failed; what it read until then:\n\(failure)")
        }
        let bytes = try readRequiredFile(record, limit: 1 << 30)
        return TracedNeeds(
            TracedReads(String(decoding: bytes, as: UTF8.self), from: Sandbox.workFolder).paths
                .compactMap {
                    seenPath($0, scratch)
                },
            work: Sandbox.workFolder, project: project,
            home: EnvironmentVariables.person["HOME"].map(ProjectFolder.real), disk: RealDisk())
    }

    /// A path with `/work` for the folder of the attempt; `nil` for what else stands in the scratch folder.
    private func seenPath(_ path: String, _ scratch: String) -> String? {
        guard path.hasPrefix(scratch + "/") else { return path }
        let parts = path.dropFirst(scratch.count + 1).split(separator: "/")
        guard let place = parts.firstIndex(of: "work"), place + 1 < parts.count else { return nil }
        return Sandbox.workFolder + "/" + parts[(place + 1)...].joined(separator: "/")
    }

    private func show(_ needs: TracedNeeds, of action: Action, in graph: ActionGraph) {
        if options.common.json {
            return Output.document(needs.json(of: action.name), .trace)
        }
        let stage = graph.stage(of: action).name
        if needs.lines.isEmpty {
            Output.line("\(action.name) reads nothing but the system and its inputs")
        } else {
            Output.line("\(action.name) reads what stage `\(stage)` has to declare:")
            for line in needs.lines { Output.line("    \(line)") }
        }
        if !needs.elsewhere.isEmpty {
            Output.line(
                "it also reads outside the project: \(firstFew(needs.elsewhere)). Put it into the project, "
                    + "or a link to it")
        }
    }
}
