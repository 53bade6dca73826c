import Experiment
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
    /// - Returns: the exit code, or minus the signal.
    /// - Throws: ``ActionFailure`` where nothing confines it, ``OperationalError`` where it does not start.
    func run(_ words: [String], output: String?) throws -> CInt {
        let isConfined = context.confinesPrograms
        let (started, variables) = isConfined ? try confined(words) : (try traced(words), bare)
        context.service(ProductionNotes.self)?.note(
            context.programVariables.interpreters(
                in: words, tools: tools.ownPath, isConfined: isConfined
            ).facts)
        let errors = try PipeCopy()
        let printed = try output.map(PipeCopy.init(intoFileAt:))
        let child = try ChildProcess(
            started, environment: variables, folder: context.folder,
            streams: .into(output: printed?.theirs ?? errors.theirs, errors: errors.theirs))
        errors.closeTheirs()
        printed?.closeTheirs()
        let status = child.wait()
        // Who was left behind would keep the pipes open.
        ChildProcess.endLeftovers()
        try errors.finish()
        try printed?.finish()
        // Of a program that a signal ended bubblewrap says what a shell says.
        return isConfined && status > 128 && status < 160 ? 128 - status : status
    }

    /// What the stage declares beside files and inputs.
    private var tools: ProgramTools { context.service(ProgramTools.self) ?? ProgramTools() }

    /// The words of a program that nothing confines; they record what it reads where that is asked for.
    private func traced(_ words: [String]) throws -> [String] {
        try context.service(ProgramTrace.self)?.words(tracing: words, context) ?? words
    }

    private var bare: [String] {
        ProgramVariables.joined(
            context.programVariables.command(
                home: context.folder, path: context.programVariables.path(with: tools.ownPath)),
            with: ProgramVariables.fixed(call) + variables)
    }

    private func confined(_ words: [String]) throws -> (words: [String], variables: [String]) {
        let variables = context.programVariables
        guard let bubblewrap = variables.find("bwrap") else {
            throw ActionFailure(
                description:
                    "expected bubblewrap (bwrap) on PATH to confine \(words[0]), found none\n"
                    + "  fix: install bubblewrap; bitlaw doctor tells more")
        }
        let attempt = ProjectFolder.folder(of: context.folder)
        try makeFolder("\(attempt)/tmp")
        let found = variables.tools(for: words, hidden: [attempt])
        let sandbox = Sandbox(
            // The tools after `/tmp`: they may stand in there.
            mounts: [
                SandboxMount("\(attempt)/tmp", at: "/tmp", isWritable: true),
                SandboxMount(context.folder, at: "/work", isWritable: true),
            ] + found.shown.map { SandboxMount($0) } + tools.mounts + folder.mounts,
            variables: ProgramVariables.joined(
                variables.command(
                    home: "/work", path: (tools.path + [found.path]).joined(separator: ":")),
                with: ProgramVariables.fixed(call) + self.variables),
            folder: "/work", hasNetwork: call.hasNetwork)
        return (
            sandbox.words(for: words, bubblewrap: bubblewrap),
            variables.command(home: context.folder)
        )
    }
}
