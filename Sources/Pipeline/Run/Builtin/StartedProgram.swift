import Experiment
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
    /// - Returns: the exit code, or minus the signal.
    /// - Throws: ``ActionFailure`` where nothing confines it, ``OperationalError`` where it does not start.
    func run(_ words: [String], output: String?) throws -> CInt {
        let isConfined = context.confinesPrograms
        let (started, variables) = isConfined ? try confined(words) : (try traced(words), bare)
        context.service(ProductionNotes.self)?.note(
            context.programVariables.interpreters(in: words, isConfined: isConfined).facts)
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

    /// The words of a program that nothing confines; they record what it reads where that is asked for.
    private func traced(_ words: [String]) throws -> [String] {
        try context.service(ProgramTrace.self)?.words(tracing: words, context) ?? words
    }

    private var bare: [String] { context.programVariables.command(home: context.folder) }

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
        let tools = variables.tools(for: words, hidden: [attempt])
        let sandbox = Sandbox(
            // The tools after `/tmp`: they may stand in there.
            mounts: [
                SandboxMount("\(attempt)/tmp", at: "/tmp", isWritable: true),
                SandboxMount(context.folder, at: "/work", isWritable: true),
            ] + tools.shown.map { SandboxMount($0) } + inputs,
            variables: variables.command(home: "/work", path: tools.path), folder: "/work")
        return (sandbox.words(for: words, bubblewrap: bubblewrap), bare)
    }
}
