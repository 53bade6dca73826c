import Experiment
import Glibc
import System

/// A program that a stage starts in the folder of its attempt, and what becomes of its words.
///
/// Confined, it works in `/work` and finds its inputs in `/in`; `/tmp` is its own. Its output and its errors
/// come to us through pipes.
struct StartedProgram {
    private let context: StageContext
    /// The inputs' places as the program sees them, with where they are.
    private let inputs: [SandboxMount]

    init(_ context: StageContext, inputs: [SandboxMount]) {
        self.context = context
        self.inputs = inputs
    }

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - output: the file for what it prints; `nil` for the log.
    /// - Throws: ``ProgramFailure`` where it does not end well, ``ActionFailure`` where nothing confines it,
    ///   ``OperationalError`` where it does not start.
    func run(_ words: [String], output: String?) throws {
        let isConfined = context.confinesPrograms
        let (started, variables) = isConfined ? try confined(words) : (words, bare)
        let report = isConfined ? try ReportPipe() : nil
        if !isConfined { try kept?.link(in: context.folder) }
        let killsBefore = OutOfMemoryKills.count
        let errors = try log.map { try PipeCopy(into: $0) } ?? PipeCopy(intoFileAt: "/dev/null")
        let printed = try output.map(PipeCopy.init(intoFileAt:))
        let child = try ChildProcess(
            started, environment: variables, folder: context.folder,
            streams: .into(
                output: printed?.theirs ?? errors.theirs, errors: errors.theirs,
                report: report?.theirs ?? -1))
        errors.closeTheirs()
        report?.closeTheirs()
        printed?.closeTheirs()
        let status = SharedEnd.wait(for: child, isContainer: isConfined)
        // Who was left behind would keep the pipes open.
        ChildProcess.endLeftovers()
        try errors.finish()
        try printed?.finish()
        let end = try report.map { try self.end(in: $0, status) } ?? status
        guard end != 0 else { return }
        throw ProgramFailure(
            status: end, program: words[0],
            isMemoryShort: end == -SIGKILL && OutOfMemoryKills.count > killsBefore)
    }

    /// How a confined program ended, where bubblewrap ended with this status.
    private func end(in report: ReportPipe, _ status: CInt) throws -> CInt {
        if let end = ProgramKeeper.end(in: report.ours) { return end }
        // Without a word of the keeper it was killed, or the sandbox was never there.
        if status < 0 { return status }
        if status > 128 { return 128 - status }
        throw ActionFailure(
            description: "bubblewrap did not start the program: it ended with exit code \(status)\n"
                + "  fix: read its words in the log; bitlaw doctor tells more")
    }

    /// The log that its words go to; without a worker around the stage there is none.
    private var log: ActionLog? { context.service(ActionLog.self) }
    private var kept: KeptFolder? { context.service(KeptFolder.self) }
    private var gpus: GPUs { context.service(GPUs.self) ?? GPUs(numbers: []) }

    private var bare: [String] {
        context.programVariables.command(home: context.folder) + gpus.variables(isConfined: false)
    }

    private func confined(_ words: [String]) throws -> (words: [String], variables: [String]) {
        let variables = context.programVariables
        guard let bubblewrap = variables.find("bwrap") else {
            throw ActionFailure(
                description:
                    "expected bubblewrap (bwrap) on PATH to confine \(words[0]), found none\n"
                    + "  fix: install bubblewrap; bitlaw doctor tells more")
        }
        guard let keeper = ProgramKeeper.path else {
            throw ActionFailure(
                description:
                    "expected \(ProgramKeeper.name) beside bitlaw to start \(words[0]), found "
                    + "none\n  fix: put it there: both are built, and installed, together")
        }
        let attempt = ProjectFolder.folder(of: context.folder)
        try makeFolder("\(attempt)/tmp")
        let tools = variables.tools(for: words, hidden: [attempt])
        let sandbox = Sandbox(
            // The tools after `/tmp`: they may stand in there.
            mounts: [
                SandboxMount("\(attempt)/tmp", at: "/tmp", isWritable: true),
                SandboxMount(context.folder, at: "/work", isWritable: true),
            ] + tools.shown.map { SandboxMount($0) } + inputs
                + gpus.devices.map { SandboxMount($0, isDevice: true) }
                + (kept.map { [$0.mount] } ?? []),
            variables: variables.command(home: "/work", path: tools.path)
                + gpus.variables(isConfined: true), folder: "/work")
        return (sandbox.words(for: words, bubblewrap: bubblewrap, keeper: keeper), bare)
    }
}
