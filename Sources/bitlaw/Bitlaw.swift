import ArgumentParser
import Experiment
import Glibc
import Numerics
import System

/// The command `bitlaw`, above all others.
struct Bitlaw: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bitlaw",
        abstract: "Scaling-law experiments that anyone can re-run bit for bit.",
        discussion: """
            EXAMPLE
              bitlaw init first
              bitlaw run pipelines/spiral.yaml

            \(Code.section)
            """,
        version: BitlawVersion.number,
        groupedSubcommands: [
            CommandGroup(
                name: "Start",
                subcommands: [
                    InitCommand.self, NewCommand.self, RunCommand.self, CancelCommand.self,
                    PlanCommand.self,
                    KindsCommand.self, SchemaCommand.self, TraceCommand.self,
                ]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    StatusCommand.self, TableCommand.self, CompareCommand.self,
                    ShowCommand.self, LogCommand.self, WhyCommand.self,
                    ReportCommand.self, BrowseCommand.self, ExportCommand.self, GraphCommand.self,
                    PredictCommand.self,
                ]),
            CommandGroup(
                name: "Prove",
                subcommands: [
                    AuditCommand.self, LockCommand.self, DiffCommand.self, ClaimsCommand.self,
                    BundleCommand.self,
                ]),
            CommandGroup(
                name: "Share",
                subcommands: [
                    PushCommand.self, PullCommand.self, SignCommand.self, KeysCommand.self,
                    ApproveProjectCommand.self,
                ]),
            CommandGroup(
                name: "Store",
                subcommands: [
                    AddCommand.self, AdoptCommand.self, VerifyCommand.self,
                    CollectGarbageCommand.self,
                    DoctorCommand.self, WorkerCommand.self, TransferCommand.self,
                    ManualCommand.self,
                ]),
        ])

    /// Runs the command of this process with the kinds that ship and those that are added.
    static func start(adding kinds: [any Stage.Type]) {
        StandardStreams.open()
        let words = TrailingWords.own.parsed
        // The parser of arguments would take longer than the answer.
        if words == ["--version"] { return end { Output.line(BitlawVersion.number) } }
        ProcessPrivacy.begin()
        // What the person chose counts before anything is computed.
        Kernels.prefer(EnvironmentVariables.person["BITLAW_ISA"])
        end {
            try AddedKinds.begin(with: kinds)
            if let shortcut = RunShortcut.ofPlainWords, shortcut.answer() {
                return OpenStores.tellDamage()
            }
            try MistypedCommand.check(words, of: Bitlaw.self)
            var command = try parseAsRoot(words)
            try command.run()
            OpenStores.tellDamage()
        }
    }

    /// Does what was asked, and ends the program with what went wrong.
    private static func end(_ work: () throws -> Void) {
        do {
            try work()
            if let failure = Output.failure { Failure.end(failure) }
        } catch {
            Failure.exit(with: error, of: Bitlaw.self)
        }
    }
}
