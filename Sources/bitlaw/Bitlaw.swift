import ArgumentParser
import Glibc
import System

@main struct Bitlaw: ParsableCommand {
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

    static func main() {
        StandardStreams.open()
        ProcessPrivacy.begin()
        _ = allKinds  // what the person chose counts before anything is computed
        do {
            let words = TrailingWords.own.parsed
            try MistypedCommand.check(words, of: Bitlaw.self)
            var command = try parseAsRoot(words)
            try command.run()
            OpenStores.tellDamage()
            if let failure = Output.failure { Failure.end(failure) }
        } catch {
            Failure.exit(with: error, of: Bitlaw.self)
        }
    }
}
