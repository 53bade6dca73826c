import Experiment
import Glibc
import System

/// A program that a stage starts in the folder of its attempt, and what becomes of its words.
///
/// Confined, it works in `/work`; `/tmp` is its own. Its output and its errors come to us through pipes.
struct StartedProgram {
    private let context: StageContext
    private let folder: ProgramFolder
    private let call: ProgramCall
    /// The variables that the stage gives it.
    private let variables: [String]

    init(
        _ context: StageContext, _ folder: ProgramFolder, _ call: ProgramCall, variables: [String]
    ) {
        self.context = context
        self.folder = folder
        self.call = call
        self.variables = variables
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
        if let name = passed.unreadable {
            throw ActionFailure(
                description:
                    "expected a text in UTF-8 as the value of \(name), which `pass` names, found "
                    + "other bytes\n  fix: give \(name) another value, or take it out of `pass`")
        }
        let (started, variables) = isConfined ? try confined(words) : (try traced(words), bare)
        context.service(ProductionNotes.self)?.note(
            context.programVariables.interpreters(
                in: words, tools: tools.ownPath, isConfined: isConfined
            ).facts(passing: passed))
        let report = isConfined ? try ReportPipe() : nil
        if !isConfined { try kept?.link(in: context.folder) }
        let killsBefore = OutOfMemoryKills.count
        let errors = try log.map { try PipeCopy(into: $0) } ?? PipeCopy(intoFileAt: "/dev/null")
        let printed = try output.map(PipeCopy.init(intoFileAt:))
        let child = try ChildProcess(
            // A scheduler may ask all processes of a job to end: the sandbox leaves that to its program.
            started, environment: variables, folder: context.folder, isDeaf: isConfined,
            streams: .into(
                output: printed?.theirs ?? errors.theirs, errors: errors.theirs,
                report: report?.theirs ?? -1))
        errors.closeTheirs()
        report?.closeTheirs()
        printed?.closeTheirs()
        let status = SharedEnd.wait(for: child)
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

    /// What the stage declares beside files and inputs.
    private var tools: ProgramTools { context.service(ProgramTools.self) ?? ProgramTools() }
    /// The log that its words go to; without a worker around the stage there is none.
    private var log: ActionLog? { context.service(ActionLog.self) }
    private var passed: PassedVariables {
        context.service(PassedVariables.self) ?? PassedVariables()
    }
    private var kept: KeptFolder? { context.service(KeptFolder.self) }
    private var gpus: GPUs { context.service(GPUs.self) ?? GPUs(numbers: []) }

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

    /// The words of a program that nothing confines; they record what it reads where that is asked for.
    private func traced(_ words: [String]) throws -> [String] {
        try context.service(ProgramTrace.self)?.words(tracing: words, context) ?? words
    }

    private var bare: [String] {
        ProgramVariables.joined(
            context.programVariables.command(
                home: context.folder, path: context.programVariables.path(with: tools.ownPath)),
            ProgramVariables.fixed(call), passed.words, gpus.variables(isConfined: false), variables
        )
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
        let found = variables.tools(for: words, hidden: [attempt])
        let seen = ProgramVariables.joined(
            variables.command(
                home: Sandbox.workFolder, path: (tools.path + [found.path]).joined(separator: ":")),
            ProgramVariables.fixed(call), passed.words, gpus.variables(isConfined: true),
            self.variables)
        let handedOn = passed.words.filter(seen.contains)
        let sandbox = Sandbox(
            // The tools after `/tmp`: they may stand in there.
            mounts: [
                SandboxMount("\(attempt)/tmp", at: "/tmp", isWritable: true),
                SandboxMount(context.folder, at: Sandbox.workFolder, isWritable: true),
            ] + found.shown.map { SandboxMount($0) } + tools.mounts + folder.mounts
                + gpus.devices.map { SandboxMount($0, isDevice: true) }
                + (kept.map { [$0.mount] } ?? []),
            variables: seen.filter { !handedOn.contains($0) }, folder: Sandbox.workFolder,
            hasNetwork: call.hasNetwork, handsOn: !handedOn.isEmpty,
            // Without a copy each setting is mounted by itself.
            settings: context.service(RunFolder.self).flatMap {
                try? SettingsCopy.once(in: $0.path)
            })
        return (
            sandbox.words(for: words, bubblewrap: bubblewrap, keeper: keeper),
            ProgramVariables.joined(variables.command(home: context.folder), handedOn)
        )
    }
}
